using Opinion.Analysis.Redaction;
using Opinion.Analysis.Tests.Data;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Redaction;

/// <summary>Recall of personal numbers on the synthetic texts of the shared data.</summary>
public class PersonalNumbersTests(ITestOutputHelper output)
{
    // Called look-alikes there, yet no person would write them but to be called: covering them is meant.
    private static readonly string[] CoveredOnPurpose = ["+86-13838389438", "0086-138-1121-1114", "+008613811211114"];

    [SharedDataFact]
    public void Every_number_is_found_and_few_look_alikes_are()
    {
        int valid = 0;
        int missed = 0;
        int covered = 0;
        foreach (string line in SharedData.Lines("pii_dev.csv").Skip(1))
        {
            string[] fields = Fields(line.TrimEnd('\r'));
            int expected = fields[2] switch { "valid" => 1, "invalid" => 0, _ => int.Parse(fields[4], System.Globalization.CultureInfo.InvariantCulture) };
            IReadOnlyList<PersonalSpan> found = Loaded.Redactor.Find(fields[3]);
            valid += expected;
            if (found.Count < expected)
            {
                missed++;
                output.WriteLine($"missed: {fields[3]}");
            }

            if (found.Count > expected && !CoveredOnPurpose.Contains(fields[3]))
            {
                covered++;
                output.WriteLine($"covered: {fields[3]}");
            }

            if (fields[2] == "valid" && found.Count == 1) Assert.Equal((0, fields[3].Length), (found[0].Start, found[0].End));
        }

        output.WriteLine($"{valid - missed} / {valid} numbers found, {covered} look-alikes covered");
        Assert.True(valid >= 60, $"only {valid} numbers in the file");
        Assert.Equal(0, missed);
        Assert.Equal(0, covered);
    }

    private static string[] Fields(string line)
    {
        var fields = new List<string>();
        bool quoted = false;
        int start = 0;
        for (int i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && line[i] == '"') quoted = !quoted;
            if (i < line.Length && (line[i] != ',' || quoted)) continue;
            fields.Add(line[start..i].Trim('"'));
            start = i + 1;
        }

        return [.. fields];
    }
}
