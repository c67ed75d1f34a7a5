using System.Diagnostics;
using System.Text;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Text;
using Xunit;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>
/// The segmenter against the real python jieba 0.42.1, Debian's python3-jieba, on texts of a fixed seed: few every day, many
/// with OPINION_TEST_LONG=1.
/// </summary>
public sealed class JiebaFuzzTests : IDisposable
{
    private const int Seed = 20261124;

    private static readonly int Rounds = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 300_000 : 3_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-jieba-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Tokens_equal_those_of_jieba() => Compare(Loaded.Segmenter, null, [], Seed);

    [Fact]
    public void Tokens_equal_those_of_jieba_with_a_user_dictionary()
    {
        string dictionary = Path.Combine(_folder, "office.txt");
        // jieba would take a comment for a word.
        File.WriteAllText(dictionary, string.Concat(SegmenterFuzzTests.UserDictionary.Split('\n').Where(line => !line.StartsWith('#')).Select(line => line + "\n")));
        using FileStream stream = File.OpenRead(dictionary);
        UserWords userWords = UserWords.Load(stream);
        Assert.Equal(26, userWords.Count);
        WordList words = WordList.Load(Path.Combine(DictionaryFolder.Default.Path, WordFile.Name), userWords);
        Compare(new Segmenter(words), dictionary, [.. userWords.Words.Select(word => word.Word)], Seed + 1);
    }

    private void Compare(Segmenter segmenter, string? dictionary, string[] userWords, int seed)
    {
        var mixed = new MixedTexts(seed, [.. Loaded.WordTable.Words.Keys], userWords);
        string[] texts = [.. Enumerable.Range(0, Rounds).Select(_ => mixed.Next())];
        string file = Path.Combine(_folder, "texts");
        File.WriteAllLines(file, texts.Select(Digits));
        string[] answers = Peer(dictionary is null ? [file] : [file, dictionary]);
        Assert.Equal($"0.42.1 {WordsChecksum}", answers[0]);
        Assert.Equal(Rounds + 1, answers.Length);
        for (int round = 0; round < Rounds; round++)
        {
            string text = texts[round];
            string tokens = string.Join(' ', Tokens(segmenter.Cut(text)), Tokens(segmenter.Cut(text, hmm: false)), Tokens(segmenter.CutForSearch(text)), Tokens(segmenter.CutForSearch(text, hmm: false)));
            Assert.True(tokens == answers[round + 1], $"seed {seed}, round {round}, {Digits(text)}: {tokens} where jieba gives {answers[round + 1]}");

            string Tokens(IReadOnlyList<TextRange> ranges) => string.Join(',', ranges.Select(range => Digits(range.Of(text))));
        }
    }

    private static string WordsChecksum =>
        File.ReadLines(Path.Combine(DictionaryFolder.Default.Path, DictionaryFolder.ChecksumFile)).Single(line => line.EndsWith("  words.txt", StringComparison.Ordinal))[..64];

    private static string Digits(string text)
    {
        var digits = new StringBuilder(text.Length * 4);
        foreach (char c in text) digits.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(int)c:x4}");
        return digits.ToString();
    }

    private static string[] Peer(string[] arguments)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Segmentation", "jieba_peer.py");
        using Process process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"python jieba ended with {process.ExitCode} (.ci/install test installs it): {error.Result}");
        return output.TrimEnd('\n').Split('\n');
    }
}
