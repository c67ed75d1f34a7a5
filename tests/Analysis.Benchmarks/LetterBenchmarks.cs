using BenchmarkDotNet.Attributes;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Benchmarks;

/// <summary>
/// What happens to one letter of about 400 characters. Only ratios to segmentation and allocated bytes are worth
/// trusting on a shared machine.
/// </summary>
[MemoryDiagnoser]
public class LetterBenchmarks
{
    private const string Paragraph =
        "尊敬的领导:我叫王小明,住在芙蓉路12号幸福小区5栋3单元502。小区门口的路灯已经坏了半个月,晚上老人和孩子出门很不方便," +
        "向物业反映多次,至今没有人来修。请问应该由哪个部门负责?希望尽快安排维修,我的电话是13812345678,谢谢!";

    private static readonly string Letter = "路灯坏了半个月\n" + string.Concat(Enumerable.Repeat(Paragraph, 4));

    private Segmenter _segmenter = null!;
    private Redactor _redactor = null!;
    private NeedSorter _needs = null!;
    private TextSorter _sorter = null!;

    [GlobalSetup]
    public void Setup()
    {
        DictionaryFolder folder = DictionaryFolder.Default;
        _segmenter = folder.LoadSegmenter();
        _redactor = folder.LoadRedactor(_segmenter.Words);
        _needs = folder.LoadNeedSorter();
        _sorter = new TextSorter(SorterModel.Train([new(Letter, "照明"), new("公交车晚点\n等了一个小时", "交通"), new("学校收费\n请问标准", "教育")]), _segmenter);
    }

    [Benchmark(Baseline = true)]
    public IReadOnlyList<TextRange> Cut() => _segmenter.Cut(Letter);

    [Benchmark]
    public IReadOnlyList<TextRange> CutForSearch() => _segmenter.CutForSearch(Letter);

    [Benchmark]
    public IReadOnlyList<PersonalSpan> Redact() => _redactor.Find(Letter);

    [Benchmark]
    public double[] Score() => _sorter.Probabilities(Letter);

    [Benchmark]
    public SortResult SortWithReasons() => _sorter.Classify(Letter);

    [Benchmark]
    public NeedResult Need() => _needs.Classify(Letter);
}
