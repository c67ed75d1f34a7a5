using Microsoft.Extensions.Logging.Abstractions;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Architecture.Tests.Sources;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>Line 3: no verdict on what someone wrote.</summary>
public class Line3NoVerdict
{
    private static readonly string[] Verdicts =
    [
        "sentiment", "sentiments", "attitude", "stance", "emotion", "emotions", "mood", "polarity", "loyalty", "toxicity", "truth", "truthfulness", "credibility", "risk", "riskscore", "threat", "severity",
        "sensitivity", "sensitivewords", "sensitiveword", "blacklistedwords", "bannedwords", "negativity", "hostility", "extremism", "敏感词", "情感分析", "负面舆情", "风险等级",
    ];

    // In the code that learns, truth is the label a person gave an example.
    private static readonly string[] VerdictsInCode = [.. Verdicts.Where(word => word != "truth"), "truthscore", "truthvalue"];

    private static readonly string[] Needs = ["question", "complaint", "suggestion", "thanks", "urgent-danger"];

    [Fact]
    public void The_needs_are_five_and_fixed_in_code_and_schema()
    {
        Assert.Equal(Needs, Enum.GetValues<Need>().Select(need => need.NameOf()));
        using var schema = new Schema().WithLetter();
        Assert.Empty(WrongNeeds(schema));
        using var open = new Schema("PRAGMA ignore_check_constraints = ON").WithLetter();
        Assert.NotEmpty(WrongNeeds(open));
    }

    [Fact]
    public void Nothing_in_the_store_scores_what_somebody_wrote()
    {
        using var schema = new Schema();
        Assert.Empty(ForbiddenWords.InSchema(schema, Verdicts));
        // The only numbers about a text are how sure the desk is of subject and need.
        Assert.Equal(["letters.subject_confidence", "letters.need_confidence"], Numbers(schema));
    }

    [Theory]
    [InlineData("ALTER TABLE letters ADD COLUMN sentiment REAL")]
    [InlineData("ALTER TABLE letters ADD COLUMN risk_level TEXT")]
    [InlineData("ALTER TABLE claims ADD COLUMN truth TEXT")]
    [InlineData("CREATE TABLE sensitivity (word TEXT)")]
    public void A_verdict_in_the_store_is_noticed(string broken)
    {
        using var schema = new Schema(broken);
        Assert.NotEmpty(ForbiddenWords.InSchema(schema, Verdicts));
    }

    [Fact]
    public void A_new_number_about_a_letter_is_noticed()
    {
        using var schema = new Schema("ALTER TABLE letters ADD COLUMN heat REAL");
        Assert.Equal(3, Numbers(schema).Count());
    }

    [Fact]
    public void No_code_scores_truth_mood_attitude_or_loyalty()
    {
        Assert.InRange(Repository.Sources.Count, 80, 10_000);
        Assert.Empty(Repository.Sources.SelectMany(file => ForbiddenWords.InSource(file, VerdictsInCode)));
        Assert.NotEmpty(ForbiddenWords.InSource(new SourceFile("src/Analysis/Bad.cs", "double SentimentScore(string text)"), VerdictsInCode));
        Assert.NotEmpty(ForbiddenWords.InSource(new SourceFile("src/Analysis/Bad.cs", "var file = \"sensitive-words.tsv\";"), VerdictsInCode));
    }

    [Fact]
    public void Needs_and_words_of_danger_are_no_setting()
    {
        var settings = Repository.Sources.Single(file => file.Path == "src/Desk/Offices/FoundOffice.cs");
        var names = CSharpTokens.Texts(settings.Text).Select(token => token.Value).ToList();
        Assert.Contains("sorting-threshold", names);
        Assert.DoesNotContain(names, name => name.Contains("need", StringComparison.Ordinal) || name.Contains("danger", StringComparison.Ordinal));
        foreach (string file in (string[])["need-cues.tsv", "danger-cues.tsv", "need-samples.tsv"]) Assert.Contains(file, DictionaryFolder.Default.Files);
    }

    [Fact]
    public void The_desk_loads_no_model_whose_labels_are_not_in_the_scheme()
    {
        Assert.True(Loads("housing", "urban"));
        Assert.False(Loads("housing", "disloyal"));
        Assert.False(Loads("housing", "Housing"));
        Assert.False(LoadLetterReader.FitsScheme([], Scheme));
        Assert.False(LoadLetterReader.FitsScheme([""], Scheme));
    }

    private static SubjectScheme Scheme { get; } = new([new Subject("housing", null, new Name("住房", "Housing"), null, null), new Subject("urban", null, new Name("城管", "City"), null, null)]);

    private static bool Loads(string first, string second)
    {
        var folder = Directory.CreateTempSubdirectory("opinion-model-").FullName;
        try
        {
            var model = SorterModel.Train([.. Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? new TrainingExample("房屋漏水维修" + i, first) : new TrainingExample("路灯不亮垃圾" + i, second))]);
            Directory.CreateDirectory(Path.Combine(folder, "models"));
            using (var file = File.Create(Path.Combine(folder, LoadLetterReader.ModelFile))) model.Save(file);
            return LoadLetterReader.Load(DictionaryFolder.Default, DictionaryFolder.Default.LoadSegmenter(), folder, Scheme, NullLogger.Instance).HasModel;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> WrongNeeds(Schema schema) => Needs.Concat(["rumour", "dissent", "", "Question", "hostile", "petition"])
        .Where(need => schema.Takes($"UPDATE letters SET need = '{need}' WHERE id = 'a'") != Needs.Contains(need));

    private static IEnumerable<string> Numbers(Schema schema) => schema.Columns.Where(column => column.Type == "REAL").Select(column => column.ToString());
}
