namespace Opinion.Desk.Matters;

/// <summary>How a matter ended.</summary>
public enum Disposition
{
    /// <summary>What was asked for was done or answered.</summary>
    Solved,

    /// <summary>A part of it was.</summary>
    PartlySolved,

    /// <summary>It was not, and the answer says why.</summary>
    Declined,

    /// <summary>It is not this office's matter; the writer was told whose it is.</summary>
    Transferred,

    /// <summary>The writer withdrew it.</summary>
    Withdrawn,
}

/// <summary>The names of dispositions in the store and in published tables.</summary>
public static class DispositionNames
{
    /// <summary>The name of a disposition, such as <c>partly-solved</c>.</summary>
    public static string NameOf(this Disposition disposition) => disposition switch
    {
        Disposition.Solved => "solved",
        Disposition.PartlySolved => "partly-solved",
        Disposition.Declined => "declined",
        Disposition.Transferred => "transferred",
        Disposition.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(disposition)),
    };

    /// <summary>Finds a disposition by its name; null for an unknown one.</summary>
    public static Disposition? Find(string? name) => NamedValues.Find<Disposition>(name, NameOf);
}
