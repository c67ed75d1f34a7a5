using System.Security.Cryptography;
using System.Text.Json;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Hotline;

/// <summary>
/// A hotline's sheet, checked from end to end before anything of it is taken: every row can be read and every mapped
/// column is there. So a broken file is refused whole, and only single rows can be set aside.
/// </summary>
public sealed class HotlineSheet
{
    private readonly string _path;
    private readonly TableOptions _options;

    private HotlineSheet(string path, ColumnMap map, IReadOnlyList<string> columns, IReadOnlyList<string> warnings, long rows)
    {
        _path = path;
        _options = OptionsOf(map);
        Map = map;
        Columns = columns;
        Warnings = warnings;
        Rows = rows;
    }

    /// <summary>The file's name, without its folder.</summary>
    public string Source => Path.GetFileName(_path);

    /// <summary>How its columns become letters.</summary>
    public ColumnMap Map { get; }

    /// <summary>The sheet's columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What the office should know, a line each: columns that the map neither takes in nor ignores.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>How many rows stand below the header.</summary>
    public long Rows { get; }

    /// <summary>Checks a sheet.</summary>
    /// <exception cref="InputFileException">The file cannot be read to its end, or a mapped column is missing.</exception>
    public static HotlineSheet Check(string path, ColumnMap map, CancellationToken cancel)
    {
        using var table = Table.Open(path, OptionsOf(map), cancel);
        var missing = map.Mapped().Where(pair => !table.Columns.Contains(pair.Column, StringComparer.Ordinal)).Select(pair => $"{pair.Column} ({pair.Member})").ToList();
        if (missing.Count > 0)
            throw new InputFileException(table.Name, $"the map \"{map.Name}\" names columns that are not there: {string.Join(", ", missing)}; the sheet has: {string.Join(", ", table.Columns)}", 1,
                told: $"the map \"{map.Name}\" names columns that are not there: {string.Join(", ", missing)}");
        var known = map.Mapped().Select(pair => pair.Column).Concat(map.Ignore ?? []).ToHashSet(StringComparer.Ordinal);
        var warnings = table.Columns.Where(column => !known.Contains(column)).Select(column => $"{table.Name}, column {column}: neither mapped nor ignored; it is not taken in").ToList();
        return new HotlineSheet(path, map, table.Columns, warnings, table.ReadRows(cancel).LongCount());
    }

    /// <summary>Opens the sheet again, to read its rows.</summary>
    /// <exception cref="InputFileException">It was changed since it was checked.</exception>
    internal Table Open(CancellationToken cancel)
    {
        var table = Table.Open(_path, _options, cancel);
        if (table.Columns.SequenceEqual(Columns, StringComparer.Ordinal)) return table;
        table.Dispose();
        throw new InputFileException(Source, "the file was changed while it was read", 1);
    }

    /// <summary>What tells this sheet and its map from every other: SHA-256 of both.</summary>
    internal async Task<byte[]> HashAsync(CancellationToken cancel)
    {
        await using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var sheet = await SHA256.HashDataAsync(file, cancel);
        return SHA256.HashData([.. sheet, .. JsonSerializer.SerializeToUtf8Bytes(Map, ColumnMapJson.Default.ColumnMap)]);
    }

    private static TableOptions OptionsOf(ColumnMap map) => new(map.Encoding, map.Sheet);
}
