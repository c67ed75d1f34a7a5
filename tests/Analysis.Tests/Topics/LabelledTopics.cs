using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Topics;

namespace Opinion.Analysis.Tests.Topics;

/// <summary>
/// How well a grouping of requests_2019 agrees with the labels made by hand. Doubtful letters count neither way. A pair is
/// one of two letters that have a sure topic or are labelled as alone; a pair of different topics, one with a single letter,
/// and a pair of not-same.tsv that lies in one topic is wrong.
/// </summary>
internal sealed class LabelledTopics
{
    // Two matters hold over half of all pairs.
    private static readonly string[] Giants = ["T001", "T003"];

    private readonly Dictionary<string, string> _gold = new(StringComparer.Ordinal);
    private readonly HashSet<string> _labelled = new(StringComparer.Ordinal);
    private readonly List<string> _singles = [];
    private readonly List<(string A, string B)> _notSame = [];

    /// <param name="half">0 the half that constants were chosen on, 1 the half held back, -1 both.</param>
    /// <param name="withGiants">Whether the two largest matters count.</param>
    internal LabelledTopics(int half = -1, bool withGiants = true)
    {
        var topicOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string[] row in Specification.Rows("Labels/topics.tsv", 3))
        {
            topicOf.Add(row[1], row[0]);
            if (!IsIn(row[0], half)) continue;
            _labelled.Add(row[1]);
            if (row[2] == "yes" && (withGiants || !Giants.Contains(row[0]))) _gold.Add(row[1], row[0]);
        }

        foreach (string[] row in Specification.Rows("Labels/singles.tsv", 1))
        {
            if (!IsIn(row[0], half)) continue;
            _singles.Add(row[0]);
            _gold.Add(row[0], "alone " + row[0]);
        }

        foreach (string[] row in Specification.Rows("Labels/not-same.tsv", 3))
        {
            string key = topicOf.GetValueOrDefault(row[0]) ?? topicOf.GetValueOrDefault(row[1]) ?? row[0];
            if (IsIn(key, half)) _notSame.Add((row[0], row[1]));
        }
    }

    internal int Letters => _gold.Count;

    internal int NotSame => _notSame.Count;

    internal Figures Measure(IReadOnlyList<Topic> topics)
    {
        var groupOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < topics.Count; i++)
        {
            foreach (string id in topics[i].Letters) groupOf.Add(id, i);
        }

        var groups = _gold.GroupBy(pair => groupOf[pair.Key]).ToDictionary(group => group.Key, group => group.Select(pair => pair.Value).ToList());
        var sizes = _gold.Values.GroupBy(topic => topic, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        long right = groups.Values.Sum(group => group.GroupBy(topic => topic, StringComparer.Ordinal).Sum(part => Pairs(part.Count())));
        long together = groups.Values.Sum(group => Pairs(group.Count));
        int confused = _notSame.Count(pair => groupOf[pair.A] == groupOf[pair.B]);
        // Pairs of two labelled letters are among those counted already.
        int further = _notSame.Count(pair => groupOf[pair.A] == groupOf[pair.B] && !(_gold.ContainsKey(pair.A) && _gold.ContainsKey(pair.B)));
        double precision = right / (double)(together + further);
        double recall = right / (double)sizes.Values.Sum(size => Pairs(size));
        var perTopic = new List<double>();
        foreach (var topic in _gold.Where(pair => !pair.Value.StartsWith("alone", StringComparison.Ordinal)).GroupBy(pair => pair.Value, StringComparer.Ordinal))
        {
            double topicPrecision = topic.Average(pair => groups[groupOf[pair.Key]].Count(other => other == topic.Key) / (double)groups[groupOf[pair.Key]].Count);
            double topicRecall = topic.Average(pair => groups[groupOf[pair.Key]].Count(other => other == topic.Key) / (double)sizes[topic.Key]);
            perTopic.Add(2 * topicPrecision * topicRecall / (topicPrecision + topicRecall));
        }

        HashSet<int> labelledGroups = [.. _labelled.Select(id => groupOf[id])];
        var all = Specification.Rows("Labels/topics.tsv", 3).Select(row => row[1]).ToHashSet(StringComparer.Ordinal);
        return new Figures(
            precision, recall, 2 * precision * recall / (precision + recall), perTopic.Average(), confused / (double)_notSame.Count,
            _singles.Count(id => topics[groupOf[id]].Count > 1) / (double)_singles.Count,
            [.. groupOf.Where(pair => labelledGroups.Contains(pair.Value) && !all.Contains(pair.Key)).Select(pair => pair.Key)]);
    }

    private static long Pairs(int count) => count * (count - 1L) / 2;

    // The halves are told apart by the lowest bit of the CRC-32 of topic or id.
    private static bool IsIn(string key, int half)
    {
        uint crc = uint.MaxValue;
        foreach (char c in key)
        {
            crc ^= c;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return half < 0 || (~crc & 1) == half;
    }

    /// <param name="Precision">Of pairs.</param>
    /// <param name="Recall">Of pairs.</param>
    /// <param name="PairF1">Their harmonic mean.</param>
    /// <param name="TopicF1">B-cubed F1 of each topic, averaged over topics (Bagga and Baldwin, 1998).</param>
    /// <param name="Confused">The share of look-alike pairs that lie in one topic.</param>
    /// <param name="SinglesJoined">The share of letters labelled as alone that have company.</param>
    /// <param name="Strangers">Unlabelled letters in a topic with labelled ones.</param>
    internal sealed record Figures(double Precision, double Recall, double PairF1, double TopicF1, double Confused, double SinglesJoined, IReadOnlyList<string> Strangers)
    {
        public override string ToString() =>
            FormattableString.Invariant($"precision {Precision:0.000} recall {Recall:0.000} pair-F1 {PairF1:0.000} topic-F1 {TopicF1:0.000} look-alikes together {Confused:0.000} singles joined {SinglesJoined:0.000} strangers {Strangers.Count}");
    }
}
