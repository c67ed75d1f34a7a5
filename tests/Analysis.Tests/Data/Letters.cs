using System.Text;

namespace Opinion.Analysis.Tests.Data;

/// <summary>Reads letters from CSV files as the need sorter is given them: title, line break, body.</summary>
public static class Letters
{
    /// <summary>The rows of a CSV file (RFC 4180) as fields by the name of their column.</summary>
    public static List<Dictionary<string, string>> Rows(string path)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        string text = File.ReadAllText(path);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"')
            {
                if (quoted && i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
                else quoted = !quoted;
            }
            else if (!quoted && (c is ',' or '\n'))
            {
                row.Add(c == '\n' ? field.ToString().TrimEnd('\r') : field.ToString());
                field.Clear();
                if (c != '\n') continue;
                rows.Add([.. row]);
                row.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        string[] header = rows[0];
        return [.. rows.Skip(1).Where(r => r.Length == header.Length).Select(r => header.Zip(r).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal))];
    }

    /// <summary>The letters of one file of the shared data by id.</summary>
    public static Dictionary<string, string> Shared(string file) => Rows(SharedData.Path(file)).ToDictionary(
        row => row["id"], row => row.TryGetValue("question", out string? question) ? question : $"{row["title"]}\n{row["body"]}", StringComparer.Ordinal);

    /// <summary>The letters of the sample town: need as the town names it, and text.</summary>
    public static List<(string Need, string Text)> Town()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Opinion.sln"))) folder = folder.Parent;
        string path = Path.Combine((folder ?? throw new DirectoryNotFoundException("the repository")).FullName, "samples", "town", "letters.csv");
        return [.. Rows(path).Select(row => (row["need"], $"{row["title"]}\n{row["body"]}"))];
    }
}
