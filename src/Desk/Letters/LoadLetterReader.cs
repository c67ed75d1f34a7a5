using Microsoft.Extensions.Logging;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Letters;

/// <summary>Builds what reads letters from the dictionaries that ship with the program and the office's own model.</summary>
public static partial class LoadLetterReader
{
    /// <summary>Where an office's own model lies below its data folder.</summary>
    public const string ModelFile = "models/subjects.model";

    /// <summary>
    /// Loads the reader. What is missing or damaged is logged and left out: without a redactor letters wait, without a
    /// model the lexicon sorts, and a model with a label that is not in the public scheme is never used.
    /// </summary>
    public static LetterReader Load(DictionaryFolder dictionaries, Segmenter segmenter, string dataFolder, SubjectScheme scheme, ILogger log)
    {
        var redactor = TryLoad("redactor", () => dictionaries.LoadRedactor(segmenter.Words), log);
        var lexicon = TryLoad("subject lexicon", dictionaries.LoadSubjectLexicon, log);
        return new LetterReader(redactor, LoadModel(Path.Combine(dataFolder, ModelFile), segmenter, scheme, log), lexicon, TryLoad("need sorter", dictionaries.LoadNeedSorter, log));
    }

    /// <summary>Whether a model may be used: every label of it is a subject of the public scheme.</summary>
    public static bool FitsScheme(IReadOnlyList<string> labels, SubjectScheme scheme) => labels.Count > 0 && labels.All(label => scheme.Find(label) is not null);

    private static TextSorter? LoadModel(string path, Segmenter segmenter, SubjectScheme scheme, ILogger log)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var model = SorterModel.Load(path);
            if (FitsScheme(model.Labels, scheme)) return new TextSorter(model, segmenter);
            LogForeignLabels(log, path, string.Join(", ", model.Labels.Where(label => scheme.Find(label) is null).Take(5)));
        }
        catch (Exception error) when (error is ModelException or IOException or UnauthorizedAccessException)
        {
            LogLeftOut(log, "model", error.Message);
        }

        return null;
    }

    private static T? TryLoad<T>(string what, Func<T> load, ILogger log)
        where T : class
    {
        try
        {
            return load();
        }
        catch (Exception error) when (error is DictionaryException or IOException or UnauthorizedAccessException)
        {
            LogLeftOut(log, what, error.Message);
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The {What} could not be loaded and is left out: {Reason}")]
    private static partial void LogLeftOut(ILogger log, string what, string reason);

    [LoggerMessage(2, LogLevel.Error, "The model {Path} has labels that are not in the subject scheme ({Labels}) and is not used")]
    private static partial void LogForeignLabels(ILogger log, string path, string labels);
}
