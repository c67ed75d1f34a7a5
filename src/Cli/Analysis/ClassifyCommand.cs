using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Opinion.Analysis.Classification;

namespace Opinion.Cli.Analysis;

/// <summary><c>opinion classify</c>: the label of each letter, as JSON lines.</summary>
internal static class ClassifyCommand
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static Command Create(CommandStreams streams)
    {
        var letters = new LettersOptions();
        var format = new Option<string>("--format") { Description = "jsonl, the only one.", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl");
        var command = new Command("classify", "Sort letters with a trained model.") { letters.Input, letters.Text, letters.Id, letters.Model, format };
        command.SetAction(result => Run(
            streams, result.GetValue(letters.Input)!, letters.TextColumns(result), result.GetValue(letters.Id)!, result.GetValue(letters.Model)!));
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{path}: {(File.Exists(path) ? e.Message : "the file does not exist")}");
        }
    }

    /// <summary>The most probable label and its probability.</summary>
    internal static (string Label, double Confidence) Best(SorterModel model, string text)
    {
        double[] probabilities = model.Probabilities(text);
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[best]) best = i;
        }

        return (model.Labels[best], probabilities[best]);
    }

    private static int Run(CommandStreams streams, string input, string[] textColumns, string idColumn, string modelPath)
    {
        List<CsvLetter> letters = CsvLetters.Read(input, textColumns, idColumn, valueOptional: true);
        SorterModel model = LoadModel(modelPath);
        using StreamWriter writer = streams.Writer();
        foreach (CsvLetter letter in letters)
        {
            (string label, double confidence) = Best(model, letter.Text);
            writer.Write(JsonSerializer.Serialize(new { id = letter.Value, label, confidence = Math.Round(confidence, 6) }, Json));
            writer.Write('\n');
        }

        return 0;
    }
}
