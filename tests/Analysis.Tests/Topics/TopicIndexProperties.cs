using Opinion.Analysis.Topics;
using Xunit;

namespace Opinion.Analysis.Tests.Topics;

/// <summary>The grouping is a function of the letters and of the statistics, whatever way led there. Seeds are fixed and stand in the message of a failure.</summary>
public class TopicIndexProperties
{
    [Fact]
    public void The_order_of_a_batch_makes_no_difference() => ForAll((letters, statistics, random) =>
    {
        string expected = Grouping(Index(statistics, letters));
        random.Shuffle(letters);
        Assert.Equal(expected, Grouping(Index(statistics, letters)));
        // Statistics of the letters themselves do not depend on their order either.
        string own = Grouping(TopicIndex.Of(letters, Requests.Table));
        random.Shuffle(letters);
        Assert.Equal(own, Grouping(TopicIndex.Of(letters, Requests.Table)));
    });

    [Fact]
    public void Batches_give_what_one_batch_gives() => ForAll((letters, statistics, random) =>
    {
        string expected = Grouping(Index(statistics, letters));
        random.Shuffle(letters);
        var index = new TopicIndex(statistics);
        for (int at = 0; at < letters.Length;)
        {
            int length = Math.Min(letters.Length - at, 1 + random.Next(40));
            index.Add(letters[at..(at + length)]);
            at += length;
        }

        Assert.Equal(expected, Grouping(index));
    });

    [Fact]
    public void A_removed_letter_leaves_nothing_behind() => ForAll((letters, statistics, random) =>
    {
        random.Shuffle(letters);
        int kept = random.Next(letters.Length);
        string expected = Grouping(Index(statistics, letters[..kept]));
        var index = Index(statistics, letters);
        foreach (TopicLetter letter in letters[kept..]) Assert.True(index.Remove(letter.Id));
        Assert.Equal(kept, index.Count);
        Assert.Equal(expected, Grouping(index));
        index.Add(letters[kept..]);
        Assert.Equal(Grouping(Index(statistics, letters)), Grouping(index));
    });

    [Fact]
    public void Comings_and_goings_in_any_order_give_what_the_rest_alone_gives() => ForAll((letters, statistics, random) =>
    {
        var index = new TopicIndex(statistics);
        var present = new List<TopicLetter>();
        var absent = letters.ToList();
        for (int step = 0; step < 30; step++)
        {
            if (random.Next(3) > 0 && absent.Count > 0)
            {
                TopicLetter[] batch = [.. absent.Take(1 + random.Next(30))];
                absent.RemoveRange(0, batch.Length);
                index.Add(batch);
                present.AddRange(batch);
            }
            else if (present.Count > 0)
            {
                TopicLetter gone = present[random.Next(present.Count)];
                present.Remove(gone);
                absent.Add(gone);
                Assert.True(index.Remove(gone.Id));
            }
        }

        Assert.Equal(Grouping(Index(statistics, [.. present])), Grouping(index));
    });

    [Fact]
    public void Every_letter_is_in_one_topic() => ForAll((letters, statistics, _) =>
    {
        TopicIndex index = Index(statistics, letters);
        IReadOnlyList<Topic> topics = index.Topics();
        Assert.Equal(letters.Select(letter => letter.Id).Order(StringComparer.Ordinal), topics.SelectMany(topic => topic.Letters).Order(StringComparer.Ordinal));
        var times = letters.ToDictionary(letter => letter.Id, letter => letter.Time);
        foreach (Topic topic in topics)
        {
            Assert.Equal(topic.Letters, index.TopicOf(topic.Letters[^1]).Letters);
            Assert.Equal((topic.Letters.Min(id => times[id]), topic.Letters.Max(id => times[id])), (topic.First, topic.Last));
            Assert.InRange(topic.Distinct, 1, topic.Count);
        }
    });

    // Few places make buckets larger than the reach of a comparison; many make small ones.
    private static void ForAll(Action<TopicLetter[], TopicStatistics, Random> property)
    {
        int joined = 0;
        for (int seed = 1; seed <= 24; seed++)
        {
            var random = new Random(seed);
            TopicLetter[] letters = [.. InventedLetters.Make(random, seed % 4 == 0 ? 400 : 20 + random.Next(120), seed % 4 == 0 ? 1 : 8)];
            TopicStatistics statistics = TopicStatistics.Of(InventedLetters.Make(new Random(seed % 3), seed % 3 * 100), Requests.Table);
            joined += letters.Length - Index(statistics, letters).Topics().Count;
            try
            {
                property(letters, statistics, random);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }

        Assert.InRange(joined, 500, 100_000);
    }

    private static TopicIndex Index(TopicStatistics statistics, TopicLetter[] letters)
    {
        var index = new TopicIndex(statistics);
        index.Add(letters);
        return index;
    }

    private static string Grouping(TopicIndex index) => string.Join('\n', index.Topics().Select(topic => $"{topic.First:O} {topic.Last:O} {topic.Distinct}: {string.Join(' ', topic.Letters)}"));
}
