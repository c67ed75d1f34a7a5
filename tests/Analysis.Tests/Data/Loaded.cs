using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;

namespace Opinion.Analysis.Tests.Data;

/// <summary>The shipped dictionaries, loaded once for all tests.</summary>
public static class Loaded
{
    private static readonly Lazy<Segmenter> LazySegmenter = new(() => DictionaryFolder.Default.LoadSegmenter());

    public static Segmenter Segmenter => LazySegmenter.Value;
}
