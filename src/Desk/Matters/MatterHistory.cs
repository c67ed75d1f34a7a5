using System.Data.Common;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Matters;

/// <summary>What can happen to a matter.</summary>
public enum HistoryKind
{
    /// <summary>The letter arrived.</summary>
    Received,

    /// <summary>The letter was sorted; the detail is its subject.</summary>
    Sorted,

    /// <summary>A department became responsible; the detail is the deadline.</summary>
    Assigned,

    /// <summary>A person corrected the subject; the detail is the new one.</summary>
    SubjectCorrected,

    /// <summary>Urgent danger was found and shown to the duty officer.</summary>
    AlertRaised,

    /// <summary>A duty officer took the alert.</summary>
    AlertAcknowledged,

    /// <summary>The matter went to another department, with the reason.</summary>
    Transferred,

    /// <summary>The writer agreed that the new department may reach them.</summary>
    HoldReleased,

    /// <summary>The officer asked the writer something.</summary>
    QuestionAsked,

    /// <summary>The writer added something.</summary>
    WriterAdded,

    /// <summary>The officer sent an interim reply.</summary>
    InterimReply,

    /// <summary>An internal note, never shown to the writer.</summary>
    Note,

    /// <summary>The deadline was extended, with the reason; the detail is the new day.</summary>
    DeadlineExtended,

    /// <summary>The matter was answered and closed; the detail is the disposition.</summary>
    Answered,

    /// <summary>The editor gave the answer back to the officer, with the reason.</summary>
    Returned,

    /// <summary>The answer was published; the detail is its public number.</summary>
    Published,

    /// <summary>The published answer was taken back at the writer's wish.</summary>
    Unpublished,

    /// <summary>The writer chose whether the answer may be published; the detail is yes or no.</summary>
    PublicationChosen,

    /// <summary>The writer disputed the answer, with the reason; the matter is open again.</summary>
    Disputed,

    /// <summary>The writer withdrew the letter.</summary>
    Withdrawn,

    /// <summary>The contact data was erased.</summary>
    ContactErased,

    /// <summary>A person opened the original text and contact data.</summary>
    OriginalOpened,

    /// <summary>A public clarification of what the letter asks about; the detail is its address.</summary>
    ClarificationSent,
}

/// <summary>One entry to be added to a matter's history.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Actor">An account's id, <see cref="MatterHistory.Writer"/> or <see cref="MatterHistory.Desk"/>.</param>
/// <param name="Visible">Whether the writer sees it.</param>
/// <param name="Department">The department that acted, or that the matter went to.</param>
/// <param name="Detail">A code: a subject, a date, a disposition.</param>
/// <param name="Text">Words; redacted where the writer wrote them.</param>
public sealed record HistoryEntry(HistoryKind Kind, string Actor, bool Visible, string? Department = null, string? Detail = null, string? Text = null);

/// <summary>One entry as it stands in the history.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Entry">What happened.</param>
/// <param name="ByDesk">Whether an officer or the desk did it, rather than the writer.</param>
public sealed record HistoryLine(DateTimeOffset At, HistoryEntry Entry, bool ByDesk);

/// <summary>A matter's history. It only grows; the schema refuses anything else.</summary>
public static class MatterHistory
{
    /// <summary>The actor of what the writer did.</summary>
    public const string Writer = "writer";

    /// <summary>The actor of what the program did.</summary>
    public const string Desk = "desk";

    private static readonly (HistoryKind Kind, string Name)[] Names =
    [
        (HistoryKind.Received, "received"), (HistoryKind.Sorted, "sorted"), (HistoryKind.Assigned, "assigned"),
        (HistoryKind.SubjectCorrected, "subject-corrected"), (HistoryKind.AlertRaised, "alert-raised"), (HistoryKind.AlertAcknowledged, "alert-acknowledged"),
        (HistoryKind.Transferred, "transferred"), (HistoryKind.HoldReleased, "hold-released"), (HistoryKind.QuestionAsked, "question-asked"),
        (HistoryKind.WriterAdded, "writer-added"), (HistoryKind.InterimReply, "interim-reply"), (HistoryKind.Note, "note"),
        (HistoryKind.DeadlineExtended, "deadline-extended"), (HistoryKind.Answered, "answered"), (HistoryKind.Returned, "returned"),
        (HistoryKind.Published, "published"), (HistoryKind.Unpublished, "unpublished"), (HistoryKind.PublicationChosen, "publication-chosen"),
        (HistoryKind.Disputed, "disputed"), (HistoryKind.Withdrawn, "withdrawn"), (HistoryKind.ContactErased, "contact-erased"),
        (HistoryKind.OriginalOpened, "original-opened"), (HistoryKind.ClarificationSent, "clarification-sent"),
    ];

