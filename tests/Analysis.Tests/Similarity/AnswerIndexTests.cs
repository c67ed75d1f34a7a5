using Opinion.Analysis.Similarity;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Similarity;

public class AnswerIndexTests
{
    private static readonly IReadOnlyList<string[]> Rows = Specification.Rows("Similarity/match-cases.tsv", 4);
    private static readonly AnswerEntry[] Bank = [.. Rows.Where(row => row[0] == "bank").Select(row => Entry(row[1], row[2].Split('|'), row[3]))];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string[] row in Rows.Where(row => row[0] == "ask")) cases.Add(row[3], row[1]);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_right_answer_comes_first(string question, string id) => Assert.Equal(id, Index(Bank).Match(question, 3).Answers[0].Id);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Traditional_and_simplified_are_matched_alike(string question, string id)
    {
        MatchResult given = Index(Bank).Match(question, 9);
        MatchResult folded = Index(Bank).Match(ChineseFoldingTests.Shipped.Fold(question), 9);
        Assert.Equal(id, given.Answers[0].Id);
        Assert.Equal(given.Confidence, folded.Confidence, 12);
        Assert.Equal(given.Answers.Select(answer => (answer.Id, Math.Round(answer.Score, 9))), folded.Answers.Select(answer => (answer.Id, Math.Round(answer.Score, 9))));
    }

    [Fact]
    public void The_order_of_the_bank_does_not_matter()
    {
        AnswerIndex index = Index(Bank);
        var random = new Random(20261122);
        for (int round = 0; round < 5; round++)
        {
            AnswerEntry[] shuffled = [.. Bank];
            random.Shuffle(shuffled);
            AnswerIndex other = Index(shuffled);
            foreach (string[] row in Rows)
            {
                Assert.Equal(Flat(index.Match(row[3], 5)), Flat(other.Match(row[3], 5)));
            }
        }
    }

    [Fact]
    public void Entries_alike_come_by_their_ids()
    {
        AnswerIndex index = Index([Entry("b", [], "停水公告"), Entry("a", [], "停水公告"), Entry("c", [], "别的")]);
        MatchResult match = index.Match("停水", 5);
        Assert.Equal(["a", "b"], match.Answers.Select(answer => answer.Id));
        Assert.Equal(match.Answers[0].Score, match.Answers[1].Score);
        Assert.InRange(match.Confidence, 0, 0.5);
    }

    [Fact]
    public void One_id_for_two_entries_is_refused() =>
        Assert.Contains("\"a\"", Assert.Throws<ArgumentException>(() => Index([Entry("a", [], "一"), Entry("b", [], "二"), Entry("a", [], "三")])).Message, StringComparison.Ordinal);

    [Fact]
    public void Fewer_than_one_answer_cannot_be_wanted() => Assert.Throws<ArgumentOutOfRangeException>(() => Index(Bank).Match("停水", 0));

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("？！。")]
    [InlineData("请问如何？")]
    [InlineData("zzz qqq")]
    [InlineData("😀\uD842")]
    public void A_question_without_shared_terms_finds_nothing(string question)
    {
        MatchResult match = Index(Bank).Match(question, 5);
        Assert.Empty(match.Answers);
        Assert.Equal(0, match.Confidence);
    }

    [Fact]
    public void One_letter_and_one_character_find_what_holds_them()
    {
        Assert.Equal("wifi", Assert.Single(Index(Bank).Match("I", 5).Answers).Id);
        Assert.Equal("noise", Index(Bank).Match("噪", 5).Answers[0].Id);
    }

    [Fact]
    public void An_empty_bank_and_empty_entries_find_nothing()
    {
        Assert.Empty(Index([]).Match("停水", 5).Answers);
        Assert.Empty(Index([Entry("a", [], ""), Entry("b", [""], " ")]).Match("停水", 5).Answers);
    }

    [Fact]
    public void Reasons_are_words_of_the_question_as_it_was_asked()
    {
        MatchedAnswer answer = Index(Bank).Match("公園的免費ＷiFi叫什麼", 1).Answers[0];
        Assert.Equal("wifi", answer.Id);
        string[] words = [.. answer.Reasons.Select(reason => reason.Word)];
        Assert.Superset(new HashSet<string> { "公園", "免費", "ＷiFi" }, words.ToHashSet());
        Assert.DoesNotContain("什麼", words);
        Assert.All(answer.Reasons, reason => Assert.True(reason.Weight > 0));
        Assert.Equal(answer.Reasons.OrderByDescending(reason => reason.Weight), answer.Reasons);
    }

    [Fact]
    public void A_form_of_the_question_leads_to_its_entry_with_confidence()
    {
        foreach (AnswerEntry entry in Bank.Where(entry => entry.Question.Length > 0))
        {
            foreach (string form in entry.Alternatives.Prepend(entry.Question))
            {
                MatchResult match = Index(Bank).Match(form, 1);
                Assert.Equal(entry.Id, Assert.Single(match.Answers).Id);
                Assert.InRange(match.Confidence, 0.8, 1);
            }
        }
    }

    [Fact]
    public void The_index_equals_the_plain_scan_on_any_text()
    {
        AnswerEntry[] answers = [.. Bank.Select(entry => Entry(entry.Id, [], string.Join('\n', entry.Alternatives.Prepend(entry.Question).Append(entry.Answer))))];
        AnswerIndex index = Index(answers);
        var scan = new LinearMatch(answers, ChineseFoldingTests.Shipped);
        foreach (string[] row in Rows) AssertEqual(scan.Match(row[3], 9), index.Match(row[3], 9));
        Texts.ForAll(text =>
        {
            AssertEqual(scan.Match(text, 9), index.Match(text, 9));
            AnswerEntry[] bank = [Entry("1", [], text), Entry("2", [], "供水热线12345"), Entry("3", [], text + text)];
            AssertEqual(new LinearMatch(bank, ChineseFoldingTests.Shipped).Match("热线12345", 3), Index(bank).Match("热线12345", 3));
        });
    }

    [Fact]
    public void Many_threads_get_what_one_gets()
    {
        AnswerIndex index = Index(Bank);
        string[] questions = [.. Rows.Select(row => row[3])];
        var alone = questions.Select(question => Flat(index.Match(question, 5))).ToArray();
        var together = new List<(string, double)>[questions.Length * 20];
        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => together[i] = Flat(index.Match(questions[i % questions.Length], 5)));
        for (int i = 0; i < together.Length; i++) Assert.Equal(alone[i % questions.Length], together[i]);
    }

    internal static void AssertEqual(IReadOnlyList<(string Id, double Score)> expected, MatchResult match)
    {
        Assert.Equal(expected.Count, match.Answers.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Score, match.Answers[i].Score, 9);
            // Where rounding parts two equal scores the order may differ.
            if (expected.Count(other => Math.Abs(other.Score - expected[i].Score) < 1e-9) == 1) Assert.Equal(expected[i].Id, match.Answers[i].Id);
        }

        Assert.InRange(match.Confidence, 0, 1);
    }

    private static List<(string, double)> Flat(MatchResult match) => [.. match.Answers.Select(answer => (answer.Id, answer.Score)).Append(("", match.Confidence))];

    private static AnswerIndex Index(AnswerEntry[] bank) => AnswerIndex.Build(bank, Loaded.Segmenter, ChineseFoldingTests.Shipped);

    private static AnswerEntry Entry(string id, string[] forms, string answer) => new(id, forms.FirstOrDefault() ?? "", [.. forms.Skip(1)], answer);
}
