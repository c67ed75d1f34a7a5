using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Segmentation;

namespace Opinion.Analysis.Tests.Data;

/// <summary>The shipped dictionaries, loaded once for all tests.</summary>
public static class Loaded
{
    private static readonly Lazy<Segmenter> LazySegmenter = new(() => DictionaryFolder.Default.LoadSegmenter());
    private static readonly Lazy<Redactor> LazyRedactor = new(() => DictionaryFolder.Default.LoadRedactor(Segmenter.Words));
    private static readonly Lazy<NeedSorter> LazyNeeds = new(() => DictionaryFolder.Default.LoadNeedSorter());

    public static Segmenter Segmenter => LazySegmenter.Value;

    public static Redactor Redactor => LazyRedactor.Value;

    public static NeedSorter Needs => LazyNeeds.Value;
}
