using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Similarity;

namespace Opinion.Cli.Analysis;

/// <summary><c>opinion match</c>: the answers of a bank that come closest to each question, as JSON lines.</summary>
internal static class MatchCommand
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static Command Create(CommandStreams streams)
    {
        var bank = new Option<string>("--bank")
        {
            Description = "A CSV file with the columns id and answer; also read where there: question, alternatives (forms of it, between | or line ends).",
            Required = true,
        };
        var queries = new Option<string>("--queries") { Description = "A CSV file with the column question.", Required = true };
        var top = new Option<int>("--top") { Description = "The most answers for a question.", DefaultValueFactory = _ => 5 };
        var confidence = new Option<bool>("--confidence") { Description = "Also give the probability that the first answer is right." };
        var format = new Option<string>("--format") { Description = "jsonl, the only one.", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl");
        var command = new Command("match", "Find the prepared answers to questions.") { bank, queries, top, confidence, format };
        command.SetAction(result => Run(
            streams, result.GetValue(bank)!, result.GetValue(queries)!, result.GetValue(top), result.GetValue(confidence)));
        return command;
    }

    /// <summary>Reads a bank, each entry of which must have its own id and an answer or a question.</summary>
    /// <exception cref="UsageException">The file cannot be read as asked.</exception>
    internal static List<AnswerEntry> ReadBank(string path)
    {
        // One reading: a pipe can be opened only once.
        using CsvRows rows = CsvRows.Open(path);
        int answerPlace = rows.Place("answer");
        int idPlace = rows.Place("id");
        int questionPlace = Optional("question");
        int alternativesPlace = Optional("alternatives");
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var entries = new List<AnswerEntry>();
        while (rows.Read())
        {
            string id = Field(idPlace);
            if (string.IsNullOrWhiteSpace(id)) throw new UsageException($"{path}, row {rows.Row}, column \"id\": no id");
            if (!seen.TryAdd(id, rows.Row)) throw new UsageException($"{path}, row {rows.Row}, column \"id\": \"{id}\" stands in row {seen[id]} already");
            string answer = Field(answerPlace);
            string question = Field(questionPlace);
            if (string.IsNullOrWhiteSpace(answer) && string.IsNullOrWhiteSpace(question)) throw new UsageException($"{path}, row {rows.Row}, column \"answer\": no answer");
            string[] forms = Field(alternativesPlace).Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            entries.Add(new AnswerEntry(id, question, forms, answer));
        }

        return entries.Count > 0 ? entries : throw new UsageException($"{path}: no rows after the header");

        int Optional(string column) => rows.Header.Contains(column, StringComparer.Ordinal) ? rows.Place(column) : -1;

        string Field(int place)
        {
            if (place < 0) return "";
            char[] text = [];
            int length = rows.Append(place, ref text, 0);
            return new string(text, 0, length);
        }
    }

    private static int Run(CommandStreams streams, string bankPath, string queriesPath, int top, bool withConfidence)
    {
        if (top < 1) throw new UsageException("--top: not 1 or more");
        List<AnswerEntry> bank = ReadBank(bankPath);
        List<CsvLetter> questions = CsvLetters.Read(queriesPath, ["question"], "question");
        DictionaryFolder folder = DictionaryFolder.Default;
        AnswerIndex index = AnswerIndex.Build(bank, folder.LoadSegmenter(), ChineseFolding.Load(folder));
        using StreamWriter writer = streams.Writer();
        foreach (CsvLetter question in questions)
        {
            MatchResult match = index.Match(question.Text, top);
            var answers = match.Answers.Select(answer => new { id = answer.Id, score = Math.Round(answer.Score, 6) });
            writer.Write(withConfidence
                ? JsonSerializer.Serialize(new { question = question.Text, answers, confidence = Math.Round(match.Confidence, 6) }, Json)
                : JsonSerializer.Serialize(new { question = question.Text, answers }, Json));
            writer.Write('\n');
        }

        return 0;
    }
}
