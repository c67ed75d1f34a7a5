using System.CommandLine;
using System.Globalization;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Cli.Office;

namespace Opinion.Cli.Analysis;

/// <summary><c>opinion train</c>: a model of letters whose labels are known, from files, from an office's corrections, or both.</summary>
internal static class TrainCommand
{
    internal static Command Create(CommandStreams streams)
    {
        var letters = new LettersOptions();
        var input = new Option<string[]>("--input") { Description = "A CSV file with a header, UTF-8; may be given several times." };
        letters.Text.Required = false;
        letters.Model.Description = "Where the model is written; replaced only by a whole one.";
        var command = new Command("train", "Train a sorter on letters whose labels are known; the corrections of an office, where one is named, train too, and every label must be a subject of its scheme.") { input, letters.Text, letters.Label, letters.Model };
        var place = new OfficePlace().AddTo(command, needed: false);
        command.Validators.Add(result =>
        {
            bool files = result.GetResult(input) is not null;
            if (!files && !place.IsGiven(result)) result.AddError("--input, --data or --store is needed");
            if (files && (result.GetResult(letters.Text) is null || result.GetResult(letters.Label) is null)) result.AddError("--text and --label name the columns of --input");
        });
        command.SetAction(async (result, cancel) => await RunAsync(
            streams,
            result.GetValue(input) ?? [],
            result.GetResult(letters.Text) is null ? [] : letters.TextColumns(result),
            result.GetValue(letters.Label) ?? "",
            result.GetValue(letters.Model)!,
            place.IsGiven(result.CommandResult) ? place.Of(result) : null,
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(CommandStreams streams, string[] inputs, string[] textColumns, string labelColumn, string output, (string Folder, string? Connection)? place, CancellationToken cancel)
    {
        OfficeExamples? office = place is null ? null : await OfficeExamples.ReadAsync(place.Value, cancel);
        var examples = new List<TrainingExample>();
        foreach (string input in inputs)
        {
            foreach (CsvLetter letter in CsvLetters.ReadLabelled(input, textColumns, labelColumn))
            {
                // The desk would not load a model with such a label.
                if (office is not null && office.Scheme.Find(letter.Value) is null) throw new UsageException($"{input}, row {letter.Row}, column \"{labelColumn}\": \"{letter.Value}\" is not a subject of the office's scheme");
                if (letter.Value.Any(char.IsControl)) throw new UsageException($"{input}, row {letter.Row}, column \"{labelColumn}\": the label holds a control character");
                examples.Add(new TrainingExample(letter.Text, letter.Value));
            }
        }

        int fromFiles = examples.Count;
        if (office is not null) examples.AddRange(office.Corrections);
        int labels = examples.DistinctBy(example => example.Label, StringComparer.Ordinal).Count();
        if (labels < 2)
        {
            string where = inputs.Length > 0 ? $"{string.Join(", ", inputs)}, column \"{labelColumn}\"" : $"{place?.Folder}, {examples.Count} corrections";
            throw new UsageException($"{where}: {labels} label(s) where at least two are needed");
        }

        SorterModel model = SorterModel.Train(examples, DictionaryFolder.Default.LoadSegmenter());
        WholeFile.Write(output, model.Save);
        string corrections = office is null ? "" : string.Create(CultureInfo.InvariantCulture, $" and {office.Corrections.Count} corrections");
        streams.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fromFiles} letters{corrections}, {model.Labels.Count} labels: {output}"));
        return 0;
    }
}
