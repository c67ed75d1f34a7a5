using System.Globalization;
using Opinion.Analysis.Suppression;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Reports;

/// <summary>
/// States what was found wrong in a released week. The week stays as it was released; the erratum stands with it and in the
/// report of the week in which it was found. It goes through the same suppression, and is refused where it would tell a hidden count.
/// </summary>
public sealed class CorrectWeek(DeskStore store, AuditLog audit, LetterReader reader, TimeProvider clock)
{
    /// <summary>The action in the audit log.</summary>
    public const string Corrected = "week-corrected";

    /// <summary>Corrects a week.</summary>
    /// <param name="week">The released week.</param>
    /// <param name="counts">The right counts of all cells that change, by their names within the week, such as <c>closed</c> or <c>dispositions/solved</c>.</param>
    /// <param name="reason">Why, in words that are published; numbers and names of persons in it are redacted.</param>
    /// <param name="cancel">Cancels the work.</param>
    /// <returns>Null where it was done; else, in English, why not.</returns>
    public async Task<string?> HandleAsync(IsoWeek week, IReadOnlyDictionary<string, long> counts, string reason, CancellationToken cancel)
    {
        if (counts.Count == 0) return "no count was given";
        if (string.IsNullOrWhiteSpace(reason) || reader.Redact(reason.Trim()) is not { } words) return "a reason is needed, and the model that redacts it";
        await using var session = await store.WriteAsync(cancel);
        var (cells, lines) = await ReleasedCounts.ReadAsync(session, ReleasedCounts.Earlier(week), ReleasedCounts.Later(week), cancel);
        var keys = cells.Select(pair => pair.Cell.Key).ToHashSet(StringComparer.Ordinal);
        if (!keys.Any(key => key.StartsWith($"{week}/", StringComparison.Ordinal))) return $"{week} was not released, or in a form that holds no counts to correct";
        var known = lines.Where(line => line.Parts.Concat(line.Totals).All(keys.Contains)).ToList();
        var number = 1 + await session.CountAsync("SELECT COUNT(*) FROM report_errata WHERE week = @week", cancel, ("week", week.ToString()));
        ErratumResult result;
        try
        {
            var cube = new CountCube(cells.Select(pair => pair.Cell), known, cells.Select(pair => new PublishedCell(pair.Cell.Key, pair.Shown)));
            result = Erratum.Check(cube, $"{week} erratum {number.ToString(CultureInfo.InvariantCulture)}", [.. counts.Select(pair => new Correction($"{week}/{pair.Key}", pair.Value))]);
            if (!result.Result.IsPublishable) return $"it would leave too few values for {string.Join(", ", result.Result.Exposed)}";
            // Lines of the corrected cells, without those that are kept.
            var old = cube.Lines.Select(Text).ToHashSet(StringComparer.Ordinal);
            await ReleasedCounts.KeepAsync(session, week, result.Cube.Lines.Where(line => !old.Contains(Text(line))), cancel);
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }

        var now = clock.GetUtcNow();
        var shownBefore = cells.ToDictionary(pair => pair.Cell.Key, pair => pair.Shown, StringComparer.Ordinal);
        foreach (var published in result.Result.Cells)
        {
            var original = published.Key[..published.Key.IndexOf('#', StringComparison.Ordinal)];
            await ReleasedCounts.KeepAsync(session, week, result.Cube.Cells.Single(cell => cell.Key == published.Key), published.Count, cancel);
            await session.ExecuteAsync("INSERT INTO report_errata (week, number, found_at, text) VALUES (@week, @number, @now, @text)", cancel,
                ("week", week.ToString()), ("number", number++), ("now", now.ToUnixTimeMilliseconds()),
                ("text", $"{published.Key} = {Shown(published.Count)} (was {Shown(shownBefore[Erratum.Current(keys, original)])}): {words}"));
        }

        await audit.WriteAsync(session, "operator", Corrected, week.ToString(), null, words, cancel);
        await session.CommitAsync(cancel);
        return null;
    }

    private static string Text(CountLine line) => string.Join('\n', line.Parts) + "\n=\n" + string.Join('\n', line.Totals);

    private static string Shown(long? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "hidden";
}
