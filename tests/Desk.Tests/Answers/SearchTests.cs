using Opinion.Desk.Answers;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Answers;

public abstract class SearchTests(TestEngine engine) : DeskSuite(engine)
{
    private const int Seed = 20261117;

    [Theory]
    [InlineData("路灯")]
    [InlineData("维修 路灯")]
    [InlineData("修复")]
    [InlineData("ｗｉｆｉ")]
    [InlineData("WiFi")]
    [InlineData("C++")]
    [InlineData("\"路灯\"")]
    [InlineData("路灯 -")]
    public async Task An_answer_is_found_by_the_words_in_it(string words)
    {
        await PublishedAsync();
        Assert.Single((await SearchAsync(words)).Answers);
    }

    [Theory]
    [InlineData("水管")]
    [InlineData("路灯 水管")]
    [InlineData("NOT 路灯")]
    [InlineData("路灯 OR 水管")]
    [InlineData("tokens:路灯")]
    [InlineData("***")]
    [InlineData("\"")]
    [InlineData("\0")]
    [InlineData("😀")]
    public async Task Words_that_are_not_in_it_find_nothing_and_no_operator_works(string words)
    {
        await PublishedAsync();
        Assert.Single((await SearchAsync(null)).Answers);
        Assert.Empty((await SearchAsync(words)).Answers);
    }

    [Fact]
    public async Task Half_a_character_finds_nothing()
    {
        await PublishedAsync();
        Assert.Empty((await SearchAsync("\ud800路灯")).Answers);
    }

    [Fact]
    public async Task No_string_of_signs_and_operators_is_an_error()
    {
        await PublishedAsync();
        string[] parts = ["路灯", "\"", "'", "(", ")", "*", "^", ":", "-", "+", " AND ", " OR ", " NOT ", "NEAR(", "{", "}", ",", "\\", "%", "_", ";", "--", "\0", "\ud83d", "😀", "a", "１", "\n", "é", "\u0301", "ก็"];
        var random = new Random(Seed);
        for (var i = 0; i < 400; i++)
        {
            var words = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                Assert.InRange((await SearchAsync(words)).Answers.Count, 0, 1);
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Seed}, round {i}: \"{words}\" gave {error.Message}");
            }
        }
    }

    [Fact]
    public async Task A_search_of_any_length_is_taken_and_cut_between_characters()
    {
        await PublishedAsync();
        Assert.Single((await SearchAsync(string.Concat(Enumerable.Repeat("路灯", 500)))).Answers);
        Assert.Empty((await SearchAsync(new string('啊', 199) + "😀" + new string('啊', 50))).Answers);
    }

    [Fact]
    public async Task A_subject_narrows_the_list_and_the_search()
    {
        await PublishedAsync();
        var published = Town.Get<PublishedAnswers>();
        foreach (var (subject, expected) in new (string?, int)[] { (null, 1), ("urban", 1), ("urban.streetlight.fault", 1), ("housing", 0), ("urban.street", 0) })
        {
            Assert.Equal(expected, (await published.SearchAsync(null, subject, 0, None)).Answers.Count);
            Assert.Equal(expected, (await published.SearchAsync("路灯", subject, 0, None)).Answers.Count);
        }
    }

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap()
    {
        const int answers = PublishedAnswers.PageSize + 3;
        for (var i = 0; i < answers; i++) await PublishedAsync();
        foreach (var words in new[] { null, "路灯" })
        {
            var first = await Town.Get<PublishedAnswers>().SearchAsync(words, null, 0, None);
            var second = await Town.Get<PublishedAnswers>().SearchAsync(words, null, 1, None);
            Assert.Equal((PublishedAnswers.PageSize, true, 3, false), (first.Answers.Count, first.More, second.Answers.Count, second.More));
            Assert.Equal(answers, first.Answers.Concat(second.Answers).Select(answer => answer.Number).Distinct().Count());
        }
    }

    private async Task PublishedAsync()
    {
        await Town.AnswerAsync(Town.Letter() with { Publish = true });
        var editor = await Town.StaffAsync("editor-1");
        var waiting = Assert.Single(await Town.Get<ReviewAnswers>().ListAsync(editor, None));
        Assert.Null(await Town.Get<ReviewAnswers>().PublishAsync(editor, waiting.AnswerId, "路灯维修", "小区门口的路灯坏了，WiFi 也没有。", "已修复，用 C++ 写的控制器。", None));
    }

    private Task<PublishedPage> SearchAsync(string? words) => Town.Get<PublishedAnswers>().SearchAsync(words, null, 0, None);
}
