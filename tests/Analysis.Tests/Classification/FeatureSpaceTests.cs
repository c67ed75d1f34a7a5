using Opinion.Analysis.Classification;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Text;
using Xunit;

namespace Opinion.Analysis.Tests.Classification;

/// <summary>The fast vectors against the same by strings and dictionaries.</summary>
public class FeatureSpaceTests
{
    private static readonly FeatureSpace Space = SorterModel.Train(Invented.Letters(120, 6, seed: 1), Loaded.Segmenter).Space;

    [Fact]
    public void Runs_of_one_and_two_characters_and_words_are_features()
    {
        string[] runs = Space.Pieces[..Space.Runs];
        string[] words = Space.Pieces[Space.Runs..];
        Assert.Contains("灯", runs);
        Assert.Contains("路灯", runs);
        Assert.All(runs, run => Assert.InRange(run.Length, 1, PieceTrie.LongestRun));
        Assert.Contains("每天", words);
        Assert.Contains("小区", words);
        Assert.All(words, word => Assert.All(word, c => Assert.True(char.IsLetterOrDigit(c))));
    }

    [Fact]
    public void Fast_vectors_equal_simple_ones() => Texts.ForAll(Same);

    [Fact]
    public void Fast_vectors_equal_simple_ones_on_letters()
    {
        List<TrainingExample> letters = Invented.Letters(300, 20, seed: 9);
        foreach (TrainingExample letter in letters) Same(letter.Text);
        Assert.Equal(300, letters.Count);
    }

    [Fact]
    public void Words_are_cut_along_the_most_probable_path()
    {
        var space = new FeatureSpace(["ab", "abc", "c", "cd", "d"], 0, [1, 1, 1, 1, 1], [1, 2, 2, 1, 5], 9);
        var scratch = new FeatureScratch();
        List<PlacedPiece> found = space.Find("xabcd", scratch);
        // ab cd costs 2, abc d costs 7; x is no word.
        Assert.Equal([new PlacedPiece(3, 3, 2), new PlacedPiece(0, 1, 2)], found);
    }

    [Fact]
    public void A_title_weighs_the_same_before_any_body()
    {
        var scratch = new FeatureScratch();
        float Title(string text)
        {
            SparseVector vector = Space.Vector(text, scratch);
            int feature = Array.IndexOf(Space.Pieces, "灯");
            int at = Array.IndexOf(vector.Features, feature);
            return vector.Values[at];
        }

        float one = Title("路灯\n请领导小区");
        float many = Title("路灯\n" + string.Concat(Enumerable.Repeat("请领导小区", 50)));
        Assert.Equal(one, many, 4);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("  \n\t")]
    [InlineData("龘")]
    public void A_text_without_known_pieces_has_no_features(string text) => Assert.Empty(Space.Vector(text, new FeatureScratch()).Features);

    private static void Same(string text)
    {
        SparseVector fast = Space.Vector(text, new FeatureScratch());
        Dictionary<int, double> simple = Simple(text);
        Assert.Equal(simple.Count, fast.Features.Length);
        Assert.Equal(fast.Features.Length, fast.Features.Distinct().Count());
        for (int i = 0; i < fast.Features.Length; i++) Assert.Equal(simple[fast.Features[i]], fast.Values[i], 1e-4);
    }

    private static Dictionary<int, double> Simple(string text)
    {
        int title = Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal));
        var mixed = new Dictionary<int, double>();
        foreach ((string field, double share) in ((string, double)[])[(text[..title], 0.4), (text[title..], 0.6)])
        {
            string form = string.Concat(NormalizedText.Of(field).Value.Select(LetterForm.Of));
            foreach (bool runs in (bool[])[true, false])
            {
                var values = (runs ? SimpleRuns(form) : SimpleWords(form)).GroupBy(feature => feature)
                    .ToDictionary(group => group.Key, group => (1 + Math.Log(group.Count())) * Space.Idf[group.Key]);
                double length = Math.Sqrt(values.Values.Sum(value => value * value));
                foreach ((int feature, double value) in values) mixed[feature] = mixed.GetValueOrDefault(feature) + (share * value / length);
            }
        }

        double Length(bool runs) => Math.Sqrt(mixed.Where(pair => pair.Key < Space.Runs == runs).Sum(pair => pair.Value * pair.Value));
        (double ofRuns, double ofWords) = (Length(true), Length(false));
        return mixed.ToDictionary(pair => pair.Key, pair => pair.Key < Space.Runs ? pair.Value / ofRuns : 0.5 * pair.Value / ofWords);
    }

    private static IEnumerable<int> SimpleRuns(string form)
    {
        for (int start = 0; start < form.Length; start++)
        {
            for (int length = 1; length <= 2 && start + length <= form.Length; length++)
            {
                int feature = Array.IndexOf(Space.Pieces, form.Substring(start, length), 0, Space.Runs);
                if (feature >= 0) yield return feature;
            }
        }
    }

    private static List<int> SimpleWords(string form)
    {
        var paths = new (double Cost, int From, int Word)[form.Length + 1];
        for (int end = 1; end <= form.Length; end++)
        {
            paths[end].Cost = double.PositiveInfinity;
            for (int start = Math.Max(0, end - PieceTrie.LongestPiece); start < end; start++)
            {
                int word = Array.IndexOf(Space.Pieces, form[start..end], Space.Runs);
                if (word < 0 && end - start > 1) continue;
                double cost = paths[start].Cost + (word < 0 ? Space.UnknownCost : Space.Costs[word - Space.Runs]);
                if (cost < paths[end].Cost) paths[end] = (cost, start, word);
            }
        }

        var words = new List<int>();
        for (int end = form.Length; end > 0; end = paths[end].From)
        {
            if (paths[end].Word >= 0) words.Add(paths[end].Word);
        }

        return words;
    }
}
