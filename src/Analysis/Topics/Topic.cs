namespace Opinion.Analysis.Topics;

/// <summary>Letters about the same matter at the same place; a letter without company is a topic of one. Immutable.</summary>
public sealed class Topic
{
    internal Topic(IReadOnlyList<(string Id, DateTimeOffset Time)> letters, int distinct)
    {
        Letters = [.. letters.Select(letter => letter.Id)];
        First = letters[0].Time;
        Last = letters[^1].Time;
        Distinct = distinct;
    }

    /// <summary>The id of its first letter, which tells topics of one grouping apart.</summary>
    public string Key => Letters[0];

    /// <summary>The ids of its letters by time, those of the same time by id.</summary>
    public IReadOnlyList<string> Letters { get; }

    /// <summary>The number of letters, each counted: a template that three hundred neighbours sent is three hundred.</summary>
    public int Count => Letters.Count;

    /// <summary>The number of letters when equal ones count once; only for deciding what to hide.</summary>
    public int Distinct { get; }

    /// <summary>The time of the first letter.</summary>
    public DateTimeOffset First { get; }

    /// <summary>The time of the last letter.</summary>
    public DateTimeOffset Last { get; }
}
