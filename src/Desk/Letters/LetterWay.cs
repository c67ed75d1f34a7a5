namespace Opinion.Desk.Letters;

/// <summary>
/// Carries received letters on: redact, then sort and assign. Safe to stop at any moment and to call again: each step
/// is a transaction that takes letters from one state to the next.
/// </summary>
public sealed class LetterWay(RedactLetters redact, SortLetters sort)
{
    /// <summary>Letters in one transaction: enough to share its cost, few enough not to hold up a writer at the form.</summary>
    public const int BatchSize = 100;

    /// <summary>Carries on until no letter can move.</summary>
    /// <returns>How many letters became matters.</returns>
    public async Task<int> CarryOnAsync(CancellationToken cancel)
    {
        var assigned = 0;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var redacted = await redact.HandleAsync(BatchSize, cancel);
            var (sorted, became) = await sort.HandleAsync(BatchSize, cancel);
            assigned += became;
            if (redacted == 0 && sorted == 0) return assigned;
        }
    }
}
