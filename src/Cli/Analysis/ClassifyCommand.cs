using System.Buffers;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Opinion.Analysis.Classification;

namespace Opinion.Cli.Analysis;

/// <summary><c>opinion classify</c>: the label of each letter, as JSON lines.</summary>
internal static class ClassifyCommand
{
    private const int WriteFrom = 60_000;
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Label = JsonEncodedText.Encode("label");
    private static readonly JsonEncodedText Confidence = JsonEncodedText.Encode("confidence");

    internal static Command Create(CommandStreams streams)
    {
        var letters = new LettersOptions();
        var format = new Option<string>("--format") { Description = "jsonl, the only one.", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl");
        var command = new Command("classify", "Sort letters with a trained model.") { letters.Input, letters.Text, letters.Id, letters.Model, format };
        command.SetAction(result => Run(
            streams, result.GetValue(letters.Input)!, letters.TextColumns(result), result.GetValue(letters.Id)!, result.GetResult(letters.Id) is { Implicit: false }, result.GetValue(letters.Model)!));
        return command;
    }

    /// <summary>Loads a model that the user named.</summary>
    /// <exception cref="UsageException">The file does not exist or cannot be opened.</exception>
    internal static SorterModel LoadModel(string path)
    {
        try
        {
            return SorterModel.Load(path);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.Reading(path, e);
        }
    }

    private static int Run(CommandStreams streams, string input, string[] textColumns, string idColumn, bool idNamed, string modelPath)
    {
        using CsvLetterRows letters = CsvLetterRows.Open(input, textColumns, idColumn, valueOptional: !idNamed);
        SorterModel model = LoadModel(modelPath);
        letters.Check();
        JsonEncodedText[] labels = [.. model.Labels.Select(label => JsonEncodedText.Encode(label, Json.Encoder))];
        var probabilities = new double[labels.Length];
        var lines = new ArrayBufferWriter<byte>(1 << 16);
        using var json = new Utf8JsonWriter(lines, Json);
        while (letters.Read())
        {
            int best = model.Probabilities(letters.Text, probabilities);
            json.Reset();
            json.WriteStartObject();
            json.WriteString(Id, letters.Value);
            json.WriteString(Label, labels[best]);
            json.WriteNumber(Confidence, Math.Round(probabilities[best], 6));
            json.WriteEndObject();
            json.Flush();
            lines.Write("\n"u8);
            if (lines.WrittenCount < WriteFrom) continue;
            streams.Out.Write(lines.WrittenSpan);
            lines.ResetWrittenCount();
        }

        streams.Out.Write(lines.WrittenSpan);
        streams.Out.Flush();
        return 0;
    }
}
