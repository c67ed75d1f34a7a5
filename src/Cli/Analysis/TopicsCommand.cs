using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Topics;

namespace Opinion.Cli.Analysis;

/// <summary><c>opinion topics</c>: the topic of each letter, or one line per topic, as JSON lines.</summary>
internal static class TopicsCommand
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] TimeFormats =
    [
        "yyyy-M-d", "yyyy/M/d", "yyyy-M-d H:m", "yyyy/M/d H:m", "yyyy-M-d H:m:s", "yyyy/M/d H:m:s", "yyyy-M-d'T'H:m", "yyyy-M-d'T'H:m:s",
        "yyyy-M-d'T'H:mK", "yyyy-M-d'T'H:m:sK", "yyyy-M-d'T'H:m:s.FFFFFFFK", "yyyy-M-d H:m:sK", "yyyy-M-d H:m:s.FFFFFFFK",
    ];

    internal static Command Create(CommandStreams streams)
    {
        var letters = new LettersOptions();
        var time = new Option<string>("--time") { Description = "The column with the time a letter came.", DefaultValueFactory = _ => "time" };
        var district = new Option<string>("--district") { Description = "The column with the district, if there is one." };
        var subject = new Option<string>("--subject") { Description = "The column with the subject, if there is one." };
        var summary = new Option<bool>("--summary") { Description = "One line per topic in place of one per letter." };
        var format = new Option<string>("--format") { Description = "jsonl, the only one.", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl");
        var command = new Command("topics", "Group letters about the same matter at the same place.") { letters.Input, letters.Text, letters.Id, time, district, subject, summary, format };
        command.SetAction(result => Run(
            streams,
            Read(result.GetValue(letters.Input)!, letters.TextColumns(result), result.GetValue(letters.Id)!, result.GetValue(time)!, result.GetValue(district), result.GetValue(subject)),
            result.GetValue(summary)));
        return command;
    }

    /// <summary>Reads letters, each of which must have its own id and a time.</summary>
    /// <exception cref="UsageException">The file cannot be read as asked.</exception>
    internal static List<TopicLetter> Read(string path, string[] textColumns, string idColumn, string timeColumn, string? districtColumn, string? subjectColumn)
    {
        string[] further = [timeColumn, .. textColumns[1..], .. Given(districtColumn), .. Given(subjectColumn)];
        List<CsvLetter> rows = CsvLetters.Read(path, textColumns[..1], idColumn, furtherColumns: further);
        var seen = new Dictionary<string, int>(rows.Count, StringComparer.Ordinal);
        var letters = new List<TopicLetter>(rows.Count);
        foreach (CsvLetter row in rows)
        {
            if (string.IsNullOrWhiteSpace(row.Value)) throw new UsageException($"{path}, row {row.Row}, column \"{idColumn}\": no id");
            if (!seen.TryAdd(row.Value, row.Row)) throw new UsageException($"{path}, row {row.Row}, column \"{idColumn}\": \"{row.Value}\" stands in row {seen[row.Value]} already");
            string written = row.Further![0].Trim();
            if (!DateTimeOffset.TryParseExact(written, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
            {
                throw new UsageException($"{path}, row {row.Row}, column \"{timeColumn}\": {(written.Length == 0 ? "no time" : $"\"{written}\" is not a time such as 2026-11-02 09:30:00")}");
            }

            string? subject = subjectColumn is null ? null : row.Further[^1];
            string? district = districtColumn is null ? null : row.Further[^(subjectColumn is null ? 1 : 2)];
            string body = string.Join('\n', row.Further[1..textColumns.Length]);
            // A single column is the text, whose beginning stands in for the title.
            letters.Add(textColumns.Length == 1
                ? new TopicLetter(row.Value, "", row.Text, time, Known(district), Known(subject))
                : new TopicLetter(row.Value, row.Text, body, time, Known(district), Known(subject)));
        }

        return letters;

        static string[] Given(string? column) => column is null ? [] : [column];
        static string? Known(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
    }

    private static int Run(CommandStreams streams, List<TopicLetter> letters, bool summary)
    {
        TopicIndex index = TopicIndex.Of(letters, DictionaryFolder.Default.LoadGramTable());
        IReadOnlyList<Topic> topics = index.Topics();
        using StreamWriter writer = streams.Writer();
        if (summary) WriteTopics(writer, letters, topics);
        else WriteLetters(writer, letters, topics);
        return 0;
    }

    private static void WriteLetters(StreamWriter writer, List<TopicLetter> letters, IReadOnlyList<Topic> topics)
    {
        var topicOf = new Dictionary<string, string>(letters.Count, StringComparer.Ordinal);
        foreach (Topic topic in topics)
        {
            foreach (string id in topic.Letters) topicOf.Add(id, topic.Key);
        }

        foreach (TopicLetter letter in letters)
        {
            writer.Write(JsonSerializer.Serialize(new { id = letter.Id, topic = topicOf[letter.Id] }, Json));
            writer.Write('\n');
        }
    }

    private static void WriteTopics(StreamWriter writer, List<TopicLetter> letters, IReadOnlyList<Topic> topics)
    {
        DictionaryFolder folder = DictionaryFolder.Default;
        Segmenter segmenter = folder.LoadSegmenter();
        Redactor redactor = folder.LoadRedactor(segmenter.Words);
        var titler = new TopicTitler(segmenter, folder.LoadGramTable());
        var byId = letters.ToDictionary(letter => letter.Id, StringComparer.Ordinal);
        foreach (Topic topic in topics)
        {
            // What is too small for a title of words is named by district and subject, and its text is not looked at.
            TopicLetter[] members = [.. topic.Letters.Select(id => byId[id])];
            if (members.Length >= TopicTitler.LeastLetters)
            {
                members = Array.ConvertAll(members, letter => letter with { Title = redactor.Redact(letter.Title), Body = redactor.Redact(letter.Body) });
            }

            writer.Write(JsonSerializer.Serialize(
                new { topic = topic.Key, title = titler.Title(members), first = Written(topic.First), last = Written(topic.Last), count = topic.Count }, Json));
            writer.Write('\n');
        }
    }

    private static string Written(DateTimeOffset time) => time.ToString(time.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
