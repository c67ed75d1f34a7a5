using System.Text;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>The office's own words: their form, what is wrong with a line, and their effect.</summary>
public sealed class UserWordsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-office-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("玉兰里 30\n玉兰里", 2, "not \"word frequency\"")]
    [InlineData("玉兰里 30 ns 1\n", 1, "not \"word frequency\"")]
    [InlineData("# 词\n\n玉兰里 很多\n", 3, "frequency \"很多\" is not a whole number")]
    [InlineData("玉兰里 -1\n", 1, "frequency \"-1\" is not a whole number")]
    [InlineData("玉兰里 2147483648\n", 1, "is not a whole number from 0 to 2147483647")]
    [InlineData("玉兰里 3 地名\n", 1, "tag \"地名\" is not of the letters a to z")]
    [InlineData("玉兰里,30\n", 1, "not \"word frequency\"")]
    [InlineData("玉\u0001里 30\n", 1, "control character")]
    [InlineData("玉\u3000里 30\n", 1, "control character or a blank")]
    [InlineData("#玉兰里\n", 1, "not \"word frequency\"")]
    public void A_line_that_cannot_be_used_is_named(string content, int line, string reason)
    {
        var error = Assert.Throws<DictionaryException>(() => Load(content));
        Assert.Equal(("office.txt", line), (error.File, error.Line));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_that_is_too_long_is_named() =>
        Assert.Contains("101 characters where 100", Assert.Throws<DictionaryException>(() => Load(new string('路', 101) + " 5")).Message, StringComparison.Ordinal);

    [Fact]
    public void Invalid_utf8_names_the_line()
    {
        var error = Assert.Throws<DictionaryException>(() => UserWords.Load(new MemoryStream([.. "\uFEFF路 5\n"u8, 0xFF, (byte)'\n'])));
        Assert.Equal(("office.txt, line 2: not valid UTF-8", 2), (error.Message, error.Line));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\uFEFF", 0)]
    [InlineData("\uFEFF# 本单位的词\r\n\r\n玉兰里 30 ns\r\n云梯街\t5\r\n", 2)]
    [InlineData("#1楼 5\n#\n", 1)]
    [InlineData("玉兰里   30 \n", 1)]
    public void What_editors_leave_does_no_harm(string content, int words) => Assert.Equal(words, Load(content).Count);

    [Fact]
    public void The_shipped_dictionary_of_the_office_is_valid_and_adds_nothing()
    {
        using FileStream stream = File.OpenRead(Path.Combine(DictionaryFolder.Default.Path, DictionaryFolder.OfficeFile));
        Assert.Equal(0, UserWords.Load(stream).Count);
    }

    [Fact]
    public void Words_of_the_folder_are_added_at_the_start()
    {
        const string Text = "玉兰里的路灯坏了";
        string before = Cut(Loaded.Segmenter, Text);
        Assert.DoesNotContain("玉兰里", before.Split('|'));
        CopyDictionary();
        File.WriteAllText(Path.Combine(_folder, DictionaryFolder.OfficeFile), "玉兰里 30 ns\n");
        Segmenter segmenter = DictionaryFolder.Open(_folder).LoadSegmenter();
        Assert.Equal("玉兰里|的|路灯|坏|了", Cut(segmenter, Text));
        Assert.Equal((349_046, 60_101_997, 30, true), (segmenter.Words.Count, segmenter.Words.Total, segmenter.Words.Frequency("玉兰里"), segmenter.Words.IsPlaceName("玉兰里")));
        Assert.False(segmenter.Words.IsPersonName("玉兰里"));
        // Those who loaded before are not touched.
        Assert.Equal(before, Cut(Loaded.Segmenter, Text));
    }

    [Fact]
    public void Without_an_office_dictionary_the_list_stands_alone()
    {
        CopyDictionary();
        Assert.Equal(349_045, DictionaryFolder.Open(_folder).LoadWords().Count);
    }

    [Fact]
    public void A_broken_office_dictionary_stops_the_start_by_name()
    {
        CopyDictionary();
        File.WriteAllText(Path.Combine(_folder, DictionaryFolder.OfficeFile), "玉兰里\n");
        var error = Assert.Throws<DictionaryException>(() => DictionaryFolder.Open(_folder).LoadSegmenter());
        Assert.Equal((Path.Combine(_folder, "office.txt"), 1), (error.File, error.Line));
    }

    // What python jieba 0.42.1 gives after load_userdict of the same lines.
    [Theory]
    [InlineData("", "说水分一", "说|水分|一")]
    [InlineData("水分 1", "说水分一", "说|水分|一")]
    [InlineData("水分 0", "说水分一", "说|水|分|一")]
    [InlineData("水分 0\n水分 1", "说水分一", "说|水|分|一")]
    [InlineData("水分 0\n水分 1", "水分", "水|分")]
    [InlineData("路灯坏 400", "路灯坏了", "路灯坏|了")]
    [InlineData("路灯 0", "路灯坏了", "路|灯|坏|了")]
    public void The_effect_is_that_of_jieba(string lines, string text, string tokens) =>
        Assert.Equal(tokens, Cut(new Segmenter(WordList.Load(Path.Combine(DictionaryFolder.Default.Path, WordFile.Name), Load(lines))), text));

    [Fact]
    public void Ten_thousand_words_are_added_and_found_and_no_other_is_lost()
    {
        var random = new Random(20261127);
        var added = new Dictionary<string, int>(StringComparer.Ordinal);
        while (added.Count < 10_000)
        {
            char[] word = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => (char)random.Next(0x4E00, 0x4E00 + random.Next(1, 0x5000)))];
            added[new string(word)] = random.Next(1, 1000);
        }

        WordList words = WordList.Load(Path.Combine(DictionaryFolder.Default.Path, WordFile.Name), Load(string.Concat(added.Select(word => $"{word.Key} {word.Value}\n"))));
        Assert.All(added, word => Assert.Equal(word.Value, words.Frequency(word.Key)));
        Assert.Equal(added.Keys.Union(Loaded.WordTable.Words.Keys).Count(), words.Count);
        int kept = 0;
        foreach ((string word, var entry) in Loaded.WordTable.Words)
        {
            if (added.ContainsKey(word)) continue;
            kept++;
            if (words.Frequency(word) != entry.Frequency) Assert.Fail($"{word} has frequency {words.Frequency(word)} where {entry.Frequency} is right");
        }

        Assert.InRange(kept, 340_000, 349_045);
    }

    private static UserWords Load(string content) => UserWords.Load(new MemoryStream(Encoding.UTF8.GetBytes(content)));

    private static string Cut(Segmenter segmenter, string text) => string.Join('|', segmenter.Cut(text).Select(token => token.Of(text)));

    private void CopyDictionary()
    {
        foreach (string file in (string[])[WordFile.Name, DictionaryFolder.ChecksumFile]) File.Copy(Path.Combine(DictionaryFolder.Default.Path, file), Path.Combine(_folder, file));
    }
}
