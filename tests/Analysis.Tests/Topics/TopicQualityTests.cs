using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Topics;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Topics;

/// <summary>Groups requests_2019 and compares with the labels made by hand.</summary>
public class TopicQualityTests(ITestOutputHelper output)
{
    private static readonly Lazy<TopicIndex> Index = new(() => TopicIndex.Of(Requests.Letters, Requests.Table));

    [SharedDataFact]
    public void Labelled_topics_are_found()
    {
        IReadOnlyList<Topic> topics = Index.Value.Topics();
        Assert.Equal(4326, topics.Sum(topic => topic.Count));
        LabelledTopics.Figures all = Report("all", new LabelledTopics(), topics);
        LabelledTopics.Figures chosen = Report("the half that constants were chosen on", new LabelledTopics(0), topics);
        LabelledTopics.Figures held = Report("the half held back", new LabelledTopics(1), topics);
        LabelledTopics.Figures small = Report("without the two largest", new LabelledTopics(withGiants: false), topics);
        Assert.Equal((1073, 764), (new LabelledTopics().Letters, new LabelledTopics().NotSame));
        Assert.InRange(all.PairF1, 0.935, 1);
        Assert.InRange(all.TopicF1, 0.89, 1);
        Assert.InRange(all.Confused, 0, 0.16);
        Assert.InRange(all.SinglesJoined, 0, 0.06);
        Assert.InRange(all.Strangers.Count, 0, 65);
        Assert.InRange(chosen.PairF1, 0.95, 1);
        Assert.InRange(held.TopicF1, 0.89, 1);
        Assert.InRange(small.PairF1, 0.85, 1);
    }

    [SharedDataFact]
    public void Every_letter_that_joined_a_labelled_topic_was_read()
    {
        var read = Specification.Rows("Labels/topic-joins.tsv", 3).ToDictionary(row => row[0], row => row[2], StringComparer.Ordinal);
        IReadOnlyList<string> strangers = new LabelledTopics().Measure(Index.Value.Topics()).Strangers;
        output.WriteLine($"{strangers.Count} joined; read and surely of another matter: {strangers.Count(id => read.GetValueOrDefault(id) == "no")}, doubtful: {strangers.Count(id => read.GetValueOrDefault(id) == "?")}, not read: {strangers.Count(id => !read.ContainsKey(id))}");
        Assert.InRange(strangers.Count(id => !read.ContainsKey(id)), 0, 20);
    }

    [SharedDataFact]
    public void What_the_keys_find_groups_as_all_pairs_do()
    {
        (IReadOnlyList<Topic> simple, int ties, double found) = AllPairs();
        IReadOnlyList<Topic> topics = Index.Value.Topics();
        HashSet<(string, string)> all = [.. simple.SelectMany(Pairs)];
        HashSet<(string, string)> fast = [.. topics.SelectMany(Pairs)];
        double agreement = 2.0 * all.Count(fast.Contains) / (all.Count + fast.Count);
        output.WriteLine(FormattableString.Invariant($"{ties} ties among all pairs, found {found:0.000}; {all.Count} pairs in the topics of all pairs, {fast.Count} in those of the index, agreement {agreement:0.000}"));
        LabelledTopics.Figures oracle = Report("all pairs", new LabelledTopics(), simple);
        // In buckets of more than 24 only neighbours are compared: ties are fewer, what hangs together is hardly less.
        Assert.InRange(ties, 2500, 10_000);
        Assert.InRange(found, 0.7, 1);
        Assert.InRange(agreement, 0.93, 1);
        Assert.InRange(Report("index", new LabelledTopics(), topics).PairF1, oracle.PairF1 - 0.02, 1);

        static IEnumerable<(string, string)> Pairs(Topic topic) => topic.Letters.SelectMany(a => topic.Letters.Where(b => string.CompareOrdinal(a, b) < 0).Select(b => (a, b)));
    }

