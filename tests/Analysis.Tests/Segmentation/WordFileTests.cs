using System.Diagnostics;
using System.Text;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Tests.Data;
using Opinion.DictionaryBuilder;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>The prebuilt dictionary holds what it was made of, loads at once, and is refused when anything about it is wrong.</summary>
[Collection(Alone.Name)]
public sealed class WordFileTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string Shipped = Path.Combine(DictionaryFolder.Default.Path, WordFile.Name);

    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-words-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_word_has_its_frequency_and_kind()
    {
        WordList words = Loaded.Segmenter.Words;
        Assert.Equal((349_045, 60_101_967), (words.Count, words.Total));
        Assert.Equal((words.Count, words.Total), (Loaded.WordTable.Words.Count, Loaded.WordTable.Total));
        foreach ((string word, WordEntry entry) in Loaded.WordTable.Words)
        {
            if (words.Frequency(word) == entry.Frequency && words.IsPersonName(word) == (entry.Kind == WordKind.Person) && words.IsPlaceName(word) == (entry.Kind == WordKind.Place)) continue;
            Assert.Fail($"{word} has frequency {words.Frequency(word)} where {entry} is right");
        }
    }

    [Fact]
    public void What_is_no_word_is_not_found()
    {
        var random = new Random(20261125);
        string[] known = [.. Loaded.WordTable.Words.Keys];
        int tried = 0;
        for (int round = 0; round < 200_000; round++)
        {
            // Beginnings of words, and words with another character or more behind.
            string word = known[random.Next(known.Length)];
            string other = round % 2 == 0 ? word[..random.Next(word.Length)] : word + (char)random.Next(round % 4 == 1 ? 0x4E00 : 0x20, 0x9FFF);
            if (Loaded.WordTable.Words.ContainsKey(other)) continue;
            tried++;
            Assert.Equal((other, 0, false), (other, Loaded.Segmenter.Words.Frequency(other), Loaded.Segmenter.Words.IsPersonName(other)));
        }

        Assert.InRange(tried, 50_000, 200_000);
    }

    [Fact]
    public void Loading_takes_at_most_thirty_milliseconds()
    {
        // The best of many: other processes share the processor.
        double best = double.MaxValue;
        for (int round = 0; round < 20; round++)
        {
            long start = Stopwatch.GetTimestamp();
            DictionaryFolder.Default.LoadSegmenter();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        output.WriteLine($"{best:F1} ms");
        Assert.InRange(best, 0, 30);
    }

    [Theory]
    [InlineData(0, "the file is empty")]
    [InlineData(5, "not a prebuilt dictionary")]
    [InlineData(12, "cut off after 12 bytes")]
    [InlineData(100, "cut off after 100 bytes")]
    [InlineData(5_000, "5000 bytes long where")]
    [InlineData(3_000_000, "3000000 bytes long where")]
    public void A_file_that_is_cut_off_is_refused(int length, string reason) => AssertRefused(File.ReadAllBytes(Shipped)[..length], reason);

    [Fact]
    public void A_longer_file_is_refused() => AssertRefused([.. File.ReadAllBytes(Shipped), 0], "bytes long where");

    [Fact]
    public void Another_file_is_refused() => AssertRefused(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("的 5 uj\n", 1000))), "not a prebuilt dictionary");

    [Fact]
    public void An_older_format_is_refused()
    {
        byte[] bytes = File.ReadAllBytes(Shipped);
        bytes[8] = 0;
        AssertRefused(bytes, "format 0 where 1 is needed; build the program again");
    }

    [Fact]
    public void Any_changed_byte_is_noticed()
    {
        byte[] bytes = File.ReadAllBytes(Shipped);
        Assert.InRange(bytes.Length, 5_000_000, 9_000_000);
        var random = new Random(20261126);
        for (int round = 0; round < 60; round++)
        {
            // Every byte of the header, then any.
            int at = round < 48 ? round : random.Next(bytes.Length);
            byte before = bytes[at];
            bytes[at] ^= (byte)(1 << random.Next(8));
            AssertRefused(bytes, "");
            bytes[at] = before;
        }

        File.WriteAllBytes(Path.Combine(_folder, WordFile.Name), bytes);
        Assert.Equal(349_045, WordList.Load(Path.Combine(_folder, WordFile.Name)).Count);
    }

    [Fact]
    public void A_file_of_other_words_is_refused()
    {
        File.Copy(Shipped, Path.Combine(_folder, WordFile.Name));
        string sums = File.ReadAllText(Path.Combine(DictionaryFolder.Default.Path, DictionaryFolder.ChecksumFile));
        int at = sums.IndexOf("  words.txt", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, DictionaryFolder.ChecksumFile), sums[..(at - 64)] + new string('0', 64) + sums[at..]);
        var error = Assert.Throws<DictionaryException>(() => DictionaryFolder.Open(_folder).LoadWords());
        Assert.Contains("made of another words.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<DictionaryException>(() => WordList.Load(Path.Combine(_folder, WordFile.Name)));
        Assert.Contains("words.bin: the file is missing", error.Message, StringComparison.Ordinal);
    }

    private void AssertRefused(byte[] bytes, string reason)
    {
        string file = Path.Combine(_folder, WordFile.Name);
        File.WriteAllBytes(file, bytes);
        var error = Assert.Throws<DictionaryException>(() => WordList.Load(file));
        Assert.Equal(file, error.File);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }
}
