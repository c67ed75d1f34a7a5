using Opinion.Desk.Storage;

namespace Opinion.Desk.Search;

/// <summary>A letter to be made findable: its redacted words and when it arrived.</summary>
internal sealed record IndexedLetter(string Id, DateTimeOffset Arrived, string Title, string Body);

/// <summary>
/// Writes the search index of letters. Letters enter it when they become matters, in that transaction; triggers of the
/// schema keep department, state and subject, and take out what is withdrawn or erased.
/// </summary>
public sealed class LetterIndex(SearchTokens tokens)
{
    /// <summary>Slots of one second of arrival; a sheet that knows only days fills the seconds after midnight.</summary>
    internal const int SlotsInASecond = 1024;

    /// <summary>The first slot of a moment.</summary>
    internal static long SlotOf(DateTimeOffset moment) => moment.ToUnixTimeSeconds() * SlotsInASecond;

    /// <summary>The text of a letter's tokens as it is stored, one token after another, in a fixed order.</summary>
    internal string TextOf(IndexedLetter letter) => string.Join(' ', LetterTokens.Of(tokens, letter.Title, letter.Body).Order(StringComparer.Ordinal));

    /// <summary>Makes letters findable that are not in the index yet and have a matter. Call it alone in its transaction's turn: it decides on slots.</summary>
    internal async Task AddAsync(StoreSession session, IReadOnlyList<IndexedLetter> letters, CancellationToken cancel)
    {
        if (letters.Count == 0) return;
        var texts = letters.AsParallel().AsOrdered().Select(TextOf).ToList();
        await AddAsync(session, [.. letters.Zip(texts, (letter, text) => (letter, text))], cancel);
    }

    internal static async Task AddAsync(StoreSession session, IReadOnlyList<(IndexedLetter Letter, string Text)> letters, CancellationToken cancel)
    {
        var slots = await SlotsAsync(session, [.. letters.Select(letter => SlotOf(letter.Letter.Arrived))], cancel);
        if (session.IsPostgres)
        {
            await session.ExecuteAsync(
                """
                INSERT INTO letter_search (slot, letter_id, facets, tokens)
                SELECT r.slot, r.letter, search_facets(f.facets, r.slot), array_to_tsvector(string_to_array(r.text, ' '))
                FROM unnest(@slots, @letters, @texts) AS r (slot, letter, text) JOIN letter_facets f ON f.letter_id = r.letter
                """, cancel, ("slots", slots), ("letters", letters.Select(letter => letter.Letter.Id).ToArray()), ("texts", letters.Select(letter => letter.Text).ToArray()));
            return;
        }

        for (var i = 0; i < letters.Count; i++)
        {
            await session.ExecuteAsync("INSERT INTO letter_search (slot, letter_id) VALUES (@slot, @letter)", cancel, ("slot", slots[i]), ("letter", letters[i].Letter.Id));
            await session.ExecuteAsync("INSERT INTO letter_search_words (rowid, facets, tokens) SELECT @slot, facets, @tokens FROM letter_facets WHERE letter_id = @letter", cancel,
                ("slot", slots[i]), ("letter", letters[i].Letter.Id), ("tokens", letters[i].Text));
        }
    }

    // The next free slot of each second, or of the seconds after it where it is full.
    private static async Task<long[]> SlotsAsync(StoreSession session, long[] firsts, CancellationToken cancel)
    {
        var taken = new Dictionary<long, long>();
        if (session.IsPostgres)
        {
            var rows = await session.QueryAsync(
                "SELECT f.slot, (SELECT s.slot FROM letter_search s WHERE s.slot >= f.slot AND s.slot < f.slot + 1024 ORDER BY s.slot DESC LIMIT 1) FROM unnest(@firsts) AS f (slot)",
                row => (First: row.GetInt64(0), Last: row.IsDBNull(1) ? -1 : row.GetInt64(1)), cancel, ("firsts", firsts.Distinct().ToArray()));
            foreach (var (first, last) in rows) taken[first] = last;
        }

        var slots = new long[firsts.Length];
        for (var i = 0; i < firsts.Length; i++)
        {
            var first = firsts[i];
            while (true)
            {
                if (!taken.TryGetValue(first, out var last))
                {
                    var found = await session.CountAsync("SELECT COALESCE(MAX(slot), -1) FROM letter_search WHERE slot >= @first AND slot < @end", cancel, ("first", first), ("end", first + SlotsInASecond));
                    taken[first] = last = found;
                }

                slots[i] = last < 0 ? first : last + 1;
                if (slots[i] < first + SlotsInASecond) break;
                first += SlotsInASecond;
            }

            taken[first] = slots[i];
        }

        return slots;
    }
}
