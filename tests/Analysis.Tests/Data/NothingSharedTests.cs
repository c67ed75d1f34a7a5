using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Data;

/// <summary>
/// The shared data is personal and has no licence, so none of its texts may stand in the repository. A run of twelve Chinese
/// characters, whatever stands between them, is looked for; shorter runs are turns of phrase that anybody writes.
/// </summary>
public class NothingSharedTests(ITestOutputHelper output)
{
    private const int Length = 12;
    private const uint Base = 1_000_003;

    private static readonly string[] Folders = ["dictionaries", "docs", "samples", "src", "tests"];

    // Names of regulations are facts, whoever names them; words.txt is jieba's list, byte for byte.
    private static readonly string[] Facts = ["出租汽车经营服务管理规定"];

    [SharedDataFact]
    public void No_text_of_the_shared_data_stands_in_the_repository()
    {
        var ours = new Dictionary<ulong, (string File, string Run)>();
        foreach (string file in Files())
        {
            string name = Path.GetRelativePath(Root(), file);
            Walk(File.ReadAllText(file), (hash, run) => ours.TryAdd(hash, (name, new string(run))));
        }

        Assert.InRange(ours.Count, 10_000, 5_000_000);
        string[] data = Directory.GetFiles(Path.GetDirectoryName(SharedData.Path("letters_train.csv"))!, "*.csv");
        Assert.InRange(data.Length, 8, 50);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var facts = new HashSet<string>(StringComparer.Ordinal);
        long runs = 0;
        foreach (string file in data)
        {
            Walk(File.ReadAllText(file), (hash, run) =>
            {
                runs++;
                if (!ours.TryGetValue(hash, out (string File, string Run) own) || !run.SequenceEqual(own.Run)) return;
                if (Facts.Contains(own.Run)) facts.Add(own.Run);
                else found.Add($"{own.File}: {own.Run}");
            });
        }

        output.WriteLine($"{ours.Count} runs of the repository beside {runs} of the shared data");
        Assert.InRange(runs, 1_000_000, long.MaxValue);
        Assert.Empty(found);
        // What is let through was found, so the search bites.
        Assert.Equal(Facts.Length, facts.Count);
    }

    [Fact]
    public void A_run_is_found_across_signs()
    {
        var runs = new List<string>();
        Walk("一二三，四五六\n七八九 a 十百千万", (_, run) => runs.Add(new string(run)));
        Assert.Equal(["一二三四五六七八九十百千", "二三四五六七八九十百千万"], runs);
    }

    /// <summary>Every run of <see cref="Length"/> Chinese characters, with its rolling hash (Karp and Rabin 1987).</summary>
    private static void Walk(string text, Run each)
    {
        Span<char> han = text.Length < 1 << 16 ? stackalloc char[text.Length] : new char[text.Length];
        int count = 0;
        ulong hash = 0;
        ulong oldest = 1;
        for (int i = 0; i < Length; i++) oldest = unchecked(oldest * Base);
        foreach (char c in text)
        {
            if (c is < '\u4E00' or > '\u9FFF') continue;
            han[count++] = c;
            hash = unchecked((hash * Base) + c);
            if (count > Length) hash = unchecked(hash - (oldest * han[count - 1 - Length]));
            if (count >= Length) each(hash, han.Slice(count - Length, Length));
        }
    }

    private static IEnumerable<string> Files() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*", SearchOption.AllDirectories))
        .Append(Path.Combine(Root(), "README.md"))
        .Where(file => Path.GetExtension(file) is ".cs" or ".cshtml" or ".csv" or ".json" or ".jsonl" or ".md" or ".py" or ".resx" or ".tsv" or ".txt" or ".xml" or "")
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or "BenchmarkDotNet.Artifacts" or "words.txt"));

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Opinion.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No Opinion.sln above the tests.");
    }

    private delegate void Run(ulong hash, ReadOnlySpan<char> run);
}
