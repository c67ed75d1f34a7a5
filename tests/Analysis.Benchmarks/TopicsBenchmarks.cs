using BenchmarkDotNet.Attributes;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Tests.Topics;
using Opinion.Analysis.Topics;

namespace Opinion.Analysis.Benchmarks;

/// <summary>Grouping of the 4,326 letters of requests_2019, ten times as many made of them, and what one letter more costs.</summary>
[MemoryDiagnoser]
public class TopicsBenchmarks
{
    private readonly GramTable _table = DictionaryFolder.Default.LoadGramTable();
    private IReadOnlyList<TopicLetter> _letters = null!;
    private TopicLetter[] _many = null!;
    private TopicIndex _index = null!;
    private LetterProfile[] _profiles = null!;

    [GlobalSetup]
    public void Setup()
    {
        _letters = Requests.Letters;
        _many = [.. new PerturbedLetters(_letters, new Dictionary<string, string>(), (a, b) => Grams.Of(a, b) is var gram && gram != 0 && _table.IsCommon(gram, out _)).Make(43_260, 3)];
        _index = TopicIndex.Of(_letters, _table);
        TopicStatistics statistics = TopicStatistics.Of(_letters, _table);
        _profiles = [.. _letters.Take(1000).Select(letter => new LetterProfile(letter, LetterGrams.Of(letter, _table), statistics))];
    }

    [Benchmark(Baseline = true)]
    public int Group4326() => TopicIndex.Of(_letters, _table).Topics().Count;

    [Benchmark]
    public int Group43260() => TopicIndex.Of(_many, _table).Topics().Count;

    [Benchmark]
    public Topic AddAndRemoveOne()
    {
        _index.Add([_letters[7] with { Id = "new", Body = _letters[7].Body + "\u8BF7\u5C3D\u5FEB" }]);
        Topic topic = _index.TopicOf("new");
        _index.Remove("new");
        return topic;
    }

    [Benchmark]
    public double Merge1000Pairs()
    {
        double sum = 0;
        for (int i = 0; i < 1000; i++) sum += SameMatter.LogOdds(_profiles[0], _profiles[i]);
        return sum;
    }

    [Benchmark]
    public double Probe1000Pairs()
    {
        var probe = new PairProbe();
        probe.Load(_profiles[0]);
        double sum = 0;
        for (int i = 0; i < 1000; i++) sum += probe.LogOdds(_profiles[i]);
        return sum;
    }
}
