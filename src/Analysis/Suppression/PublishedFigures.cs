namespace Opinion.Analysis.Suppression;

/// <summary>Figures that derive from counts. None of them tells more than the counts beside it.</summary>
public static class PublishedFigures
{
    /// <summary>A share of two published counts, so that a reader who has both has it already.</summary>
    /// <param name="part">The published part; null where hidden.</param>
    /// <param name="whole">The published whole; null where hidden.</param>
    /// <returns>The share from 0; at most 1 where the part is at most the whole; null where either is hidden.</returns>
    /// <exception cref="ArgumentException">A count is no published one: below ten or not rounded to five.</exception>
    public static double? Rate(long? part, long? whole)
    {
        foreach (long? count in (ReadOnlySpan<long?>)[part, whole])
        {
            if (count is long c && (c < CountTable.Threshold || c % CountTable.Step != 0)) throw new ArgumentException($"{c} is not a published count", count == part ? nameof(part) : nameof(whole));
        }

        return part / (double?)whole;
    }

    /// <summary>The middle value, the mean of the two middle ones where their number is even.</summary>
    /// <param name="values">One value for each matter, in any order.</param>
    /// <param name="shown">The published count of these matters: where that is hidden, a median would tell that it is no small one.</param>
    /// <returns>Null where the count is hidden, and for fewer than ten matters.</returns>
    public static double? Median(IReadOnlyCollection<double> values, long? shown)
    {
        if (shown is null || values.Count < CountTable.Threshold) return null;
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// The smallest value that at least a share of the matters does not exceed. It is hidden where fewer than ten matters lie
    /// on its thinner side, for it would then be the value of one of a small group; for 0.9 that takes a hundred matters.
    /// </summary>
    /// <param name="values">One value for each matter, in any order.</param>
    /// <param name="share">Above 0 and below 1.</param>
    /// <param name="shown">The published count of these matters; null where hidden.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public static double? Quantile(IReadOnlyCollection<double> values, double share, long? shown)
    {
        if (!(share > 0 && share < 1)) throw new ArgumentOutOfRangeException(nameof(share));
        if (shown is null || Math.Round(Math.Min(share, 1 - share) * values.Count, 9) < CountTable.Threshold) return null;
        double[] sorted = [.. values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(Math.Round(share * sorted.Length, 9)) - 1, 0, sorted.Length - 1)];
    }
}
