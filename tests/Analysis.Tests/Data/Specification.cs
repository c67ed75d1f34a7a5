namespace Opinion.Analysis.Tests.Data;

/// <summary>Reads a specification of this project: tab-separated rows after a header; # begins a remark.</summary>
public static class Specification
{
    public static IReadOnlyList<string[]> Rows(string relative, int fields)
    {
        string path = Path.Combine(AppContext.BaseDirectory, relative);
        var rows = new List<string[]>();
        int number = 0;
        foreach (string line in File.ReadAllText(path).Split('\n'))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            string[] row = line.Split('\t');
            if (row.Length != fields) throw new InvalidDataException($"{relative}, line {number}: {row.Length} fields where {fields} are needed");
            rows.Add(row);
        }

        // A specification that lost its rows must not pass.
        if (rows.Count < 6) throw new InvalidDataException($"{relative}: only {rows.Count} rows");
        return rows[1..];
    }
}
