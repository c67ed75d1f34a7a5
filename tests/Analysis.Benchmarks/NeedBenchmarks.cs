using BenchmarkDotNet.Attributes;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Benchmarks;

/// <summary>
/// Sorting one letter by need: a long complaint, a short question, a call for help, and loading with all that is learned at
/// load. Only ratios to the long complaint and allocated bytes are worth trusting on a shared machine.
/// </summary>
[MemoryDiagnoser]
public class NeedBenchmarks
{
    private const string Paragraph =
        "尊敬的领导:我住在幸福小区,小区门口的路灯已经坏了半个月,晚上老人和孩子出门很不方便,向物业反映多次,至今没有人来修。" +
        "电梯也经常停,上个月有人被困了半个小时。请问应该由哪个部门负责?希望尽快安排维修,谢谢!";

    private static readonly string Complaint = "路灯坏了半个月\n" + string.Concat(Enumerable.Repeat(Paragraph, 4));

    private DictionaryFolder _folder = null!;
    private NeedSorter _needs = null!;

    [GlobalSetup]
    public void Setup()
    {
        _folder = DictionaryFolder.Default;
        _needs = _folder.LoadNeedSorter();
    }

    [Benchmark(Baseline = true)]
    public NeedResult LongComplaint() => _needs.Classify(Complaint);

    [Benchmark]
    public NeedResult ShortQuestion() => _needs.Classify("请问办理居住证需要什么材料?");

    [Benchmark]
    public NeedResult CallForHelp() => _needs.Classify("楼道里全是煤气味,三楼敲门没人应,快派人来");

    [Benchmark]
    public NeedSorter Load() => _folder.LoadNeedSorter();
}
