namespace Opinion.Desk.Storage;

/// <summary>What one table held when it was copied.</summary>
/// <param name="Name">The table.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Sha256">The hash of its rows in the order of its key, in the form the engine's copy gives them.</param>
public sealed record TableContent(string Name, long Rows, string Sha256);

/// <summary>How far a table's numbering had come.</summary>
public sealed record SequenceValue(string Name, long Value);

/// <summary>What a whole store held at one moment, and what its engine needs to put it back.</summary>
/// <param name="Schema">The number of the last migration applied.</param>
/// <param name="Tables">The tables, each after those it points to.</param>
/// <param name="Sequences">Numberings, on PostgreSQL.</param>
/// <param name="Months">Months that have a partition of letters, as <c>202611</c>, on PostgreSQL.</param>
public sealed record StoreCopy(int Schema, IReadOnlyList<TableContent> Tables, IReadOnlyList<SequenceValue> Sequences, IReadOnlyList<string> Months)
{
    /// <summary>The first table whose rows or hash are not the other's, in words; null where all are equal.</summary>
    internal string? DifferenceFrom(IReadOnlyList<TableContent> found)
    {
        var there = found.ToDictionary(table => table.Name, StringComparer.Ordinal);
        foreach (var table in Tables)
        {
            if (!there.Remove(table.Name, out var other)) return $"table {table.Name} is missing";
            if (other.Rows != table.Rows) return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"table {table.Name} has {other.Rows} rows where the manifest has {table.Rows}");
            if (other.Sha256 != table.Sha256) return $"the rows of table {table.Name} are not those of the manifest";
        }

        return there.Count == 0 ? null : $"table {there.Keys.First()} is not in the manifest";
    }
}
