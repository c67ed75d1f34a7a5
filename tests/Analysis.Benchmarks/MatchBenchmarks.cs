using BenchmarkDotNet.Attributes;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Similarity;
using Opinion.Analysis.Tests.Similarity;

namespace Opinion.Analysis.Benchmarks;

/// <summary>
/// One question put to a bank of 2,000 invented entries: the index beside the plain scan that is its oracle. What counts
/// is the ratio and that nothing grows with the bank but the scores.
/// </summary>
[MemoryDiagnoser]
public class MatchBenchmarks
{
    private const string Question = "请问社区活动中心周末的开放时间是几点到几点，需要带什么证件预约？";

    private static readonly string[] Places = ["社区活动中心", "街道办事处", "图书馆", "体育馆", "政务大厅", "公租房小区", "老年大学", "停车场", "卫生服务站", "公园"];
    private static readonly string[] Deeds = ["开放", "预约", "办理补贴", "收费", "报名", "更换证件", "申请维修", "投递材料", "领取结果", "查询进度"];
    private static readonly string[] Terms = ["周一至周五上午九点到下午五点", "凭身份证到窗口办理", "每月二十元", "五个工作日内答复", "请先在网上预约", "周末上午开放", "材料齐全的当场办结", "由所在街道受理"];

    private AnswerIndex _index = null!;
    private LinearMatch _scan = null!;
    private AnswerEntry[] _bank = null!;
    private ChineseFolding _folding = null!;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(20261123);
        string Of(string[] words) => words[random.Next(words.Length)];
        _bank = [.. Enumerable.Range(0, 2000).Select(i =>
            new AnswerEntry($"e{i}", "", [], string.Concat(Enumerable.Range(0, random.Next(2, 12)).Select(_ => $"{Of(Places)}{Of(Deeds)}，{Of(Terms)}{i % 97}。"))))];
        DictionaryFolder folder = DictionaryFolder.Default;
        _folding = ChineseFolding.Load(folder);
        _index = AnswerIndex.Build(_bank, folder.LoadSegmenter(), _folding);
        _scan = new LinearMatch(_bank, _folding);
    }

    [Benchmark(Baseline = true)]
    public IReadOnlyList<(string Id, double Score)> Scan() => _scan.Match(Question, 5);

    [Benchmark]
    public MatchResult Match() => _index.Match(Question, 5);
}
