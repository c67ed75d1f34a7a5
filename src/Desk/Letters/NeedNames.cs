using Opinion.Analysis.Classification;

namespace Opinion.Desk.Letters;

/// <summary>The names of needs in the store. Fixed in code and in the schema; never a setting.</summary>
public static class NeedNames
{
    /// <summary>The name of a need, such as <c>urgent-danger</c>.</summary>
    public static string NameOf(this Need need) => need switch
    {
        Need.Question => "question",
        Need.Complaint => "complaint",
        Need.Suggestion => "suggestion",
        Need.Thanks => "thanks",
        Need.UrgentDanger => "urgent-danger",
        _ => throw new ArgumentOutOfRangeException(nameof(need)),
    };

    /// <summary>Finds a need by its name; null for an unknown one.</summary>
    public static Need? Find(string? name) => NamedValues.Find<Need>(name, NameOf);
}
