using System.Diagnostics;
using System.Text;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Tests.Data;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Classification;

/// <summary>Macro-F1 on letters to a city's message board: trained on letters_train, measured on letters_dev.</summary>
[Collection(Alone.Name)]
public class LetterSortingTests(ITestOutputHelper output)
{
    [SharedDataFact]
    public void Letters_are_sorted_at_least_as_well_as_promised()
    {
        List<TrainingExample> training = Read("letters_train.csv");
        List<TrainingExample> letters = Read("letters_dev.csv");
        Assert.Equal((7046, 698), (training.Count, letters.Count));
        long start = Stopwatch.GetTimestamp();
        SorterModel model = SorterModel.Train(training, Loaded.Segmenter);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var judgements = letters.ConvertAll(letter =>
        {
            double[] probabilities = model.Probabilities(letter.Text);
            int best = Array.IndexOf(probabilities, probabilities.Max());
            return new Judgement(letter.Label, model.Labels[best], probabilities[best]);
        });
        Evaluation evaluation = Evaluation.Of(judgements, 0.8);
        double gap = evaluation.CalibrationError;
        output.WriteLine($"macro-F1 {evaluation.MacroF1:F4} ({evaluation.MacroF1Low:F4} to {evaluation.MacroF1High:F4}), calibration gap {gap:F4}, trained in {seconds:F1} s");
        Assert.True(evaluation.MacroF1 >= 0.92, $"macro-F1 {evaluation.MacroF1:F4}");
        Assert.True(gap <= 0.05, $"calibration gap {gap:F4}");
        Assert.InRange(seconds, 0, 30);
    }

    private static List<TrainingExample> Read(string file)
    {
        string text = File.ReadAllText(SharedData.Path(file));
        var letters = new List<TrainingExample>();
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        foreach (char c in text)
        {
            if (c == '"') quoted = !quoted;
            else if (quoted || (c != ',' && c != '\n')) field.Append(c);
            else
            {
                fields.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (c == ',') continue;
                if (letters.Count > 0 || fields[0] != "id") letters.Add(new TrainingExample($"{fields[1]}\n{fields[2]}", fields[3]));
                fields.Clear();
            }
        }

        return letters;
    }
}