    [SharedDataFact]
    public void Batches_of_a_year_give_what_the_year_gives()
    {
        TopicStatistics statistics = TopicStatistics.Of(Requests.Letters, Requests.Table);
        var index = new TopicIndex(statistics);
        TopicLetter[] byTime = [.. Requests.Letters.OrderBy(letter => letter.Time)];
        foreach (TopicLetter[] week in byTime.Chunk(90)) index.Add(week);
        Assert.Equal(Index.Value.Topics().Select(Line), index.Topics().Select(Line));
        foreach (TopicLetter letter in byTime.Where((_, i) => i % 3 == 0)) Assert.True(index.Remove(letter.Id));
        var rest = new TopicIndex(statistics);
        rest.Add([.. byTime.Where((_, i) => i % 3 != 0)]);
        Assert.Equal(rest.Topics().Select(Line), index.Topics().Select(Line));
        Assert.Equal(2884, index.Count);

        static string Line(Topic topic) => string.Join(' ', topic.Letters);
    }

    [SharedDataFact]
    public void Words_of_titles_stand_in_ten_letters()
    {
        var byId = Requests.Letters.ToDictionary(letter => letter.Id, StringComparer.Ordinal);
        var titler = new TopicTitler(Loaded.Segmenter, Requests.Table);
        int titled = 0;
        foreach (Topic topic in Index.Value.Topics())
        {
            TopicLetter[] letters = [.. topic.Letters.Select(id => byId[id])];
            string? title = titler.Title(letters);
            if (topic.Count < 10) Assert.Null(title);
            if (title is null) continue;
            titled++;
            foreach (string part in title.Split(' '))
            {
                Assert.InRange(letters.Count(letter => letter.Title.Contains(part, StringComparison.Ordinal) || letter.Body.Contains(part, StringComparison.Ordinal)), 10, letters.Length);
            }
        }

        Assert.InRange(titled, 5, 50);
    }

    private LabelledTopics.Figures Report(string name, LabelledTopics labels, IReadOnlyList<Topic> topics)
    {
        LabelledTopics.Figures figures = labels.Measure(topics);
        output.WriteLine($"{name}: {figures}");
        return figures;
    }

    /// <summary>The grouping in which every pair of letters is weighed, and the share of its ties that keys find.</summary>
    private static (IReadOnlyList<Topic> Topics, int Ties, double Found) AllPairs()
    {
        TopicStatistics statistics = TopicStatistics.Of(Requests.Letters, Requests.Table);
        var byContent = Requests.Letters.Select(letter => (Letter: letter, Profile: new LetterProfile(letter, LetterGrams.Of(letter, Requests.Table), statistics)))
            .GroupBy(pair => pair.Profile.Content).OrderBy(group => group.Key).ToList();
        var graph = new TieGraph();
        int[] numbers = [.. byContent.Select(group => graph.Make(group.First().Profile))];
        graph.Tie(numbers, []);
        LetterNode[] nodes = [.. byContent.Select(group => new LetterNode(group.First().Profile))];
        Parallel.For(0, nodes.Length, () => new PairProbe(), (i, _, probe) =>
        {
            probe.Load(nodes[i].Profile);
            for (int j = 0; j < nodes.Length; j++)
            {
                double logOdds = i == j ? -100 : probe.LogOdds(nodes[j].Profile);
                if (logOdds >= TopicSplitter.LeastTie) nodes[i].AddTie(new LetterNode.Tie(j, (float)logOdds));
            }

            return probe;
        }, _ => { });
        var sets = new DisjointSets(nodes.Length);
        int ties = 0;
        int found = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            foreach (LetterNode.Tie tie in nodes[i].Ties)
            {
                sets.Join(i, tie.Other);
                ties++;
                if (graph.Node(numbers[i]).IsTied(numbers[tie.Other])) found++;
            }
        }

        Assert.Equal(found, numbers.Sum(number => graph.Node(number).Ties.Length));
        var splitter = new TopicSplitter(number => nodes[number], Comparer<int>.Default);
        var topics = sets.Sets([.. Enumerable.Range(0, nodes.Length)]).SelectMany(splitter.Split)
            .Select(topic => new Topic([.. topic.SelectMany(number => byContent[number]).Select(pair => (pair.Letter.Id, pair.Letter.Time)).OrderBy(letter => letter.Time)], topic.Length)).ToList();
        return (topics, ties / 2, found / (double)ties);
    }
}
