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
