using System.Security.Cryptography;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Similarity;
using Opinion.Analysis.Topics;

namespace Opinion.Analysis.Dictionaries;

/// <summary>
/// The folder of word lists and tables that ships with the program. Every file is checked against
/// <c>SHA256SUMS</c> before it is read, so that a damaged or exchanged file is noticed and named.
/// </summary>
public sealed class DictionaryFolder
{
    /// <summary>The file of checksums, in the form of <c>sha256sum</c>.</summary>
    public const string ChecksumFile = "SHA256SUMS";

    /// <summary>The office's own words. It is for the office to change, so it has no checksum.</summary>
    public const string OfficeFile = "office.txt";

    private readonly Dictionary<string, string> _checksums;

    private DictionaryFolder(string path, Dictionary<string, string> checksums)
    {
        Path = path;
        _checksums = checksums;
    }

    /// <summary>The folder beside the running program.</summary>
    /// <exception cref="DictionaryException">The folder or its checksum file is missing or cannot be read.</exception>
    public static DictionaryFolder Default => Open(System.IO.Path.Combine(AppContext.BaseDirectory, "dictionaries"));

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>The names of the files that have a checksum.</summary>
    public IReadOnlyCollection<string> Files => _checksums.Keys;

    /// <summary>Opens a folder and reads its checksums, not yet its files.</summary>
    /// <exception cref="DictionaryException">The folder or its checksum file is missing or cannot be read.</exception>
    public static DictionaryFolder Open(string path)
    {
        string file = System.IO.Path.Combine(path, ChecksumFile);
        if (!File.Exists(file)) throw new DictionaryException(file, 0, "the file is missing");
        using FileStream stream = File.OpenRead(file);
        var checksums = new Dictionary<string, string>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in DictionaryText.Read(stream, file).Split('\n'))
        {
            number++;
            if (line.Length == 0) continue;
            if (line.Length < 67 || !line.AsSpan(64, 2).SequenceEqual("  ") || !IsChecksum(line.AsSpan(0, 64)))
            {
                throw new DictionaryException(file, number, "not a SHA-256 checksum, two spaces and a file name");
            }

            checksums[line[66..]] = line[..64];
        }

        return new DictionaryFolder(path, checksums);
    }

    /// <summary>Reads one file whole and checks it.</summary>
    /// <param name="name">A file name without folder.</param>
    /// <returns>The bytes, as a stream at its beginning.</returns>
    /// <exception cref="DictionaryException">The file is missing, has no checksum, or another one than it should.</exception>
    public Stream Read(string name)
    {
        string file = System.IO.Path.Combine(Path, name);
        if (!_checksums.TryGetValue(name, out string? expected)) throw new DictionaryException(file, 0, $"no checksum in {ChecksumFile}");
        if (!File.Exists(file)) throw new DictionaryException(file, 0, "the file is missing");
        byte[] bytes = File.ReadAllBytes(file);
        string actual = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!string.Equals(actual, expected, StringComparison.Ordinal))
        {
            throw new DictionaryException(file, 0, $"the SHA-256 checksum is {actual}, not {expected} as in {ChecksumFile}");
        }

        return new MemoryStream(bytes, writable: false);
    }

    /// <summary>Loads the words: the prebuilt <c>words.bin</c>, and over it <c>office.txt</c> where there is one.</summary>
    /// <exception cref="DictionaryException">A file cannot be used, or was made of other files than this folder's.</exception>
    public WordList LoadWords()
    {
        UserWords? userWords = null;
        string office = System.IO.Path.Combine(Path, OfficeFile);
        if (File.Exists(office))
        {
            using FileStream stream = File.OpenRead(office);
            userWords = UserWords.Load(stream, office);
        }

        return WordList.Load(System.IO.Path.Combine(Path, WordFile.Name), userWords, CheckSource);
    }

    /// <summary>Loads the segmenter: <see cref="LoadWords"/> and the model in the same file.</summary>
    /// <exception cref="DictionaryException">A file cannot be used.</exception>
    public Segmenter LoadSegmenter() => new(LoadWords());

    /// <summary>Loads the redactor: <c>regions.tsv</c>, <c>surnames.tsv</c>, <c>name-characters.tsv</c> and <c>chinese-folding.tsv</c>.</summary>
    /// <param name="words">The word list that a segmenter already holds, or <see cref="LoadWords"/>.</param>
    /// <exception cref="DictionaryException">A file cannot be used.</exception>
    public Redactor LoadRedactor(WordList words)
    {
        ChineseFolding folding = ChineseFolding.Load(this);
        NameTable names = Load("name-characters.tsv", (stream, name) => NameTable.Load(stream, folding, name));
        SurnameTable surnames = Load("surnames.tsv", (stream, name) => SurnameTable.Load(stream, folding, name));
        return new(Load("regions.tsv", RegionTable.Load), surnames, words, names, folding);
    }

    /// <summary>Loads the sorter of needs: <c>need-cues.tsv</c>, <c>danger-cues.tsv</c>, <c>need-samples.tsv</c> and <c>chinese-folding.tsv</c>.</summary>
    /// <exception cref="DictionaryException">A file cannot be used.</exception>
    public NeedSorter LoadNeedSorter() => NeedSorter.Load(this);

    /// <summary>Loads the subject lexicon, <c>subject-lexicon.tsv</c>.</summary>
    /// <exception cref="DictionaryException">The file cannot be used.</exception>
    public SubjectLexicon LoadSubjectLexicon() => Load("subject-lexicon.tsv", SubjectLexicon.Load);

    /// <summary>Loads the grams of common words, <c>topic-grams.tsv</c>.</summary>
    /// <exception cref="DictionaryException">The file cannot be used.</exception>
    public GramTable LoadGramTable() => Load("topic-grams.tsv", GramTable.Load);

    private static bool IsChecksum(ReadOnlySpan<char> digits)
    {
        foreach (char digit in digits)
        {
            if (!char.IsAsciiHexDigitLower(digit)) return false;
        }

        return true;
    }

    // The tables that words.bin is made of need not lie here, but their checksums do.
    private void CheckSource(string file, string source, string checksum)
    {
        if (!_checksums.TryGetValue(source, out string? expected)) throw new DictionaryException(file, 0, $"no checksum of {source} in {ChecksumFile}");
        if (!string.Equals(checksum, expected, StringComparison.Ordinal))
        {
            throw new DictionaryException(file, 0, $"made of another {source} than the one in {ChecksumFile}; build the program again");
        }
    }

    private T Load<T>(string name, Func<Stream, string, T> load)
    {
        using Stream stream = Read(name);
        return load(stream, System.IO.Path.Combine(Path, name));
    }
}