    internal static async Task AppendAsync(StoreSession session, string letterId, DateTimeOffset at, HistoryEntry entry, CancellationToken cancel)
    {
        var id = await session.CountAsync(
            "INSERT INTO matter_events (letter_id, at, kind, actor, department, visible, detail, text) VALUES (@letter, @at, @kind, @actor, @department, @visible, @detail, @text) RETURNING id", cancel,
            ("letter", letterId), ("at", at.ToUnixTimeMilliseconds()), ("kind", Names.First(name => name.Kind == entry.Kind).Name), ("actor", entry.Actor),
            ("department", entry.Department), ("visible", entry.Visible ? 1 : 0), ("detail", entry.Detail), ("text", entry.Text));
        // Whoever writes to the writer, by whatever way, also writes to the address the writer left.
        if (entry.Kind is HistoryKind.Answered or HistoryKind.QuestionAsked or HistoryKind.InterimReply) await Outbox.QueueMail.ReplyAsync(session, letterId, id, at, cancel);
    }

    /// <summary>Adds one entry of the same kind, without words, to the history of each of many letters.</summary>
    /// <param name="batch">The statements it joins.</param>
    /// <param name="lines">For each letter the moment, the department and the detail.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="actor">Who did it; the writer sees it.</param>
    internal static void Append(StoreBatch batch, IReadOnlyList<(string LetterId, DateTimeOffset At, string? Department, string? Detail)> lines, HistoryKind kind, string actor)
    {
        var name = Names.First(one => one.Kind == kind).Name;
        batch.AddRows(
            "INSERT INTO matter_events (letter_id, at, kind, actor, department, visible, detail) VALUES (@letter, @at, @kind, @actor, @department, 1, @detail)",
            """
            INSERT INTO matter_events (letter_id, at, kind, actor, department, visible, detail)
            SELECT letter, at, kind, actor, department, 1, detail FROM unnest(@letter, @at, @kind, @actor, @department, @detail) AS rows (letter, at, kind, actor, department, detail)
            """,
            ("letter", lines.Select(line => line.LetterId).ToArray()), ("at", lines.Select(line => line.At.ToUnixTimeMilliseconds()).ToArray()),
            ("kind", lines.Select(_ => name).ToArray()), ("actor", lines.Select(_ => actor).ToArray()),
            ("department", lines.Select(line => line.Department).ToArray()), ("detail", lines.Select(line => line.Detail).ToArray()));
    }

    /// <summary>Reads a history, oldest first.</summary>
    /// <param name="session">An open session.</param>
    /// <param name="letterId">The letter.</param>
    /// <param name="forWriter">Whether to leave out what the writer does not see.</param>
    /// <param name="cancel">Cancels the read.</param>
    internal static async Task<List<HistoryLine>> ReadAsync(StoreSession session, string letterId, bool forWriter, CancellationToken cancel) =>
        await session.QueryAsync(
            "SELECT at, kind, actor, department, visible, detail, text FROM matter_events WHERE letter_id = @letter AND (visible = 1 OR @all = 1) ORDER BY id",
            ReadLine, cancel, ("letter", letterId), ("all", forWriter ? 0 : 1));

    private static HistoryLine ReadLine(DbDataReader row)
    {
        var kind = row.GetString(1);
        var actor = row.GetString(2);
        return new HistoryLine(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
            new HistoryEntry(Names.First(name => name.Name == kind).Kind, actor, row.GetInt64(4) == 1,
                row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6)),
            !string.Equals(actor, Writer, StringComparison.Ordinal));
    }
}
