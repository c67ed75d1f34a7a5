namespace Opinion.Analysis.Suppression;

/// <summary>One line of a table before suppression: how many letters fall to a key.</summary>
/// <param name="Key">What is counted, such as a subject or a department.</param>
/// <param name="Count">The true count, 0 or more.</param>
public readonly record struct TrueCount(string Key, long Count);

/// <summary>One line of a table as it may be published.</summary>
/// <param name="Key">What is counted.</param>
/// <param name="Count">The count rounded to five; null where it is hidden.</param>
public readonly record struct PublishedCount(string Key, long? Count);

/// <summary>
/// Suppression of small counts in a one-way table (Willenborg and de Waal, "Elements of Statistical Disclosure
/// Control", 2001). It knows no other table: whoever publishes a total beside it, a second table of the same letters or a
/// stock that goes on from week to week uses <see cref="CellSuppression"/>.
/// </summary>
public static class CountTable
{
    /// <summary>Counts below this are hidden, zeros too.</summary>
    public const long Threshold = 10;

    /// <summary>Visible counts are rounded to a multiple of this.</summary>
    public const long Step = 5;

    /// <summary>
    /// Hides counts below <see cref="Threshold"/> and rounds the others to the nearest multiple of
    /// <see cref="Step"/>. Where exactly one line would be hidden, the smallest visible one is hidden with it (the
    /// first of several), so that the hidden one cannot be had by subtraction. A table of one line has no second.
    /// </summary>
    /// <param name="rows">The lines; keys are different.</param>
    /// <returns>The lines in the same order.</returns>
    /// <exception cref="ArgumentException">A count is negative or a key stands twice.</exception>
    public static IReadOnlyList<PublishedCount> Suppress(IReadOnlyList<TrueCount> rows)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var published = new PublishedCount[rows.Count];
        int hidden = 0;
        int smallest = -1;
        for (int i = 0; i < published.Length; i++)
        {
            (string key, long count) = rows[i];
            if (count < 0) throw new ArgumentException($"the count of \"{key}\" is negative", nameof(rows));
            if (!keys.Add(key)) throw new ArgumentException($"the key \"{key}\" stands twice", nameof(rows));
            if (count < Threshold)
            {
                hidden++;
                published[i] = new PublishedCount(key, null);
                continue;
            }

            published[i] = new PublishedCount(key, Round(count));
            if (smallest < 0 || count < rows[smallest].Count) smallest = i;
        }

        if (hidden == 1 && smallest >= 0) published[smallest] = new PublishedCount(rows[smallest].Key, null);
        return published;
    }

    /// <summary>A count rounded to the nearest multiple of <see cref="Step"/>.</summary>
    /// <param name="count">0 or more.</param>
    public static long Round(long count) => (count + (Step / 2)) / Step * Step;
}
