using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Benchmarks;

/// <summary>
/// Redaction of a letter of about 400 characters with and without marks, and of a megabyte of what makes backtracking
/// matchers slow, beside segmentation of the same letter. Trust the ratios and the allocated bytes.
/// </summary>
[MemoryDiagnoser]
public partial class RedactionBenchmarks
{
    private const string Plain =
        "小区门口的路灯已经坏了半个月,晚上老人和孩子出门很不方便,向物业反映多次,至今没有人来修。请问应该由哪个部门负责?" +
        "希望尽快安排维修,谢谢!垃圾桶也满了三天,楼道里有味道,请一并处理。";

    private const string Marked =
        "尊敬的领导:我叫王小明,住在芙蓉路12号幸福小区5栋3单元502。小区门口的路灯已经坏了半个月,晚上老人和孩子出门很不方便," +
        "向物业反映多次,至今没有人来修。联系人李桂英女士,电话13812345678,微信wxid_abc123,车牌湘A12345,谢谢!";

    private static readonly string PlainLetter = string.Concat(Enumerable.Repeat(Plain, 5));
    private static readonly string MarkedLetter = string.Concat(Enumerable.Repeat(Plain, 3)) + Marked;
    private static readonly string Digits = new('1', 1 << 20);
    private static readonly string Families = string.Concat(Enumerable.Repeat("王李", 1 << 17));

    private Redactor _redactor = null!;
    private Segmenter _segmenter = null!;

    [GlobalSetup]
    public void Setup()
    {
        _segmenter = DictionaryFolder.Default.LoadSegmenter();
        _redactor = DictionaryFolder.Default.LoadRedactor(_segmenter.Words);
    }

    [Benchmark(Baseline = true)]
    public IReadOnlyList<TextRange> CutMarkedLetter() => _segmenter.Cut(MarkedLetter);

    [Benchmark]
    public IReadOnlyList<PersonalSpan> PlainOne() => _redactor.Find(PlainLetter);

    [Benchmark]
    public IReadOnlyList<PersonalSpan> MarkedOne() => _redactor.Find(MarkedLetter);

    [Benchmark]
    public IReadOnlyList<PersonalSpan> MegabyteOfOnes() => _redactor.Find(Digits);

    [Benchmark]
    public IReadOnlyList<PersonalSpan> MegabyteOfFamilyNames() => _redactor.Find(Families);

    /// <summary>The number shapes alone as one expression, as a floor: it finds no names and no addresses.</summary>
    [Benchmark]
    public int NumbersByRegex() => Numbers().Count(MarkedLetter);

    [GeneratedRegex(@"\b(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{16,19})\b|[\w.+-]+@[\w-]+\.[\w.-]+")]
    private static partial Regex Numbers();
}
