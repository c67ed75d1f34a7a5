using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Tests.Segmentation;
using Opinion.DictionaryBuilder;

namespace Opinion.Analysis.Tests.Data;

/// <summary>The shipped dictionaries, loaded once for all tests.</summary>
public static class Loaded
{
    private static readonly Lazy<Segmenter> LazySegmenter = new(() => DictionaryFolder.Default.LoadSegmenter());
    private static readonly Lazy<WordTable> LazyWordTable = new(() => Source("words.txt", WordTable.Load));
    private static readonly Lazy<HmmTables> LazyHmmTables = new(() => Source("hmm.tsv", HmmTables.Load));
    private static readonly Lazy<SimpleSegmenter> LazySimpleSegmenter = new(() => new SimpleSegmenter(new SimpleWords(WordTable), HmmTables));
    private static readonly Lazy<Redactor> LazyRedactor = new(() => DictionaryFolder.Default.LoadRedactor(Segmenter.Words));
    private static readonly Lazy<NeedSorter> LazyNeeds = new(() => DictionaryFolder.Default.LoadNeedSorter());

    public static Segmenter Segmenter => LazySegmenter.Value;

    internal static WordTable WordTable => LazyWordTable.Value;

    internal static HmmTables HmmTables => LazyHmmTables.Value;

    internal static SimpleSegmenter SimpleSegmenter => LazySimpleSegmenter.Value;

    public static Redactor Redactor => LazyRedactor.Value;

    public static NeedSorter Needs => LazyNeeds.Value;

    private static T Source<T>(string name, Func<Stream, string, T> load)
    {
        using FileStream stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "dictionary-sources", name));
        return load(stream, name);
    }
}
