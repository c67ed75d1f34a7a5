using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Tests.Data;

namespace Opinion.Analysis.Tests.Redaction;

/// <summary>A span labelled by hand; its kind says what is measured together.</summary>
public sealed record LabelledSpan(int Start, int End, string Kind);

/// <summary>A title or a body with its labels.</summary>
public sealed record LabelledText(string Id, string Text, IReadOnlyList<LabelledSpan> Spans);

/// <summary>Counts of one kind of label.</summary>
public sealed record LabelMeasure(int Spans, int Covered, int Characters, int Leaked)
{
    public double Recall => Spans == 0 ? 0 : (double)Covered / Spans;

    public double LeakedShare => Characters == 0 ? 0 : (double)Leaked / Characters;
}

/// <summary>
/// The letters of <c>Labels/personal-spans.jsonl</c>. A half is for developing (its misses may be read), the other is
/// held back (only its figures are looked at); the first byte of SHA-256 of the id decides.
/// </summary>
public static class PersonalLabels
{
    private static readonly string[] Files = ["letters_train.csv", "letters_dev.csv", "requests_2019.csv", "answered_letters.csv"];

    public static bool IsForDevelopment(string id) => (SHA256.HashData(Encoding.UTF8.GetBytes(id))[0] & 1) == 0;

    /// <summary>The labelled texts. Provinces are coded in the data: 楚 on number plates stands for a real one and is read as 湘.</summary>
    public static List<LabelledText> Read()
    {
        var letters = Files.ToDictionary(
            file => file,
            file => SharedTable.Read(file).GroupBy(row => row["id"]).ToDictionary(rows => rows.Key, rows => rows.First(), StringComparer.Ordinal),
            StringComparer.Ordinal);
        var texts = new List<LabelledText>();
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Labels", "personal-spans.jsonl")))
        {
            using JsonDocument label = JsonDocument.Parse(line);
            string id = label.RootElement.GetProperty("id").GetString()!;
            Dictionary<string, string> letter = letters[label.RootElement.GetProperty("file").GetString()!][id];
            foreach (string part in (string[])["title", "body"])
            {
                string text = letter[part].Replace('楚', '湘');
                var spans = label.RootElement.GetProperty(part).EnumerateArray().Select(Span).ToList();
                if (spans.Any(span => span.End > text.Length)) throw new InvalidDataException($"{id}: a label reaches beyond the {part}");
                texts.Add(new LabelledText(id, text, spans));
            }
        }

        return texts;
    }

    /// <summary>Recall and leaked characters for every kind of label.</summary>
    public static SortedDictionary<string, LabelMeasure> Measure(IEnumerable<LabelledText> texts, Func<string, IReadOnlyList<PersonalSpan>> find)
    {
        var measures = new SortedDictionary<string, LabelMeasure>(StringComparer.Ordinal);
        foreach (LabelledText text in texts)
        {
            bool[] covered = Covered(text.Text, find(text.Text));
            foreach (LabelledSpan span in text.Spans)
            {
                int leaked = covered[span.Start..span.End].Count(c => !c);
                LabelMeasure old = measures.GetValueOrDefault(span.Kind) ?? new LabelMeasure(0, 0, 0, 0);
                measures[span.Kind] = new LabelMeasure(old.Spans + 1, old.Covered + (leaked == 0 ? 1 : 0), old.Characters + span.End - span.Start, old.Leaked + leaked);
            }
        }

        return measures;
    }

    /// <summary>For every kind found how many spans there are and how many of them touch a label of any kind.</summary>
    public static SortedDictionary<PersonalKind, (int Found, int Right)> Precision(IEnumerable<LabelledText> texts, Func<string, IReadOnlyList<PersonalSpan>> find)
    {
        var counts = new SortedDictionary<PersonalKind, (int Found, int Right)>();
        foreach (LabelledText text in texts)
        {
            foreach (PersonalSpan span in find(text.Text))
            {
                (int found, int right) = counts.GetValueOrDefault(span.Kind);
                bool touches = text.Spans.Any(label => label.Start < span.End && label.End > span.Start);
                counts[span.Kind] = (found + 1, right + (touches ? 1 : 0));
            }
        }

        return counts;
    }

    internal static bool[] Covered(string text, IReadOnlyList<PersonalSpan> spans)
    {
        var covered = new bool[text.Length];
        foreach (PersonalSpan span in spans) Array.Fill(covered, true, span.Start, span.End - span.Start);
        return covered;
    }

    // Labels of public places and offices' own numbers, and doubtful ones, are told apart.
    private static LabelledSpan Span(JsonElement span)
    {
        string kind = span.GetProperty("type").GetString()!;
        if (span.TryGetProperty("cue", out JsonElement cue)) kind += $" {cue.GetString()}";
        if (IsTrue(span, "public")) kind += " (public)";
        if (IsTrue(span, "weak")) kind += " (weak)";
        return new LabelledSpan(span.GetProperty("start").GetInt32(), span.GetProperty("end").GetInt32(), kind);
    }

    private static bool IsTrue(JsonElement span, string name) => span.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
