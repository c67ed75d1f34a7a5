using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.SampleTown;

/// <summary>A letter of the sample town. Days are counted back from the day the town is set up, so that it is always fresh.</summary>
public sealed record TownLetter(string Id, double DaysAgo, TimeSpan Time, string Channel, string Subject, string District, string Place, string Title, string Body, bool Publish, string Name, string Phone, string Email, string About);

/// <summary>Something done on a letter some days after it arrived.</summary>
public sealed record TownDeed(string Letter, double AfterDays, string Action, string Argument, string Text);

/// <summary>An account of the sample town, with the password that is printed at the start.</summary>
public sealed record TownAccount(string Login, Name Name, string Role, string? Department, bool OnDuty, string Password);

/// <summary>A labelled example from which the town's sorter is trained.</summary>
public sealed record TownExample(string Text, string Label);

/// <summary>The files of a sample town, read whole and checked.</summary>
public sealed class TownFiles
{
    private readonly string _folder;

    private TownFiles(string folder, OfficeFoundation foundation)
    {
        _folder = folder;
        Foundation = foundation;
    }

    /// <summary>What the town's office begins with.</summary>
    public OfficeFoundation Foundation { get; }

    /// <summary>Opens a folder with a sample town.</summary>
    /// <exception cref="StoreException">The folder or its <c>office.json</c> is missing or unusable.</exception>
    public static TownFiles Open(string folder)
    {
        var path = Path.Combine(folder, "office.json");
        if (!File.Exists(path)) throw new StoreException($"There is no sample town in {folder}: {path} is missing.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            var settings = root.GetProperty("settings");
            return new TownFiles(folder, new OfficeFoundation(
                NameOf(root.GetProperty("name")), root.GetProperty("timeZone").GetString()!,
                [.. root.GetProperty("districts").EnumerateArray().Select(district => new District(district.GetProperty("code").GetString()!, NameOf(district)))],
                settings.GetProperty("sortingThreshold").GetDouble(), settings.GetProperty("objectionDays").GetInt32(),
                settings.GetProperty("transferHoldHours").GetInt32(), settings.GetProperty("textRetentionMonths").GetInt32()));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StoreException($"{path} cannot be used: {error.Message}", error);
        }
    }

    /// <summary>The letters.</summary>
    public IReadOnlyList<TownLetter> Letters() => Read("letters.csv", row => new TownLetter(row("id"), Number(row("days_ago")), TimeSpan.Parse(row("time"), CultureInfo.InvariantCulture), row("channel"),
        row("subject"), row("district"), row("place"), row("title"), row("body"), row("publish") == "yes", row("name"), row("phone"), row("email"), row("about_department")));

    /// <summary>What was done on them.</summary>
    public IReadOnlyList<TownDeed> Deeds() => Read("casework.csv", row => new TownDeed(row("letter"), Number(row("after_days")), row("action"), row("argument"), row("text")));

    /// <summary>The accounts.</summary>
    public IReadOnlyList<TownAccount> Accounts() => Read("accounts.csv", row => new TownAccount(row("login"), new Name(row("name_zh"), row("name_en")), row("role"), row("department") is { Length: > 0 } department ? department : null, row("duty") == "yes", row("password")));

    /// <summary>The training examples.</summary>
    public IReadOnlyList<TownExample> Training() => Read("training.csv", row => new TownExample(row("title") + "\n" + row("body"), row("label")));

    /// <summary>The answer bank.</summary>
    public IReadOnlyList<Desk.Answers.BankEntry> Bank() => Read("bank.csv", row => new Desk.Answers.BankEntry(row("id"), row("subject"), row("question"), row("alternatives").Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        row("answer"), row("basis"), row("source"), DateOnly.ParseExact(row("review"), "yyyy-MM-dd", CultureInfo.InvariantCulture)));

    private List<T> Read<T>(string file, Func<Func<string, string>, T> make)
    {
        var path = Path.Combine(_folder, file);
        if (!File.Exists(path)) throw new StoreException($"The sample town has no {path}.");
        using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture));
        var rows = new List<T>();
        try
        {
            csv.Read();
            csv.ReadHeader();
            while (csv.Read()) rows.Add(make(column => csv.GetField(column) ?? ""));
        }
        catch (Exception error) when (error is CsvHelperException or FormatException or DecoderFallbackException)
        {
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"{path}, row {csv.Parser.Row}: {error.Message}"), error);
        }

        return rows;
    }

    private static Name NameOf(JsonElement element) => new(element.GetProperty("zh").GetString()!, element.GetProperty("en").GetString()!);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
