using System.CommandLine;
using System.Globalization;
using Opinion.Analysis.Classification;

namespace Opinion.Cli.Analysis;

/// <summary><c>opinion evaluate</c>: how well a model sorts letters whose labels are known.</summary>
internal static class EvaluateCommand
{
    internal static Command Create(CommandStreams streams)
    {
        var letters = new LettersOptions();
        letters.Label.Required = true;
        var threshold = new Option<double>("--threshold") { Description = "Confidence from which a letter is sorted without a person.", DefaultValueFactory = _ => 0.8 };
        threshold.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0 and <= 1)) result.AddError("--threshold is a number from 0 to 1");
        });
        var command = new Command("evaluate", "Measure a trained model on letters whose labels are known.") { letters.Input, letters.Text, letters.Label, letters.Model, threshold };
        command.SetAction(result => Run(
            streams, result.GetValue(letters.Input)!, letters.TextColumns(result), result.GetValue(letters.Label)!, result.GetValue(letters.Model)!, result.GetValue(threshold)));
        return command;
    }

    private static int Run(CommandStreams streams, string input, string[] textColumns, string labelColumn, string modelPath, double threshold)
    {
        using CsvLetterRows letters = CsvLetterRows.Open(input, textColumns, labelColumn);
        SorterModel model = ClassifyCommand.LoadModel(modelPath);
        var judgements = new List<Judgement>();
        var probabilities = new double[model.Labels.Count];
        while (letters.Read())
        {
            if (letters.Value.IsWhiteSpace()) throw new UsageException($"{input}, row {letters.Row}, column \"{labelColumn}\": no label");
            int best = model.Probabilities(letters.Text, probabilities);
            judgements.Add(new Judgement(letters.Value.ToString(), model.Labels[best], probabilities[best]));
        }

        using StreamWriter writer = streams.Writer();
        Print(writer, Evaluation.Of(judgements, threshold));
        return 0;
    }

    private static void Print(StreamWriter writer, Evaluation evaluation)
    {
        Line($"letters\t{evaluation.Count}");
        Line($"accuracy\t{evaluation.Accuracy:F4}");
        Line($"macro-F1\t{evaluation.MacroF1:F4}\t95% interval {evaluation.MacroF1Low:F4} to {evaluation.MacroF1High:F4}");
        Line($"share at or above {evaluation.Threshold:0.##}\t{evaluation.ShareAbove:F4}\taccuracy there {evaluation.AccuracyAbove:F4}");
        Line($"calibration error\t{evaluation.CalibrationError:F4}");
        Line($"");
        Line($"right \\ given\t{string.Join('\t', evaluation.Labels)}");
        for (int i = 0; i < evaluation.Labels.Count; i++)
        {
            Line($"{evaluation.Labels[i]}\t{string.Join('\t', evaluation.Confusion[i])}");
        }

        void Line(FormattableString line) => writer.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
