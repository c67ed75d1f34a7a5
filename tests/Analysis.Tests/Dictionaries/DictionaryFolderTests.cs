using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Dictionaries;

[Collection(Alone.Name)]
public sealed class DictionaryFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-dictionaries-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_shipped_file_has_its_checksum()
    {
        DictionaryFolder folder = DictionaryFolder.Default;
        Assert.Superset(new HashSet<string> { "words.txt", "hmm.tsv", "surnames.tsv", "regions.tsv", "need-cues.tsv" }, folder.Files.ToHashSet());
        string[] sources = ["words.txt", "hmm.tsv"];
        foreach (string file in folder.Files.Except(sources)) folder.Read(file).Dispose();
        foreach (string source in sources) Assert.False(File.Exists(Path.Combine(folder.Path, source)), $"{source} is shipped beside what was made of it");
        string[] tables = [.. Directory.GetFiles(folder.Path).Select(file => Path.GetFileName(file)).Where(name => name.EndsWith(".tsv", StringComparison.Ordinal) || name.EndsWith(".txt", StringComparison.Ordinal))];
        Assert.Equal([DictionaryFolder.OfficeFile], tables.Except(folder.Files));
    }

    [Fact]
    public void Every_file_has_its_provenance()
    {
        string provenance = File.ReadAllText(Path.Combine(DictionaryFolder.Default.Path, "PROVENANCE.md"));
        foreach (string file in DictionaryFolder.Default.Files) Assert.Contains($"`{file}`", provenance, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_file_is_refused_by_name()
    {
        File.WriteAllText(Path.Combine(_folder, "subject-lexicon.tsv"), "kind\n");
        File.WriteAllText(Path.Combine(_folder, DictionaryFolder.ChecksumFile), new string('0', 64) + "  subject-lexicon.tsv\n");
        var error = Assert.Throws<DictionaryException>(() => DictionaryFolder.Open(_folder).LoadSubjectLexicon());
        Assert.EndsWith("subject-lexicon.tsv", error.File, StringComparison.Ordinal);
        Assert.Contains("checksum", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Contains("missing", Assert.Throws<DictionaryException>(() => DictionaryFolder.Open(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, DictionaryFolder.ChecksumFile), new string('0', 64) + "  words.txt\n");
        DictionaryFolder folder = DictionaryFolder.Open(_folder);
        Assert.Contains("missing", Assert.Throws<DictionaryException>(() => folder.LoadWords()).Message, StringComparison.Ordinal);
        Assert.Contains("no checksum", Assert.Throws<DictionaryException>(() => folder.LoadNeedSorter()).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, DictionaryFolder.ChecksumFile), "abc\n");
        Assert.Equal(1, Assert.Throws<DictionaryException>(() => DictionaryFolder.Open(_folder)).Line);
    }
}
