namespace Opinion.Analysis.Classification;

/// <summary>
/// What a writer needs. Fixed in code: no setting adds to it, and nothing else about a writer's words is judged.
/// </summary>
public enum Need
{
    /// <summary>Wants to know something.</summary>
    Question,

    /// <summary>Wants something put right.</summary>
    Complaint,

    /// <summary>Proposes something.</summary>
    Suggestion,

    /// <summary>Says thanks.</summary>
    Thanks,

    /// <summary>Somebody is in danger now; exists to send help first.</summary>
    UrgentDanger,
}

/// <summary>What a text needs.</summary>
/// <param name="Need">The need.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Reasons">The words that led to it, in the order of the text, as they stand there. May be empty.</param>
public sealed record NeedResult(Need Need, double Confidence, IReadOnlyList<SortReason> Reasons);
