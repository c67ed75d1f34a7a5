using Opinion.Desk.Storage;

namespace Opinion.Desk.Search;

/// <summary>What one step of repairing the index did.</summary>
/// <param name="Cursor">Where the next step begins; null where all letters have been looked at.</param>
/// <param name="Looked">Letters looked at.</param>
/// <param name="Added">Letters that were missing.</param>
/// <param name="Changed">Letters whose tokens or facets were not what they are now.</param>
/// <param name="Removed">Rows of letters that do not belong in the index.</param>
public sealed record RebuildStep(string? Cursor, long Looked, long Added, long Changed, long Removed);

/// <summary>
/// Repairs the search index of letters, or makes it where there is none, for instance after the dictionaries changed: it
/// walks through the letters in their order, makes what should stand in the index and writes what differs. Each step is a
/// transaction of its own, so it may stop at any moment and go on from its cursor, or from the beginning at little cost,
/// while letters come in and are found.
/// </summary>
public sealed class RebuildLetterSearch(DeskStore store, LetterIndex index)
{
    /// <summary>Letters in one step: enough to share its cost, few enough not to hold up casework for long.</summary>
    public const int BatchSize = 500;

    private const string Belongs = "l.state = 'assigned' AND l.body <> ''";

    /// <summary>Does all steps from the beginning.</summary>
    /// <param name="after">Told what each step did.</param>
    /// <param name="cancel">Stops it between two steps or in one; what was done stays.</param>
    public async Task HandleAsync(Func<RebuildStep, Task> after, CancellationToken cancel)
    {
        string? cursor = null;
        do
        {
            var step = await HandleAsync(cursor, BatchSize, cancel);
            await after(step);
            cursor = step.Cursor;
        }
        while (cursor is not null);
    }

    /// <summary>Does one step.</summary>
    /// <param name="cursor">Where the step before ended; null for the beginning.</param>
    /// <param name="most">Letters looked at, at most; <see cref="BatchSize"/> unless there is a reason.</param>
    /// <param name="cancel">Cancels the step; nothing of it stays.</param>
    public async Task<RebuildStep> HandleAsync(string? cursor, int most, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        session.Unhurried = true;
        if (session.IsPostgres)
        {
            // New words wait in the index's list and are sorted in together: the more at once, the less each costs.
            await session.ExecuteAsync("SET LOCAL gin_pending_list_limit = '32MB'", cancel);
            await session.ExecuteAsync("SET LOCAL work_mem = '64MB'", cancel);
        }

        var removed = cursor is null
            ? await session.ExecuteAsync("DELETE FROM letter_search WHERE letter_id NOT IN (SELECT l.id FROM letters l JOIN matters m ON m.letter_id = l.id WHERE " + Belongs + ")", cancel)
            : 0;
        var letters = await session.QueryAsync(
            "SELECT l.id, l.arrived_at, l.title, l.body, l.state FROM letters l WHERE l.id > @cursor ORDER BY l.id LIMIT @most",
            row => (Letter: new IndexedLetter(row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.IsDBNull(2) ? "" : row.GetString(2), row.IsDBNull(3) ? "" : row.GetString(3)), Assigned: row.GetString(4) == "assigned"),
            cancel, ("cursor", cursor ?? ""), ("most", most));
        if (letters.Count == 0)
        {
            await session.CommitAsync(cancel);
            return new RebuildStep(null, 0, 0, 0, removed);
        }

        var known = (await session.QueryAsync("SELECT letter_id FROM letter_search WHERE letter_id > @first AND letter_id <= @last", row => row.GetString(0), cancel,
            ("first", cursor ?? ""), ("last", letters[^1].Letter.Id))).ToHashSet(StringComparer.Ordinal);
        var texts = letters.Where(letter => letter.Assigned && letter.Letter.Body.Length > 0).AsParallel().AsOrdered().Select(letter => (letter.Letter, Text: index.TextOf(letter.Letter))).ToList();
        var missing = texts.Where(text => !known.Contains(text.Letter.Id)).ToList();
        await LetterIndex.AddAsync(session, missing, cancel);
        var changed = await ChangeAsync(session, [.. texts.Where(text => known.Contains(text.Letter.Id))], cancel);
        await session.CommitAsync(cancel);
        return new RebuildStep(letters.Count < most ? null : letters[^1].Letter.Id, letters.Count, missing.Count, changed, removed);
    }

