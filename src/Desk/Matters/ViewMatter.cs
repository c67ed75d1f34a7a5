using Opinion.Desk.Accounts;
using Opinion.Desk.Answers;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Matters;

/// <summary>One matter as its officer sees it: the redacted twin, how it was sorted, its history.</summary>
public sealed record MatterView(
    MatterHead Head, string Title, string Place, string Body, string Channel, string? District, DateTimeOffset Arrived, bool Overdue,
    string? Need, double? SubjectConfidence, string? SubjectWords, double? NeedConfidence, string? NeedWords, string? SortedBy,
    string? Disposition, long Transfers, bool HasContact, IReadOnlyList<KeptAttachment> Attachments, bool OnHold, IReadOnlyList<HistoryLine> History, IReadOnlyList<BankEntry> Proposals);

/// <summary>Opens one matter for an officer.</summary>
public sealed class ViewMatter(DeskStore store, AnswerBank bank, TimeProvider clock)
{
    /// <summary>Reads the matter, or says why not.</summary>
    public async Task<(MatterView? View, Refusal? Refusal)> HandleAsync(StaffMember staff, string number, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        var head = await OpenMatters.FindAsync(session, number, cancel);
        if (head is null) return (null, Refusal.NotFound);
        if (OpenMatters.MayOpen(staff, head) is { } refusal) return (null, refusal);
        var history = await MatterHistory.ReadAsync(session, head.LetterId, forWriter: false, cancel);
        var hasContact = await SealedLetters.HasContactAsync(session, head.LetterId, cancel);
        var attachments = await SealedAttachments.ListAsync(session, head.LetterId, cancel);
        var proposals = await bank.ForSubjectAsync(session, head.Subject, 3, cancel);
        var now = clock.GetUtcNow();
        var view = await session.FirstAsync(
            """
            SELECT l.title, l.place, l.body, l.channel, l.district, l.arrived_at, m.deadline_at, l.need, l.subject_confidence, l.subject_words,
                   l.need_confidence, l.need_words, l.sorted_by, m.disposition, m.transfers
            FROM letters l JOIN matters m ON m.letter_id = l.id WHERE l.id = @letter
            """,
            row => new MatterView(head, row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), head.Open && row.GetInt64(6) <= now.ToUnixTimeMilliseconds(),
                row.IsDBNull(7) ? null : row.GetString(7), row.IsDBNull(8) ? null : row.GetDouble(8), row.IsDBNull(9) ? null : row.GetString(9),
                row.IsDBNull(10) ? null : row.GetDouble(10), row.IsDBNull(11) ? null : row.GetString(11), row.IsDBNull(12) ? null : row.GetString(12),
                row.IsDBNull(13) ? null : row.GetString(13), row.GetInt64(14), hasContact, attachments, head.HoldUntil > now, history, proposals),
            cancel, ("letter", head.LetterId));
        return (view, view is null ? Refusal.NotFound : null);
    }
}
