using FsCheck;
using FsCheck.Fluent;

namespace Opinion.Analysis.Tests.Data;

/// <summary>Texts that try what real ones seldom do: Han, digits in several widths, cues, invisible and lone surrogate characters.</summary>
public static class Texts
{
    private static readonly string[] Pieces =
    [
        "我叫", "王小明", "身份证", "110105", "19491231", "002X", "138", "1234", "5678", "13812345678", "微信", "qq", "@", "example.com", "湘A", "12345", "5栋", "3单元",
        "路", "12号", "先生", "黄山", " ", "-", ".", "\u200B", "\uFEFF", "１３８", "①", "㎏", "\r\n", "\n", "𠮷", "\uD842", "\uDFB7", "\u0301", "e\u0301", "﹏", "中国科学院",
        "计算所", "的", "PM2.5", "%", "龘", "\u9FD6", "ﷺ", "😀", "👨‍👩‍👧", "٣", "（", "：", "着火了", "\t", "\0",
    ];

    public static Arbitrary<string> Any { get; } = Arb.From(
        Gen.OneOf(
            Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces)),
            Gen.Choose(0, 0xFFFF).ListOf().Select(codes => new string([.. codes.Select(code => (char)code)])),
            Gen.Choose(0x4E00, 0x9FFF).ListOf().Select(codes => new string([.. codes.Select(code => (char)code)]))));

    /// <summary>Checks a property on 1,000 texts; the seed is fixed and stands in the message of a failure.</summary>
    public static void ForAll(Action<string> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(40).WithReplay(20261122, 1), Prop.ForAll(Any, property));
}
