using System.Globalization;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Search;

/// <summary>In which order letters are shown.</summary>
public enum SearchOrder
{
    /// <summary>The newest arrival first.</summary>
    Newest,

    /// <summary>Letters that are about the words first (all of them stand in the title or often), then those that are about some, then the rest; the newest first in each.</summary>
    Best,
}

/// <summary>Which of the officer's own department's letters are wanted.</summary>
/// <param name="Words">What to search for; every word must stand in the letter. Personal data in it is not searched for.</param>
/// <param name="Subject">Only this subject and those below it; null for all.</param>
/// <param name="Open">Only open matters, or only closed ones; null for both.</param>
/// <param name="From">Only letters that arrived on this day or later, in the office's time zone.</param>
/// <param name="To">Only letters that arrived on this day or earlier.</param>
/// <param name="Order">The order.</param>
/// <param name="After">Where the page before ended, as its <see cref="FoundPage.Next"/> said; null for the first page.</param>
public sealed record LetterQuestion(string? Words, string? Subject = null, bool? Open = null, DateOnly? From = null, DateOnly? To = null, SearchOrder Order = SearchOrder.Newest, string? After = null);

/// <summary>A letter that was found: its redacted title and the part of its redacted text where the words stand.</summary>
public sealed record FoundLetter(string Number, Snippet Title, Snippet Text, string? Subject, DateTimeOffset Arrived, string? Disposition);

/// <summary>One page of what was found.</summary>
/// <param name="Letters">The letters in the order asked for.</param>
/// <param name="Next">Where the next page begins; null where there is none.</param>
/// <param name="PersonLeftOut">Whether a name, number or address was in the words and was not searched for.</param>
public sealed record FoundPage(IReadOnlyList<FoundLetter> Letters, string? Next, bool PersonLeftOut);

/// <summary>
/// Searches the own department's letters by the words of their redacted texts. Each search has its line in the audit log,
/// durable before anything is read; the words are kept nowhere. There is no search by person: what redaction would hide in
/// a letter is taken out of the words first. How the index is laid out: docs/decisions/0007.
/// </summary>
public sealed class LetterSearch(DeskStore store, SearchTokens tokens, LetterReader reader, OfficeDirectory offices, AuditLog audit)
{
    /// <summary>Letters on one page.</summary>
    public const int PageSize = 20;

    private const int SnippetLength = 100;

    // Which blocks of time are tried before everything, a letter for each (see search_facets in the schema). Best first begins
    // with few letters, those with all words marked and then with some: there it is not worth looking at short times.
    private static readonly string[] ByDate = ["abc"];
    private static readonly string[] BestFirst = ["b", "b", "ab"];

    /// <summary>Searches.</summary>
    /// <param name="officer">An officer; the other roles search no letters.</param>
    /// <param name="question">What is wanted.</param>
    /// <param name="cancel">Cancels the search.</param>
    public async Task<(FoundPage? Page, Refusal? Refusal)> HandleAsync(StaffMember officer, LetterQuestion question, CancellationToken cancel)
    {
        if (officer is not { Role: Role.Officer, Department: { } department }) return (null, Refusal.NotYourRole);
        if (Refusals.ForText(question.Words, LetterText.TitleLimit) is { } wrong) return (null, wrong);
        if (reader.Redact(question.Words!) is not { } redacted) return (null, Refusal.CannotRedact);
        var office = await offices.GetAsync(cancel);
        if (question.Subject is not null && office.Scheme.Find(question.Subject) is null) return (null, Refusal.UnknownSubject);
        await audit.WriteAsync(officer.Id, AuditLog.Searched, null, department, null, cancel);

        var leftOut = !string.Equals(redacted, question.Words, StringComparison.Ordinal);
        var words = tokens.OfSearch(LetterReader.WordsOf(redacted));
        if (words.Count == 0) return (new FoundPage([], null, leftOut), null);
        var wanted = new Wanted(
            words, Facets(department, question), Start(question.From, 0), question.To is { } to ? Start(to.AddDays(1), 0) : long.MaxValue);
        await using var session = await store.ReadAsync(cancel);
        var (hits, next) = await FindAsync(session, wanted, question.Order, question.After, cancel);
        return (new FoundPage(await ReadAsync(session, department, hits, words, cancel), next, leftOut), null);

        long Start(DateOnly? day, long otherwise) => day is { } known ? LetterIndex.SlotOf(office.Calendar.StartOf(known)) : otherwise;
    }

