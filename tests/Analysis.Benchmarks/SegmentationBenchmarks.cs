using BenchmarkDotNet.Attributes;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Tests.Segmentation;
using Opinion.Analysis.Text;
using Opinion.DictionaryBuilder;

namespace Opinion.Analysis.Benchmarks;

/// <summary>
/// Cutting a letter of about 400 characters into words, beside the simple segmenter that gives the same. Only ratios and
/// allocated bytes are worth trusting on a shared machine; <c>tests/Peers/segment</c> measures whole processes.
/// </summary>
[MemoryDiagnoser]
public class SegmentationBenchmarks
{
    private const string Paragraph =
        "尊敬的领导:我叫王小明,住在芙蓉路12号幸福小区5栋3单元502。小区门口的路灯已经坏了半个月,晚上老人和孩子出门很不方便," +
        "向物业反映多次,至今没有人来修。请问应该由哪个部门负责?希望尽快安排维修,我的电话是13812345678,谢谢!";

    private static readonly string Letter = "路灯坏了半个月\n" + string.Concat(Enumerable.Repeat(Paragraph, 4));

    private readonly List<TextRange> _tokens = [];
    private Segmenter _segmenter = null!;
    private SimpleSegmenter _simple = null!;

    [GlobalSetup]
    public void Setup()
    {
        _segmenter = DictionaryFolder.Default.LoadSegmenter();
        _simple = new SimpleSegmenter(new SimpleWords(Source("words.txt", WordTable.Load)), Source("hmm.tsv", HmmTables.Load));
    }

    [Benchmark(Baseline = true)]
    public int CutIntoTheSameList()
    {
        _tokens.Clear();
        _segmenter.Cut(Letter, _tokens);
        return _tokens.Count;
    }

    [Benchmark]
    public int CutWithoutModel()
    {
        _tokens.Clear();
        _segmenter.Cut(Letter, _tokens, hmm: false);
        return _tokens.Count;
    }

    [Benchmark]
    public int CutForSearchIntoTheSameList()
    {
        _tokens.Clear();
        _segmenter.CutForSearch(Letter, _tokens);
        return _tokens.Count;
    }

    [Benchmark]
    public IReadOnlyList<TextRange> CutIntoANewList() => _segmenter.Cut(Letter);

    [Benchmark]
    public int CutSimply() => _simple.Cut(Letter).Count;

    [Benchmark]
    public Segmenter Load() => DictionaryFolder.Default.LoadSegmenter();

    private static T Source<T>(string name, Func<Stream, string, T> load)
    {
        using FileStream stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "dictionary-sources", name));
        return load(stream, name);
    }
}