    /// <summary>Letters that should be in the index and are not, and rows of the index that should not be there or stand under the wrong department, state or subject.</summary>
    internal static async Task<(long Missing, long Wrong)> ExamineAsync(StoreSession session, CancellationToken cancel)
    {
        var missing = await session.CountAsync(
            "SELECT COUNT(*) FROM letters l JOIN matters m ON m.letter_id = l.id LEFT JOIN letter_search s ON s.letter_id = l.id WHERE s.slot IS NULL AND " + Belongs, cancel);
        var wrong = await session.CountAsync(
            "SELECT COUNT(*) FROM letter_search s JOIN letters l ON l.id = s.letter_id WHERE NOT (" + Belongs + ")", cancel);
        wrong += session.IsPostgres
            ? await session.CountAsync("SELECT COUNT(*) FROM letter_search s JOIN letter_facets f ON f.letter_id = s.letter_id WHERE s.facets <> search_facets(f.facets, s.slot)", cancel)
            : await session.CountAsync(
                """
                SELECT (SELECT COUNT(*) FROM letter_search s JOIN letter_facets f ON f.letter_id = s.letter_id LEFT JOIN letter_search_words w ON w.rowid = s.slot WHERE w.facets IS NOT f.facets)
                     + (SELECT COUNT(*) FROM letter_search_words w LEFT JOIN letter_search s ON s.slot = w.rowid WHERE s.slot IS NULL)
                """, cancel);
        return (missing, wrong);
    }

    private static async Task<long> ChangeAsync(StoreSession session, List<(IndexedLetter Letter, string Text)> letters, CancellationToken cancel)
    {
        if (letters.Count == 0) return 0;
        if (session.IsPostgres)
        {
            return await session.ExecuteAsync(
                """
                UPDATE letter_search s SET facets = search_facets(f.facets, s.slot), tokens = array_to_tsvector(string_to_array(r.text, ' '))
                FROM unnest(@letters, @texts) AS r (letter, text) JOIN letter_facets f ON f.letter_id = r.letter
                WHERE s.letter_id = r.letter AND (s.facets <> search_facets(f.facets, s.slot) OR s.tokens <> array_to_tsvector(string_to_array(r.text, ' ')))
                """, cancel, ("letters", letters.Select(letter => letter.Letter.Id).ToArray()), ("texts", letters.Select(letter => letter.Text).ToArray()));
        }

        var changed = 0L;
        foreach (var (letter, text) in letters)
        {
            var slot = await session.CountAsync("SELECT slot FROM letter_search WHERE letter_id = @letter", cancel, ("letter", letter.Id));
            var right = await session.CountAsync(
                "SELECT COUNT(*) FROM letter_search_words w JOIN letter_facets f ON f.letter_id = @letter WHERE w.rowid = @slot AND w.tokens = @text AND w.facets = f.facets", cancel,
                ("letter", letter.Id), ("slot", slot), ("text", text));
            if (right > 0) continue;
            await session.ExecuteAsync("DELETE FROM letter_search_words WHERE rowid = @slot", cancel, ("slot", slot));
            await session.ExecuteAsync("INSERT INTO letter_search_words (rowid, facets, tokens) SELECT @slot, facets, @text FROM letter_facets WHERE letter_id = @letter", cancel,
                ("letter", letter.Id), ("slot", slot), ("text", text));
            changed++;
        }

        return changed;
    }
}
