using System.Globalization;
using System.Text;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Topics;

namespace Opinion.Analysis.Tests.Topics;

/// <summary>The 4,326 letters of <c>requests_2019.csv</c>.</summary>
public static class Requests
{
    private static readonly Lazy<IReadOnlyList<TopicLetter>> LazyLetters = new(Read);

    public static GramTable Table { get; } = DictionaryFolder.Default.LoadGramTable();

    public static IReadOnlyList<TopicLetter> Letters => LazyLetters.Value;

    private static List<TopicLetter> Read()
    {
        List<string[]> rows = Rows(File.ReadAllText(SharedData.Path("requests_2019.csv")));
        return [.. rows.Skip(1).Select(row => new TopicLetter(row[0], row[1], row[3], DateTimeOffset.Parse(row[2], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)))];
    }

    private static List<string[]> Rows(string csv)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = csv[0] == '\uFEFF' ? 1 : 0; i < csv.Length; i++)
        {
            char c = csv[i];
            if (c == '"' && quoted && i + 1 < csv.Length && csv[i + 1] == '"') field.Append(csv[i++]);
            else if (c == '"') quoted = !quoted;
            else if (!quoted && c is ',' or '\n' && !quoted)
            {
                row.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (c != '\n') continue;
                rows.Add([.. row]);
                row.Clear();
            }
            else field.Append(c);
        }

        return rows;
    }
}
