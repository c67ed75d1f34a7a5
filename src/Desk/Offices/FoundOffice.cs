using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Offices;

/// <summary>What a new office begins with. Departments, subject scheme and calendar come from the starter tables of this program.</summary>
public sealed record OfficeFoundation(Name Name, string TimeZone, IReadOnlyList<District> Districts, double SortingThreshold, int ObjectionDays, int TransferHoldHours, int TextRetentionMonths)
{
    /// <summary>An office without a name of its own yet and without districts.</summary>
    public static OfficeFoundation Plain { get; } = new(new Name("市民来信办公室", "Residents' Letters Office"), "Asia/Shanghai", [], 0.5, 15, 24, 36);
}

/// <summary>Writes a new office into an empty store. Done once; an office that exists is left as it is.</summary>
public sealed class FoundOffice(DeskStore store, TimeProvider clock)
{
    /// <summary>Founds the office if the store holds none.</summary>
    /// <returns>Whether an office was founded.</returns>
    public async Task<bool> HandleAsync(OfficeFoundation foundation, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        if (await session.CountAsync("SELECT COUNT(*) FROM office_settings", cancel) > 0) return false;
        var founded = clock.GetUtcNow().ToUnixTimeMilliseconds();

        await SettingAsync(session, "name.zh", foundation.Name.Zh, cancel);
        await SettingAsync(session, "name.en", foundation.Name.En, cancel);
        await SettingAsync(session, "time-zone", foundation.TimeZone, cancel);
        await SettingAsync(session, "installation-id", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), cancel);
        await SettingAsync(session, "sorting-threshold", foundation.SortingThreshold.ToString(CultureInfo.InvariantCulture), cancel);
        await SettingAsync(session, "objection-days", Text(foundation.ObjectionDays), cancel);
        await SettingAsync(session, "transfer-hold-hours", Text(foundation.TransferHoldHours), cancel);
        await SettingAsync(session, "text-retention-months", Text(foundation.TextRetentionMonths), cancel);
        await SettingAsync(session, "revision", "1", cancel);

        var position = 0;
        foreach (var row in Table("departments.tsv", "code", "zh", "en", "kind"))
        {
            await session.ExecuteAsync("INSERT INTO departments (code, name_zh, name_en, kind, position) VALUES (@code, @zh, @en, @kind, @position)", cancel,
                ("code", row[0]), ("zh", row[1]), ("en", row[2]), ("kind", row[3]), ("position", position++));
        }

        position = 0;
        foreach (var district in foundation.Districts)
        {
            await session.ExecuteAsync("INSERT INTO districts (code, name_zh, name_en, position) VALUES (@code, @zh, @en, @position)", cancel,
                ("code", district.Code), ("zh", district.Name.Zh), ("en", district.Name.En), ("position", position++));
        }

        position = 0;
        foreach (var row in Table("subjects.tsv", "code", "parent", "zh", "en", "department", "days"))
        {
            await session.ExecuteAsync("INSERT INTO subjects (code, parent, name_zh, name_en, department, days, position) VALUES (@code, @parent, @zh, @en, @department, @days, @position)", cancel,
                ("code", row[0]), ("parent", NullIfEmpty(row[1])), ("zh", row[2]), ("en", row[3]), ("department", NullIfEmpty(row[4])),
                ("days", row[5].Length == 0 ? null : int.Parse(row[5], CultureInfo.InvariantCulture)), ("position", position++));
            await session.ExecuteAsync("INSERT INTO subject_changes (changed_at, code, change) VALUES (@at, @code, 'added')", cancel,
                ("at", founded), ("code", row[0]));
        }

        foreach (var row in Table("calendar.tsv", "day", "kind", "zh", "en"))
        {
            await session.ExecuteAsync("INSERT INTO calendar_days (day, kind, name_zh, name_en) VALUES (@day, @kind, @zh, @en)", cancel,
                ("day", row[0]), ("kind", row[1]), ("zh", row[2]), ("en", row[3]));
        }

        await session.CommitAsync(cancel);
        return true;
    }

    private static async Task SettingAsync(StoreSession session, string name, string value, CancellationToken cancel) =>
        await session.ExecuteAsync("INSERT INTO office_settings (name, value) VALUES (@name, @value)", cancel, ("name", name), ("value", value));

    private static IEnumerable<string[]> Table(string file, params string[] columns)
    {
        using var stream = typeof(FoundOffice).Assembly.GetManifestResourceStream("Opinion.Desk.Offices.Starter." + file)
            ?? throw new StoreException($"The starter table {file} is missing from this build.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            var cells = line.Split('\t');
            if (cells.Length != columns.Length) throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"{file}, line {number}: {cells.Length} cells where {columns.Length} belong."));
            if (number > 1) yield return cells;
            else if (!cells.SequenceEqual(columns, StringComparer.Ordinal)) throw new StoreException($"{file}: the columns are not {string.Join(", ", columns)}.");
        }
    }

    private static string? NullIfEmpty(string cell) => cell.Length == 0 ? null : cell;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
