using System.Globalization;
using Opinion.Analysis.Classification;

namespace Opinion.Analysis.Tests.Classification;

/// <summary>What was sorted right and wrong, need by need.</summary>
public sealed class NeedTally
{
    private readonly int[,] _counts = new int[5, 5];

    public int Total { get; private set; }

    public double Accuracy => Enumerable.Range(0, 5).Sum(i => _counts[i, i]) / (double)Total;

    public void Add(Need truth, Need sorted)
    {
        _counts[(int)truth, (int)sorted]++;
        Total++;
    }

    public int Truly(Need need) => Enumerable.Range(0, 5).Sum(i => _counts[(int)need, i]);

    public int Sorted(Need need) => Enumerable.Range(0, 5).Sum(i => _counts[i, (int)need]);

    public int Right(Need need) => _counts[(int)need, (int)need];

    public double Recall(Need need) => Right(need) / (double)Truly(need);

    public double Precision(Need need) => Right(need) / (double)Sorted(need);

    /// <summary>A row of the table in docs/benchmarks/need.md.</summary>
    public string Row(string name)
    {
        IEnumerable<string> cells = Enum.GetValues<Need>().Select(need =>
            $"{Share(Right(need), Truly(need))}, {Share(Right(need), Sorted(need))}");
        return $"| {name} | {Total} | {Accuracy.ToString("F3", CultureInfo.InvariantCulture)} | {string.Join(" | ", cells)} |";
    }

    /// <summary>Recall and precision of urgent danger with their 95 % intervals (Wilson 1927).</summary>
    public string Danger() =>
        $"recall {Interval(Right(Need.UrgentDanger), Truly(Need.UrgentDanger))}, precision {Interval(Right(Need.UrgentDanger), Sorted(Need.UrgentDanger))}";

    private static string Share(int right, int of) => of == 0 ? "–" : $"{right}/{of}";

    private static string Interval(int right, int of)
    {
        if (of == 0) return "–";
        const double Z = 1.959964;
        double p = right / (double)of;
        double middle = (p + (Z * Z / (2 * of))) / (1 + (Z * Z / of));
        double half = Z * Math.Sqrt((p * (1 - p) / of) + (Z * Z / (4.0 * of * of))) / (1 + (Z * Z / of));
        return string.Create(CultureInfo.InvariantCulture, $"{p:F3} ({middle - half:F3} to {middle + half:F3}, {right}/{of})");
    }
}
