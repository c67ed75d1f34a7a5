using System.Text;

namespace Opinion.Analysis.Tests.Data;

/// <summary>Reads a CSV file of the shared data: quoted fields may hold line ends, which stay as they are.</summary>
public static class SharedTable
{
    /// <summary>The rows, each a map from the names of the header to the fields.</summary>
    public static List<Dictionary<string, string>> Read(string file)
    {
        var rows = new List<Dictionary<string, string>>();
        string[]? header = null;
        foreach (List<string> row in Rows(File.ReadAllText(SharedData.Path(file))))
        {
            if (header is null)
            {
                header = [.. row];
                continue;
            }

            if (row.Count != header.Length) throw new InvalidDataException($"{file}, row {rows.Count + 1}: {row.Count} fields where {header.Length} are needed");
            rows.Add(Enumerable.Range(0, row.Count).ToDictionary(i => header[i], i => row[i], StringComparer.Ordinal));
        }

        return rows;
    }

    private static IEnumerable<List<string>> Rows(string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
            else if (c == '"') quoted = !quoted;
            else if (quoted || c is not (',' or '\n' or '\r')) field.Append(c);
            else if (c == '\r') continue;
            else
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c == ',') continue;
                yield return fields;
                fields = [];
            }
        }

        if (field.Length == 0 && fields.Count == 0) yield break;
        fields.Add(field.ToString());
        yield return fields;
    }
}
