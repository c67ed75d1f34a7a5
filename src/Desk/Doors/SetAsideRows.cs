using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Doors;

/// <summary>A row of a sheet, or a mail, that could not be taken.</summary>
/// <param name="Channel">The door it came through.</param>
/// <param name="Reason">One of <see cref="SetAsideReasons"/>.</param>
/// <param name="Source">The file's name, or what else leads the office back to it; never its path or content.</param>
/// <param name="Line">The row as a spreadsheet counts it; null where there are no rows.</param>
/// <param name="Field">The title of the column it is about; null where it is about the whole.</param>
/// <param name="Content">What it says, to be sealed.</param>
public sealed record NotTaken(Channel Channel, string Reason, string Source, long? Line, string? Field, string Content);

/// <summary>What may be told of such a row: where it is and why, nothing it says.</summary>
public sealed record SetAsideRow(string Id, Channel Channel, string Reason, string Source, long? Line, string? Field, DateTimeOffset At);

/// <summary>
/// What came through a door and could not be taken. Place and reason are for the administrator's page; what it says is
/// sealed and opened, one by one and audited with a reason, by the intake's officers and the duty editor. It goes when they
/// have dealt with it, at the latest when the time of keeping texts is over. The same thing set aside twice is there once.
/// </summary>
public sealed class SetAsideRows(DeskStore store, Sealer sealer, OfficeKeys keys, LetterReader reader, OfficeDirectory offices, AuditLog audit, TimeProvider clock)
{
    /// <summary>The longest source and field that are kept, in UTF-16 code units.</summary>
    public const int PlaceLimit = 200;

    private const string Columns = "SELECT id, channel, reason, source, line, field, set_aside_at FROM set_aside_rows ";

    /// <summary>Sets things aside, in one transaction: all are durable when it returns, or none is.</summary>
    /// <returns>How many were new.</returns>
    /// <exception cref="ArgumentException">A reason is none of the program's own words.</exception>
    public async Task<int> PutAsync(IReadOnlyList<NotTaken> rows, CancellationToken cancel)
    {
        if (rows.Count == 0) return 0;
        foreach (var row in rows)
        {
            if (!SetAsideReasons.IsWord(row.Reason)) throw new ArgumentException("A reason must be one of the program's own words.", nameof(rows));
        }

        var prepared = rows.Select(row => (Row: row, Id: IdOf(row))).DistinctBy(row => row.Id, StringComparer.Ordinal).OrderBy(row => row.Id, StringComparer.Ordinal)
            .Select(row => (row.Row, row.Id, Box: sealer.Seal(row.Row.Content, SealedRows.BindingOf(row.Id)))).ToList();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var news = 0;
        // Whether a row is new is decided by its key alone, so letters need not wait for it.
        await using var session = await store.WriteSharedAsync(cancel);
        foreach (var (row, id, box) in prepared)
        {
            var added = await session.ExecuteAsync(
                "INSERT INTO set_aside_rows (id, channel, reason, source, line, field, set_aside_at) VALUES (@id, @channel, @reason, @source, @line, @field, @now) ON CONFLICT DO NOTHING", cancel,
                ("id", id), ("channel", row.Channel.NameOf()), ("reason", row.Reason), ("source", Short(row.Source)), ("line", row.Line), ("field", row.Field is null ? null : Short(row.Field)), ("now", now));
            if (added == 0) continue;
            await SealedRows.PutAsync(session, id, box, cancel);
            news++;
        }

        await session.CommitAsync(cancel);
        return news;
    }

    /// <summary>Sets one thing aside.</summary>
    public Task<int> PutAsync(NotTaken row, CancellationToken cancel) => PutAsync([row], cancel);

