using System.Globalization;

namespace Opinion.Desk.Storage;

/// <summary>For the doctor: references that no foreign key holds, and moments that cannot be.</summary>
internal static class ExamineRows
{
    // Clocks of nodes and database differ a little.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<string>> HandleAsync(StoreSession session, DateTimeOffset now, CancellationToken cancel)
    {
        var findings = new List<string>();
        Add(await session.CountAsync("SELECT COUNT(*) FROM letters l WHERE l.state = 'assigned' AND NOT EXISTS (SELECT 1 FROM matters m WHERE m.letter_id = l.id)", cancel), "letters are assigned and have no matter");
        Add(await session.CountAsync("SELECT COUNT(*) FROM matters m JOIN letters l ON l.id = m.letter_id WHERE l.state NOT IN ('assigned', 'withdrawn')", cancel), "matters belong to letters that were never assigned");
        Add(await session.CountAsync("SELECT COUNT(*) FROM letters l WHERE NOT EXISTS (SELECT 1 FROM matter_events e WHERE e.letter_id = l.id AND e.kind = 'received')", cancel), "letters have no beginning in their history");
        Add(await session.CountAsync("SELECT COUNT(*) FROM deadline_changes d WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = d.account)", cancel), "deadlines were changed by an account that is not there");
        Add(await session.CountAsync("SELECT COUNT(*) FROM answers w WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = w.written_by)", cancel), "answers were written by an account that is not there");
        Add(await session.CountAsync("SELECT COUNT(*) FROM duty_alerts d WHERE d.acknowledged_by <> 'writer' AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = d.acknowledged_by)", cancel), "alerts were taken by an account that is not there");
        Add(await session.CountAsync("SELECT COUNT(*) FROM published_answers p JOIN answers a ON a.id = p.answer_id JOIN letters l ON l.id = a.letter_id WHERE a.review <> 'published' OR l.publish = 0", cancel), "answers are published without the writer's word or the editor's");
        Add(await session.CountAsync("SELECT ABS((SELECT COUNT(*) FROM published_answers) - (SELECT COUNT(*) FROM published_search))", cancel), "published answers are missing in the search or left over there");
        var late = (now + Slack).ToUnixTimeMilliseconds();
        Add(await session.CountAsync("SELECT COUNT(*) FROM letters WHERE registered_at > @late", cancel, ("late", late)), "letters were registered in the future: a clock was wrong");
        Add(await session.CountAsync("SELECT COUNT(*) FROM audit_log WHERE at > @late", cancel, ("late", late)), "lines of the audit log are of the future: a clock was wrong");
        return findings;

        void Add(long count, string what)
        {
            if (count > 0) findings.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}."));
        }
    }

    /// <summary>Whether the database server's clock is this machine's.</summary>
    public static async Task<string?> ClockAsync(StoreSession session, DateTimeOffset now, CancellationToken cancel)
    {
        if (!session.IsPostgres) return null;
        var apart = TimeSpan.FromMilliseconds(Math.Abs(await session.CountAsync("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", cancel) - now.ToUnixTimeMilliseconds()));
        return apart <= Slack ? null : string.Create(CultureInfo.InvariantCulture, $"The database's clock and this machine's are {apart.TotalMinutes:F0} minutes apart.");
    }
}
