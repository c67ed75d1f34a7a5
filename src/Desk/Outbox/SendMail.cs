using System.Data.Common;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Outbox;

/// <summary>What became of one mail.</summary>
public enum MailOutcome
{
    /// <summary>The server has it.</summary>
    Sent,

    /// <summary>It waits for another try.</summary>
    Waits,

    /// <summary>It is on the administrator's list.</summary>
    Dead,

    /// <summary>There is nothing left to say, or nobody to say it to.</summary>
    Dropped,
}

/// <summary>
/// Sends what waits in the outbox, one by one. A try is written down before it is made, so a node that dies leaves no mail
/// behind and repeats none without end: after two tries of which nobody knows whether they arrived, a mail goes to the
/// administrator's list in place of a third. What was surely refused is tried again with growing pauses.
/// </summary>
public sealed class SendMail(DeskStore store, IMailPost post, OpenReplyAddress addresses, SealedReceipts receipts, MailThreads threads, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>How long a mail waits after each try; after the last it is dead.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(8), TimeSpan.FromHours(24)];

    /// <summary>Days for which it is kept that a mail was sent.</summary>
    public const int KeptDays = 30;

    private const int MostUncertain = 2;
    private static readonly TimeSpan HoldPause = TimeSpan.FromMinutes(10);

    /// <summary>Sends one mail that is due.</summary>
    /// <returns>What became of it; null where none is due.</returns>
    public async Task<MailOutcome?> NextAsync(CancellationToken cancel)
    {
        if (await post.OpenAsync(cancel) is not { } site)
        {
            await ForgetAsync(cancel);
            return null;
        }

        if (await ClaimAsync(cancel) is not { } row) return null;
        OutgoingMail? mail;
        try
        {
            mail = await ComposeAsync(row, site, cancel);
            if (mail is null) return await EndAsync(row, MailOutcome.Dropped, null, sure: true, cancel);
        }
        catch (SealBrokenException)
        {
            return await EndAsync(row, MailOutcome.Dead, MailFaults.SealBroken, sure: true, cancel);
        }

        try
        {
            await post.SendAsync(mail, cancel);
            return await EndAsync(row, MailOutcome.Sent, null, sure: false, cancel);
        }
        catch (MailRefusedException refused)
        {
            return await EndAsync(row, refused.Final || row.Attempts > Pauses.Count ? MailOutcome.Dead : MailOutcome.Waits, refused.Code, sure: true, cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException and not DbException and not Runs.RunStaleException)
        {
            var dead = row.Uncertain >= MostUncertain || row.Attempts > Pauses.Count;
            return await EndAsync(row, dead ? MailOutcome.Dead : MailOutcome.Waits, MailFaults.Uncertain, sure: false, cancel);
        }
    }

    // An office that sends no mail queues nothing for a day on which it may.
    private async Task ForgetAsync(CancellationToken cancel)
    {
        await using (var look = await store.ReadAsync(cancel))
        {
            if (await look.CountAsync("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'", cancel) == 0) return;
        }

        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync("DELETE FROM outbox WHERE state = 'waiting'", cancel);
        await session.CommitAsync(cancel);
    }

    private async Task<Claimed?> ClaimAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync("DELETE FROM outbox WHERE state = 'sent' AND ended_at < @before", cancel, ("before", now.AddDays(-KeptDays).ToUnixTimeMilliseconds()));
        // After a transfer contact data rests until the writer has had time to withdraw; the program keeps to it too.
        await session.ExecuteAsync("UPDATE outbox SET next_at = @later WHERE state = 'waiting' AND kind = 'reply' AND next_at <= @now AND letter_id IN (SELECT letter_id FROM matters WHERE contact_hold_until > @now)", cancel,
            ("later", (now + HoldPause).ToUnixTimeMilliseconds()), ("now", now.ToUnixTimeMilliseconds()));
        // A try that was begun and never ended counts as one of which nobody knows.
        await session.ExecuteAsync("UPDATE outbox SET state = 'dead', ended_at = @now, error = @error WHERE state = 'waiting' AND uncertain >= @most AND next_at <= @now", cancel,
            ("now", now.ToUnixTimeMilliseconds()), ("most", MostUncertain), ("error", MailFaults.Uncertain));
        var row = await session.FirstAsync(
            """
            SELECT o.id, o.message_id, o.kind, o.letter_id, o.officer, o.event_id, o.attempts, o.uncertain, l.number, l.subject FROM outbox o JOIN letters l ON l.id = o.letter_id
            WHERE o.state = 'waiting' AND o.next_at <= @now ORDER BY o.next_at, o.id LIMIT 1
            """, Read, cancel, ("now", now.ToUnixTimeMilliseconds()));
        if (row is not null)
        {
            var pause = Pauses[Math.Min(row.Attempts, Pauses.Count) - 1];
            await session.ExecuteAsync("UPDATE outbox SET attempts = @attempts, uncertain = @uncertain, next_at = @next WHERE id = @id", cancel,
                ("attempts", row.Attempts), ("uncertain", row.Uncertain), ("next", (now + pause).ToUnixTimeMilliseconds()), ("id", row.Id));
        }

        await session.CommitAsync(cancel);
        return row;
    }

    private async Task<OutgoingMail?> ComposeAsync(Claimed row, Uri site, CancellationToken cancel)
    {
        var office = await offices.GetAsync(cancel);
        if (row.Kind == "reply")
        {
            string? text, department;
            await using (var session = await store.ReadAsync(cancel))
            {
                text = await session.TextAsync("SELECT text FROM matter_events WHERE id = @id", cancel, ("id", row.EventId));
                department = await session.TextAsync("SELECT department FROM matter_events WHERE id = @id", cancel, ("id", row.EventId));
            }

            if (text is null || await addresses.HandleAsync(row.LetterId, row.Number, department, cancel) is not { } to) return null;
            return MailWords.Reply(await threads.BeginAsync(row.LetterId, row.MessageId, cancel), to, office, row.Number, department, text, site);
        }

        if (row.Kind == "receipt")
        {
            ReceiptNote? note;
            await using (var session = await store.ReadAsync(cancel)) note = await receipts.OpenAsync(session, row.LetterId, cancel);
            if (note is null || await addresses.HandleAsync(row.LetterId, row.Number, null, cancel) is not { } to) return null;
            return MailWords.Receipt(await threads.BeginAsync(row.LetterId, row.MessageId, cancel), to, office, row.Number, note.Code, note.InReplyTo, site);
        }

        await using (var session = await store.ReadAsync(cancel))
        {
            var matter = await OpenMatters.FindByLetterAsync(session, row.LetterId, cancel);
            // Answered or moved meanwhile, or the officer has left: then there is nothing to remind of.
            var to = await session.TextAsync(
                """
                SELECT a.email FROM accounts a JOIN role_grants g ON g.account_id = a.id AND g.confirmed_at IS NOT NULL AND g.ended_at IS NULL
                WHERE a.id = @officer AND a.disabled = 0 AND g.role = 'officer' AND g.department = @department
                """, cancel, ("officer", row.Officer), ("department", matter?.Department));
            if (matter is not { Open: true } || string.IsNullOrWhiteSpace(to)) return null;
            return MailWords.Reminder(row.MessageId, to, office, row.Number, row.Subject, row.Kind == "overdue", matter.Deadline, site);
        }
    }

    private async Task<MailOutcome> EndAsync(Claimed row, MailOutcome outcome, string? error, bool sure, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        _ = outcome switch
        {
            MailOutcome.Dropped => await session.ExecuteAsync("DELETE FROM outbox WHERE id = @id", cancel, ("id", row.Id)),
            MailOutcome.Waits => await session.ExecuteAsync("UPDATE outbox SET error = @error, uncertain = @uncertain WHERE id = @id", cancel, ("error", error), ("uncertain", row.Uncertain - (sure ? 1 : 0)), ("id", row.Id)),
            _ => await session.ExecuteAsync("UPDATE outbox SET state = @state, ended_at = @now, error = @error WHERE id = @id", cancel,
                ("state", outcome == MailOutcome.Sent ? "sent" : "dead"), ("now", now), ("error", error), ("id", row.Id)),
        };
        await session.CommitAsync(cancel);
        return outcome;
    }

    private static Claimed Read(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetInt64(5),
        row.GetInt32(6) + 1, row.GetInt32(7) + 1, row.GetString(8), row.IsDBNull(9) ? null : row.GetString(9));

    // Attempts and uncertain tries with this one counted.
    private sealed record Claimed(long Id, string MessageId, string Kind, string LetterId, string? Officer, long? EventId, int Attempts, int Uncertain, string Number, string? Subject);
}