    /// <summary>Where the newest stand and why, newest first: for the administrator's page as well, since nothing of what they say is in it.</summary>
    /// <param name="channel">A door; null for all.</param>
    /// <param name="most">The most rows wanted.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<IReadOnlyList<SetAsideRow>> NewestAsync(Channel? channel, int most, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return channel is { } one
            ? await session.QueryAsync(Columns + "WHERE channel = @channel ORDER BY set_aside_at DESC, source, line, id LIMIT @most", Read, cancel, ("channel", one.NameOf()), ("most", (long)most))
            : await session.QueryAsync(Columns + "ORDER BY set_aside_at DESC, source, line, id LIMIT @most", Read, cancel, ("most", (long)most));
    }

    /// <summary>How many of a door lie there.</summary>
    public async Task<long> CountAsync(Channel channel, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.CountAsync("SELECT COUNT(*) FROM set_aside_rows WHERE channel = @channel", cancel, ("channel", channel.NameOf()));
    }

    /// <summary>Who may open them: officers of the intake, and editors. Null where this one may.</summary>
    public async Task<Refusal?> MayOpenAsync(StaffMember staff, CancellationToken cancel)
    {
        if (staff.Role == Role.Editor) return null;
        if (staff.Role != Role.Officer) return Refusal.NotYourRole;
        return string.Equals(staff.Department, (await offices.GetAsync(cancel)).Intake.Code, StringComparison.Ordinal) ? null : Refusal.OtherDepartment;
    }

    /// <summary>Opens one; the audit line with its reason is durable before anything is read.</summary>
    public async Task<(SetAsideRow? Row, string? Content, Refusal? Refusal)> OpenAsync(StaffMember staff, string id, string? reason, CancellationToken cancel)
    {
        if (Refusals.ForText(reason, LetterText.TitleLimit) is { } wrong) return (null, null, wrong);
        if (await MayOpenAsync(staff, cancel) is { } refusal) return (null, null, refusal);
        if (reader.RedactInside(reason!.Trim()) is not { } words) return (null, null, Refusal.CannotRedact);
        SetAsideRow? row;
        await using (var session = await store.WriteAsync(cancel))
        {
            row = await session.FirstAsync(Columns + "WHERE id = @id", Read, cancel, ("id", id));
            if (row is null) return (null, null, Refusal.NotFound);
            await audit.WriteAsync(session, staff.Id, AuditLog.SetAsideOpened, id, staff.Department, words, cancel);
            await session.CommitAsync(cancel);
        }

        try
        {
            await using var session = await store.ReadAsync(cancel);
            return await SealedRows.FindAsync(session, id, cancel) is { } box ? (row, sealer.Open(box, SealedRows.BindingOf(id)), null) : (null, null, Refusal.NotFound);
        }
        catch (SealBrokenException)
        {
            return (row, null, Refusal.SealBroken);
        }
    }

    /// <summary>Erases one that was dealt with: its sheet was mended and sent again, or it was typed in.</summary>
    public async Task<Refusal?> EraseAsync(StaffMember staff, string id, CancellationToken cancel)
    {
        if (await MayOpenAsync(staff, cancel) is { } refusal) return refusal;
        await using (var session = await store.WriteAsync(cancel))
        {
            if (await session.ExecuteAsync("DELETE FROM set_aside_rows WHERE id = @id", cancel, ("id", id)) == 0) return Refusal.NotFound;
            await audit.WriteAsync(session, staff.Id, AuditLog.SetAsideErased, id, staff.Department, null, cancel);
            await session.CommitAsync(cancel);
        }

        await store.ForgetSoonAsync(cancel);
        return null;
    }

    /// <summary>Erases what was kept as long as a letter's text is.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EndAsync(CancellationToken cancel)
    {
        var before = clock.GetUtcNow().AddMonths(-(await offices.GetAsync(cancel)).Settings.TextRetentionMonths);
        int ended;
        await using (var session = await store.WriteAsync(cancel))
        {
            ended = await session.ExecuteAsync("DELETE FROM set_aside_rows WHERE set_aside_at < @before", cancel, ("before", before.ToUnixTimeMilliseconds()));
            await session.CommitAsync(cancel);
        }

        if (ended > 0) await store.ForgetSoonAsync(cancel);
        return ended;
    }

    // Derived with a key, so that nobody can find out from the id whether a text they know was set aside.
    private string IdOf(NotTaken row) => Convert.ToHexStringLower(HMACSHA256.HashData(keys.ChannelKeys,
        Encoding.UTF8.GetBytes(string.Join('\u001F', "set-aside", row.Channel.NameOf(), row.Reason, row.Source, row.Line?.ToString(System.Globalization.CultureInfo.InvariantCulture), row.Field, row.Content))).AsSpan(0, 16));

    private static string Short(string text) => LetterText.Cut(text, PlaceLimit);

    private static SetAsideRow Read(DbDataReader row) => new(
        row.GetString(0), ChannelNames.Find(row.GetString(1))!.Value, row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetInt64(4), row.IsDBNull(5) ? null : row.GetString(5),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));
}
