using System.CommandLine;
using System.Globalization;
using Opinion.Analysis.Classification;

namespace Opinion.Cli.Analysis;

/// <summary><c>opinion train</c>: a model of letters whose labels are known.</summary>
internal static class TrainCommand
{
    internal static Command Create(CommandStreams streams)
    {
        var letters = new LettersOptions();
        letters.Label.Required = true;
        letters.Model.Description = "Where the model is written; replaced only by a whole one.";
        var command = new Command("train", "Train a sorter on letters whose labels are known.") { letters.Input, letters.Text, letters.Label, letters.Model };
        command.SetAction(result => Run(
            streams, result.GetValue(letters.Input)!, letters.TextColumns(result), result.GetValue(letters.Label)!, result.GetValue(letters.Model)!));
        return command;
    }

    private static int Run(CommandStreams streams, string input, string[] textColumns, string labelColumn, string output)
    {
        List<CsvLetter> letters = CsvLetters.ReadLabelled(input, textColumns, labelColumn);
        SorterModel model;
        try
        {
            model = SorterModel.Train([.. letters.Select(letter => new TrainingExample(letter.Text, letter.Value))], Opinion.Analysis.Dictionaries.DictionaryFolder.Default.LoadSegmenter());
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{input}, column \"{labelColumn}\": {e.Message}");
        }

        WholeFile.Write(output, model.Save);
        streams.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{letters.Count} letters, {model.Labels.Count} labels: {output}"));
        return 0;
    }
}
