using System.Globalization;

namespace Opinion.Analysis.Suppression;

/// <summary>A count of a released week that was found wrong.</summary>
/// <param name="Key">The cell's key, without a version.</param>
/// <param name="Count">The right count.</param>
/// <param name="Distinct">The right count once near-duplicates are collapsed; null where not counted.</param>
public readonly record struct Correction(string Key, long Count, long? Distinct = null);

/// <summary>What came of an erratum.</summary>
/// <param name="Result">The corrected cells, keyed <c>key#1</c> for the first correction of a cell, <c>key#2</c> for the next; or a refusal.</param>
/// <param name="Cube">All releases with the erratum, to audit and to go on with; as it was where the erratum is refused.</param>
public sealed record ErratumResult(SuppressionResult Result, CountCube Cube);

/// <summary>
/// Corrects released cells. A release is never taken back: the reader keeps the old value and the lines it stood in, and
/// gets beside it a new cell and the same lines with the new cell in its place. A reader takes the cells that an erratum does
/// not name as unchanged, so every cell whose count changed is named in it, hidden ones too, and all totals it touches.
/// </summary>
public static class Erratum
{
    /// <summary>Checks an erratum together with everything released. It hides what is small and helps it by nothing else, for what it would hide is known already from the release.</summary>
    /// <param name="cube">All releases, each cell of them released.</param>
    /// <param name="name">Names the erratum as a release.</param>
    /// <param name="corrections">All cells whose count changed.</param>
    /// <returns>The corrected cells, or a refusal that names the cells that would have fewer than ten possible values.</returns>
    /// <exception cref="ArgumentException">A corrected cell was not released; a key stands twice; the corrected counts break a line, which means that a cell is missing from the erratum.</exception>
    public static ErratumResult Check(CountCube cube, string name, IReadOnlyList<Correction> corrections)
    {
        if (cube.Cells.FirstOrDefault(cell => !cube.Released.ContainsKey(cell.Key)) is { Key: not null } open) throw new ArgumentException($"\"{open.Key}\" has not been released", nameof(cube));
        string[] keys = [.. cube.Cells.Select(cell => cell.Key)];
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var cells = new List<CountCell>(cube.Cells);
        foreach (Correction correction in corrections)
        {
            string current = Current(keys, correction.Key);
            string next = $"{correction.Key}#{(Version(current) + 1).ToString(CultureInfo.InvariantCulture)}";
            if (!renamed.TryAdd(current, next)) throw new ArgumentException($"\"{correction.Key}\" is corrected twice", nameof(corrections));
            cells.Add(new CountCell(next, name, correction.Count, correction.Distinct));
        }

        HashSet<string> superseded = [.. keys.GroupBy(Base, StringComparer.Ordinal).SelectMany(versions => versions.OrderByDescending(Version).Skip(1))];
        var lines = new List<CountLine>(cube.Lines);
        lines.AddRange(cube.Lines
            .Where(line => line.Parts.Concat(line.Totals).Any(renamed.ContainsKey) && !line.Parts.Concat(line.Totals).Any(superseded.Contains))
            .Select(line => new CountLine([.. line.Parts.Select(Renamed)], [.. line.Totals.Select(Renamed)])));
        PublishedCell[] released = [.. cube.Released.Select(pair => new PublishedCell(pair.Key, pair.Value))];
        SuppressionResult result = CellSuppression.WithoutHelp(new CountCube(cells, lines, released));
        return new ErratumResult(result, result.IsPublishable ? new CountCube(cells, lines, released.Concat(result.Cells)) : cube);

        string Renamed(string key) => renamed.GetValueOrDefault(key, key);
    }

    /// <summary>The key of a cell's latest version, for lines of later releases that go on from it.</summary>
    /// <param name="keys">The keys that are there.</param>
    /// <param name="key">The cell's key, without a version.</param>
    /// <exception cref="ArgumentException">There is no such cell.</exception>
    public static string Current(IEnumerable<string> keys, string key)
    {
        string? current = keys.Where(candidate => Base(candidate) == key).MaxBy(Version);
        return current ?? throw new ArgumentException($"\"{key}\" has not been released", nameof(key));
    }

    private static string Base(string key) => key.IndexOf('#', StringComparison.Ordinal) is >= 0 and int at ? key[..at] : key;

    private static int Version(string key) => key.IndexOf('#', StringComparison.Ordinal) is >= 0 and int at ? int.Parse(key.AsSpan(at + 1), CultureInfo.InvariantCulture) : 0;
}
