using System.Globalization;
using NodaTime;
using Opinion.Desk.Deadlines;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Offices;

/// <summary>One change of the public subject scheme.</summary>
public sealed record SchemeChange(DateTimeOffset At, string Code, string Change);

/// <summary>A day on which the calendar differs from the weekday's rule.</summary>
public sealed record CalendarDay(DateOnly Day, DayKind Kind, Name Name);

/// <summary>
/// Reads the office from the store. The last reading is shared and read again when the store's revision number has moved,
/// so a change made on one node is seen by the others at their next piece of work.
/// </summary>
public sealed class OfficeDirectory(DeskStore store)
{
    private volatile Reading? _last;

    /// <summary>The office as it stands now.</summary>
    /// <exception cref="StoreException">The store holds no office, or a setting of it is unusable.</exception>
    public async Task<Office> GetAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        var revision = await session.CountAsync("SELECT value FROM office_settings WHERE name = 'revision'", cancel);
        var last = _last;
        if (last is not null && last.Revision == revision) return last.Office;
        var office = await ReadAsync(session, cancel);
        _last = new Reading(revision, office);
        return office;
    }

    /// <summary>The office as it stands now; as it was read last where the store cannot be reached, for pages that must be shown even then.</summary>
    /// <exception cref="StoreException">The store holds no office, or a setting of it is unusable.</exception>
    public async Task<Office> GetOrLastAsync(CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await GetAsync(cancel);
            }
            catch (System.Data.Common.DbException error) when (_last is not null && StoreFaults.Of(error) is not null)
            {
                // A connection that broke while nobody used it is noticed by the first who does; the second gets a new one.
                if (attempt == 2) return _last.Office;
            }
        }
    }

    /// <summary>What changed in the subject scheme since the office was founded, newest first.</summary>
    public async Task<IReadOnlyList<SchemeChange>> SchemeChangesAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            "SELECT changed_at, code, change FROM subject_changes WHERE changed_at > (SELECT MIN(changed_at) FROM subject_changes) ORDER BY id DESC",
            row => new SchemeChange(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), row.GetString(1), row.GetString(2)), cancel);
    }

    /// <summary>The calendar's exceptions, by day.</summary>
    public async Task<IReadOnlyList<CalendarDay>> CalendarAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync("SELECT day, kind, name_zh, name_en FROM calendar_days ORDER BY day",
            row => new CalendarDay(DayOf(row.GetString(0)), DayKindOf(row.GetString(1)), new Name(row.GetString(2), row.GetString(3))), cancel);
    }

    private static async Task<Office> ReadAsync(StoreSession session, CancellationToken cancel)
    {
        var values = (await session.QueryAsync("SELECT name, value FROM office_settings", row => (Name: row.GetString(0), Value: row.GetString(1)), cancel))
            .ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        if (values.Count == 0) throw new StoreException("The store holds no office yet.");
        var settings = new OfficeSettings(
            new Name(Value(values, "name.zh"), Value(values, "name.en")), Value(values, "time-zone"), Value(values, "installation-id"),
            double.Parse(Value(values, "sorting-threshold"), CultureInfo.InvariantCulture), Number(values, "objection-days"),
            Number(values, "transfer-hold-hours"), Number(values, "text-retention-months"));
        var departments = await session.QueryAsync("SELECT code, name_zh, name_en, kind FROM departments WHERE active = 1 ORDER BY CASE kind WHEN 'line' THEN 0 ELSE 1 END, position",
            row => new Department(row.GetString(0), new Name(row.GetString(1), row.GetString(2)), KindOf(row.GetString(3))), cancel);
        var districts = await session.QueryAsync("SELECT code, name_zh, name_en FROM districts ORDER BY position",
            row => new District(row.GetString(0), new Name(row.GetString(1), row.GetString(2))), cancel);
        var subjects = await session.QueryAsync("SELECT code, parent, name_zh, name_en, department, days FROM subjects WHERE retired = 0 ORDER BY position",
            row => new Subject(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), new Name(row.GetString(2), row.GetString(3)),
                row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetInt32(5)), cancel);
        var days = await session.QueryAsync("SELECT day, kind FROM calendar_days",
            row => (Day: DayOf(row.GetString(0)), Kind: DayKindOf(row.GetString(1))), cancel);
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(settings.TimeZone) ?? throw new StoreException($"The office's time zone {settings.TimeZone} is not known.");
        return new Office(settings, departments, districts, new SubjectScheme(subjects), new WorkingCalendar(zone, days.ToDictionary(day => day.Day, day => day.Kind)));
    }

    private static string Value(Dictionary<string, string> values, string name) =>
        values.GetValueOrDefault(name) ?? throw new StoreException($"The office's setting {name} is missing.");

    private static int Number(Dictionary<string, string> values, string name) => int.Parse(Value(values, name), CultureInfo.InvariantCulture);

    private static DateOnly DayOf(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DayKind DayKindOf(string kind) => kind == "workday" ? DayKind.Workday : DayKind.Holiday;

    private static DepartmentKind KindOf(string kind) => kind switch
    {
        "intake" => DepartmentKind.Intake,
        "supervision" => DepartmentKind.Supervision,
        _ => DepartmentKind.Line,
    };

    private sealed record Reading(long Revision, Office Office);
}
