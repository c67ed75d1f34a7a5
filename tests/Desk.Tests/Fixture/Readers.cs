using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Desk.Letters;

namespace Opinion.Desk.Tests.Fixture;

/// <summary>The program's own dictionaries, loaded once for all tests: they are immutable and take a second to load.</summary>
public static class Readers
{
    private static readonly DictionaryFolder Dictionaries = DictionaryFolder.Default;
    private static readonly NeedSorter Needs = Dictionaries.LoadNeedSorter();
    private static readonly SubjectLexicon Lexicon = Dictionaries.LoadSubjectLexicon();

    public static Segmenter Segmenter { get; } = Dictionaries.LoadSegmenter();

    /// <summary>Reads letters as the program does.</summary>
    public static LetterReader Whole { get; } = new(Dictionaries.LoadRedactor(Segmenter.Words), null, Lexicon, Needs);

    /// <summary>Reads letters as the program does when its redactor could not be loaded.</summary>
    public static LetterReader WithoutRedactor { get; } = new(null, null, Lexicon, Needs);

    /// <summary>Reads letters as the program does when its need sorter could not be loaded.</summary>
    public static LetterReader WithoutNeeds { get; } = new(Dictionaries.LoadRedactor(Segmenter.Words), null, Lexicon, null);
}
