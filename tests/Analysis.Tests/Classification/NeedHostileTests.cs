using System.Diagnostics;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Classification;

/// <summary>The need sorter on input made to be slow: time stays linear in the text.</summary>
[Collection(Alone.Name)]
public class NeedHostileTests
{
    public static TheoryData<string> Pieces() =>
    [
        "煤气", "煤气的的的的的的的", "一", "。", "着火了", "着火了。", "电梯卡卡卡卡卡卡卡卡", "救", "里面里面里面", "(", "~", "\n", "\uD842", "㎏", "a", "火车", "随时都", "请问", "1",
    ];

    [Theory]
    [MemberData(nameof(Pieces))]
    public void Time_is_linear(string piece)
    {
        string small = Repeat(piece, 60_000);
        string large = Repeat(piece, 480_000);
        Seconds(small);
        double before = Math.Max(0.02, Math.Min(Seconds(small), Seconds(small)));
        double after = Math.Min(Seconds(large), Seconds(large));
        // Eight times the text; a quadratic sorter would need sixty-four times as long.
        Assert.True(after < before * 24, $"{before:F3} s, then {after:F3} s");
    }

    private static string Repeat(string piece, int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length));

    private static double Seconds(string text)
    {
        long start = Stopwatch.GetTimestamp();
        NeedResult result = Loaded.Needs.Classify(text);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Assert.All(result.Reasons, reason => Assert.Equal(reason.Word, reason.Range.Of(text)));
        return seconds;
    }
}