    /// <summary>The ids of what the index finds, in order, one page; the part that is measured.</summary>
    internal static async Task<(IReadOnlyList<string> Letters, string? Next)> FindAsync(StoreSession session, Wanted wanted, SearchOrder order, string? after, CancellationToken cancel)
    {
        var text = new MatchText(session.IsPostgres);
        var tiers = order == SearchOrder.Newest ? [text.All(wanted.Words)] : Tiers(text, wanted.Words);
        var (tier, before) = Parse(after);
        var hits = new List<Hit>(PageSize + 1);
        if (session.IsPostgres)
        {
            hits = await session.QueryAsync(
                "SELECT tier, slot, letter_id FROM letter_search_page(@tiers, @tier, @scopes, @own, @others, @from, @end, @before, @take)",
                row => new Hit(row.GetInt32(0), row.GetInt64(1), row.GetString(2)), cancel,
                ("tiers", tiers.ToArray()), ("tier", tier), ("scopes", order == SearchOrder.Newest ? ByDate : BestFirst), ("own", wanted.Facets[0]), ("others", wanted.Facets[1..]),
                ("from", wanted.From), ("end", wanted.Before), ("before", before), ("take", PageSize + 1));
            tier = tiers.Count;
        }

        for (; tier < tiers.Count && hits.Count <= PageSize; tier++)
        {
            hits.AddRange(await session.QueryAsync(
                """
                SELECT s.slot, s.letter_id FROM (SELECT rowid FROM letter_search_words WHERE letter_search_words MATCH @match AND rowid >= @from AND rowid < @before ORDER BY rowid DESC LIMIT @take) w
                JOIN letter_search s ON s.slot = w.rowid ORDER BY s.slot DESC
                """,
                row => new Hit(tier, row.GetInt64(0), row.GetString(1)), cancel,
                ("match", text.Both($"facets : {text.All(wanted.Facets)}", $"tokens : {tiers[tier]}")), ("from", wanted.From), ("before", Math.Min(wanted.Before, before)), ("take", PageSize + 1 - hits.Count)));
            before = long.MaxValue;
        }

        var page = hits.Take(PageSize).ToList();
        var next = hits.Count > PageSize ? string.Create(CultureInfo.InvariantCulture, $"{page[^1].Tier}.{page[^1].Slot}") : null;
        return ([.. page.Select(hit => hit.Letter)], next);
    }

    // All words marked; some; none. For one word there is no "some".
    private static List<string> Tiers(MatchText text, IReadOnlyList<string> words)
    {
        var all = text.All(words);
        var marked = words.Select(LetterTokens.Marked).ToList();
        List<string> tiers = [text.All(marked)];
        if (words.Count > 1) tiers.Add(text.Without(text.Both(all, text.Any(marked)), text.All(marked)));
        tiers.Add(text.Without(all, text.Any(marked)));
        return tiers;
    }

    // The index only proposes: matter and letter decide what this department may see.
    private async Task<IReadOnlyList<FoundLetter>> ReadAsync(StoreSession session, string department, IReadOnlyList<string> letters, IReadOnlyList<string> words, CancellationToken cancel)
    {
        if (letters.Count == 0) return [];
        (string Id, FoundLetter Letter) Read(System.Data.Common.DbDataReader row) => (row.GetString(0), new FoundLetter(row.GetString(1),
            Snippet.Of(tokens, row.GetString(2).Length > 0 ? row.GetString(2) : ListQueue.Opening(row.GetString(3)), words, LetterText.TitleLimit),
            Snippet.Of(tokens, row.GetString(3), words, SnippetLength), row.IsDBNull(4) ? null : row.GetString(4),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), row.IsDBNull(6) ? null : row.GetString(6)));
        // Joined one by one, a letter is looked for in its own month, and the bounds spare the months of no letter; asked for as
        // a set, each letter would be looked for in every one.
        var found = session.IsPostgres
            ? await session.QueryAsync(
                """
                SELECT l.id, l.number, l.title, l.body, l.subject, l.arrived_at, m.disposition
                FROM unnest(@letters) AS page (id) JOIN matters m ON m.letter_id = page.id JOIN letters l ON l.id = page.id
                WHERE l.id >= @first AND l.id <= @last AND l.state = 'assigned' AND m.department = @department AND (l.about_department IS NULL OR l.about_department <> @department)
                """, Read, cancel, ("letters", letters.ToArray()), ("department", department), ("first", letters.Min(StringComparer.Ordinal)), ("last", letters.Max(StringComparer.Ordinal)))
            : await session.QueryAsync(
                """
                SELECT l.id, l.number, l.title, l.body, l.subject, l.arrived_at, m.disposition FROM letters l JOIN matters m ON m.letter_id = l.id
                WHERE l.id IN (SELECT value FROM json_each(@letters)) AND l.state = 'assigned' AND m.department = @department AND (l.about_department IS NULL OR l.about_department <> @department)
                """, Read, cancel, ("letters", "[\"" + string.Join("\",\"", letters) + "\"]"), ("department", department));
        var byId = found.ToDictionary(pair => pair.Id, pair => pair.Letter, StringComparer.Ordinal);
        return [.. letters.Where(byId.ContainsKey).Select(id => byId[id])];
    }

    private static string[] Facets(string department, LetterQuestion question)
    {
        var facets = new List<string> { Facet("d", department) };
        if (question.Open is { } open) facets.Add(Facet("s", open ? "open" : "closed"));
        if (question.Subject is { } subject) facets.Add(Facet("u", subject));
        return [.. facets];
    }

    /// <summary>A facet as the schema's view letter_facets writes it.</summary>
    internal static string Facet(string kind, string code) => kind + ":" + code.Replace(' ', '_');

    // What is no place in a list, or too far, is its beginning: it comes back from a page anybody may edit.
    private static (int Tier, long Before) Parse(string? after) =>
        after?.Split('.') is [var tier, var slot] && int.TryParse(tier, NumberStyles.None, CultureInfo.InvariantCulture, out var t) && t < 3 && long.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
            ? (t, s)
            : (0, long.MaxValue);

    /// <summary>What the index is asked for: tokens, facets, and slots from and before.</summary>
    internal sealed record Wanted(IReadOnlyList<string> Words, string[] Facets, long From, long Before);

    private sealed record Hit(int Tier, long Slot, string Letter);
}
