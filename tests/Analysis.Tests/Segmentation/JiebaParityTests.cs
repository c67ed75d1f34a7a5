using System.Security.Cryptography;
using System.Text;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Text;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>Token for token equality with python jieba 0.42.1 on 4,000 lines.</summary>
public class JiebaParityTests(ITestOutputHelper output)
{
    [SharedDataFact]
    public void Accurate_mode_equals_jieba_on_every_line() =>
        Compare("segmentation/dev.cut", line => Loaded.Segmenter.Cut(line));

    [SharedDataFact]
    public void Search_mode_equals_jieba_on_every_line() =>
        Compare("segmentation/dev.search", line => Loaded.Segmenter.CutForSearch(line));

    // The shared data has no tokens without the model; the checksums are of what python jieba 0.42.1 gave on 2026-11-22:
    // "\x1f".join(jieba.cut(line, HMM=False)) and cut_for_search likewise, a U+000A after each of the 4,000 lines.
    [SharedDataFact]
    public void Without_the_model_tokens_equal_jieba_too()
    {
        Assert.Equal("01f4258376fd5f2efc403227066b8abaf8a219bb83ebdb7d8dd959afbf55357f", Checksum(line => Loaded.Segmenter.Cut(line, hmm: false)));
        Assert.Equal("061993af1cd61a6a84fc402367b4e3ca36c93af063918ed5c82a90ed28abfdb9", Checksum(line => Loaded.Segmenter.CutForSearch(line, hmm: false)));
    }

    private static string Checksum(Func<string, IReadOnlyList<TextRange>> cut)
    {
        var all = new StringBuilder();
        foreach (string line in SharedData.Lines("segmentation/dev.txt")) all.AppendJoin('\u001F', cut(line).Select(token => token.Of(line))).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }

    private void Compare(string expectedFile, Func<string, IReadOnlyList<TextRange>> cut)
    {
        string[] lines = SharedData.Lines("segmentation/dev.txt");
        string[] expected = SharedData.Lines(expectedFile);
        Assert.Equal(4000, lines.Length);
        Assert.Equal(lines.Length, expected.Length);
        int equal = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            string actual = string.Join('\u001F', cut(lines[i]).Select(token => token.Of(lines[i])));
            if (string.Equals(actual, expected[i], StringComparison.Ordinal)) equal++;
            else output.WriteLine($"{i}: {actual.Replace('\u001F', '|')}\n   {expected[i].Replace('\u001F', '|')}");
        }

        output.WriteLine($"{equal} / {lines.Length} lines equal");
        Assert.Equal(lines.Length, equal);
    }
}
