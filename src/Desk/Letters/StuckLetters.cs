using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>
/// What becomes of a letter that a step of the way cannot carry on. It never holds up the others: it is tried again after a
/// while, and after <see cref="Tries"/> times it is set aside with its reason, for a person.
/// </summary>
public sealed class StuckLetters(DeskStore store, TimeProvider clock)
{
    /// <summary>How often a step tries a letter before it is set aside.</summary>
    public const int Tries = 3;

    /// <summary>How long a letter waits before it is tried again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>The reason of a letter whose original does not open. It is set aside at once: no try mends a key.</summary>
    internal const string SealBroken = "seal-broken";

    /// <summary>The reason of a letter whose redaction failed.</summary>
    internal const string RedactionFailed = "redaction-failed";

    /// <summary>The reason of a letter whose sorting failed.</summary>
    internal const string SortingFailed = "sorting-failed";

    // Part of a statement on letters: those that do not wait for their next try. A clock that was set back must not make
    // them wait longer than the pause, so a moment further away than that counts as come.
    internal const string MayTry = " AND NOT EXISTS (SELECT 1 FROM stuck_letters s WHERE s.letter_id = letters.id AND s.again_at > @now AND s.again_at <= @soon) ";

    /// <summary>The values of <see cref="MayTry"/>.</summary>
    internal SqlValue[] Now => [("now", Milliseconds), ("soon", Milliseconds + (long)Pause.TotalMilliseconds)];

    private long Milliseconds => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes a batch of letters on in one transaction; where that fails, each in its own, so that one that cannot go on holds up no other.</summary>
    /// <param name="work">Takes on the waiting letters among so many oldest, or the one named, and says how many there were.</param>
    /// <param name="waiting">Lists the waiting letters, so many oldest.</param>
    /// <param name="reason">Why the step says it failed.</param>
    /// <param name="cancel">Cancels the work.</param>
    /// <returns>How many were tried; 0 when nothing waits.</returns>
    internal async Task<int> TakeOnAsync(Func<string?, Task<int>> work, Func<Task<List<string>>> waiting, string reason, CancellationToken cancel)
    {
        try
        {
            return await work(null);
        }
        catch (Exception error) when (IsTheLettersOwn(error, cancel))
        {
            // One of them cannot be carried on; the next lines find out which.
        }

        var letters = await waiting();
        foreach (var letter in letters)
        {
            try
            {
                await work(letter);
            }
            catch (Exception error) when (IsTheLettersOwn(error, cancel))
            {
                await FailAsync(letter, reason, error, cancel);
            }
        }

        return letters.Count;
    }

    /// <summary>Notes why a letter is set aside, in the transaction that sets it aside.</summary>
    internal Task SetAsideAsync(StoreSession session, string letter, string reason, Exception? error, CancellationToken cancel) => NoteAsync(session, letter, reason, error, cancel);

    /// <summary>Forgets the tries of a letter that goes on.</summary>
    internal static Task ForgetAsync(StoreSession session, string letter, CancellationToken cancel) =>
        session.ExecuteAsync("DELETE FROM stuck_letters WHERE letter_id = @letter", cancel, ("letter", letter));

    /// <summary>Forgets the tries of all letters that went on; the table holds few, whatever the number of letters.</summary>
    internal static Task ForgetMovedAsync(StoreSession session, CancellationToken cancel) => session.ExecuteAsync(
        """
        DELETE FROM stuck_letters WHERE EXISTS (SELECT 1 FROM letters l WHERE l.id = stuck_letters.letter_id
            AND (l.state = 'assigned' OR (l.state = 'redacted' AND stuck_letters.reason <> 'sorting-failed')))
        """, cancel);

    // A store that is down, or a host that stops, says nothing about the letter.
    private static bool IsTheLettersOwn(Exception error, CancellationToken cancel) => error is not OperationCanceledException && !cancel.IsCancellationRequested && StoreFaults.Of(error) is null;

    private async Task FailAsync(string letter, string reason, Exception error, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        await NoteAsync(session, letter, reason, error, cancel);
        if (await session.CountAsync("SELECT tries FROM stuck_letters WHERE letter_id = @letter", cancel, ("letter", letter)) >= Tries)
        {
            // Without a twin, as if redaction had failed: a person writes one, and the letter goes on from there.
            await session.ExecuteAsync("UPDATE letters SET state = 'set-aside', title = NULL, place = NULL, body = NULL WHERE id = @letter AND state IN ('received', 'redacted')", cancel, ("letter", letter));
        }

        await session.CommitAsync(cancel);
    }

    private Task<int> NoteAsync(StoreSession session, string letter, string reason, Exception? error, CancellationToken cancel) => session.ExecuteAsync(
        """
        INSERT INTO stuck_letters (letter_id, reason, error, tries, again_at) VALUES (@letter, @reason, @error, 1, @again)
        ON CONFLICT (letter_id) DO UPDATE SET tries = CASE WHEN stuck_letters.reason = excluded.reason THEN stuck_letters.tries + 1 ELSE 1 END,
            reason = excluded.reason, error = excluded.error, again_at = excluded.again_at
        """, cancel,
        ("letter", letter), ("reason", reason), ("error", (error?.GetBaseException() ?? error)?.GetType().Name ?? ""), ("again", Milliseconds + (long)Pause.TotalMilliseconds));
}
