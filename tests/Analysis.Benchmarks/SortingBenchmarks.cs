using BenchmarkDotNet.Attributes;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Benchmarks;

/// <summary>
/// Sorting one letter of about 350 characters by subject, with and without the words that led there, beside segmentation of
/// it; loading, saving and training of a model of 700 invented letters of seven subjects. Trust the ratios and the allocated bytes.
/// </summary>
[MemoryDiagnoser]
public class SortingBenchmarks
{
    private const string Plain =
        "小区门口的路灯已经坏了半个月,晚上老人和孩子出门很不方便,向物业反映多次,至今没有人来修。请问应该由哪个部门负责?" +
        "希望尽快安排维修,谢谢!垃圾桶也满了三天,楼道里有味道,请一并处理。";

    private static readonly string Letter = "路灯坏了半个月\n" + string.Concat(Enumerable.Repeat(Plain, 4));

    private static readonly (string Label, string[] Words)[] Subjects =
    [
        ("照明", ["路灯", "不亮", "灯杆", "楼道灯", "漆黑"]), ("交通", ["公交", "晚点", "红绿灯", "堵车", "班次"]), ("环卫", ["垃圾", "清运", "保洁", "垃圾桶", "异味"]),
        ("教育", ["学校", "学费", "补课", "老师", "学区"]), ("供水", ["停水", "水压", "水表", "水质", "管道"]), ("噪音", ["施工", "夜里", "广场舞", "扰民", "音响"]), ("住房", ["房产证", "物业费", "电梯", "开发商", "漏水"]),
    ];

    private Segmenter _segmenter = null!;
    private TrainingExample[] _examples = null!;
    private SorterModel _model = null!;
    private TextSorter _sorter = null!;
    private byte[] _saved = null!;

    [GlobalSetup]
    public void Setup()
    {
        _segmenter = DictionaryFolder.Default.LoadSegmenter();
        var random = new Random(20261124);
        _examples = [.. Enumerable.Range(0, 700).Select(i =>
        {
            (string label, string[] words) = Subjects[i % Subjects.Length];
            string Of() => words[random.Next(words.Length)];
            return new TrainingExample($"{Of()}{Of()}\n我们这里{Of()},{Of()}已经{random.Next(2, 30)}天了,{Plain[random.Next(40)..]}{Of()}请处理。", label);
        })];
        _model = SorterModel.Train(_examples, _segmenter);
        _sorter = new TextSorter(_model, _segmenter);
        using var stream = new MemoryStream();
        _model.Save(stream);
        _saved = stream.ToArray();
    }

    [Benchmark(Baseline = true)]
    public IReadOnlyList<TextRange> CutLetter() => _segmenter.Cut(Letter);

    [Benchmark]
    public double[] Probabilities() => _sorter.Probabilities(Letter);

    [Benchmark]
    public SortResult WithReasons() => _sorter.Classify(Letter);

    [Benchmark]
    public SorterModel Load() => SorterModel.Load(new MemoryStream(_saved), "model");

    [Benchmark]
    public long Save()
    {
        using var stream = new MemoryStream();
        _model.Save(stream);
        return stream.Length;
    }

    [Benchmark]
    public SorterModel Train700() => SorterModel.Train(_examples, _segmenter);
}
