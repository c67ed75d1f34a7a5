namespace Opinion.Desk.Offices;

/// <summary>One subject of the public scheme.</summary>
/// <param name="Code">Stable, such as <c>housing.property.repair-fund</c>.</param>
/// <param name="Parent">The code of the subject above; null at the top.</param>
/// <param name="Name">Its name.</param>
/// <param name="Department">The department responsible; null where it is the parent's.</param>
/// <param name="Days">Working days to answer; null where they are the parent's.</param>
public sealed record Subject(string Code, string? Parent, Name Name, string? Department, int? Days);

/// <summary>The office's subjects in three levels. What a letter can be sorted into, and nothing else.</summary>
public sealed class SubjectScheme
{
    /// <summary>Working days to answer where the scheme names none.</summary>
    public const int DefaultDays = 15;

    private readonly Dictionary<string, Subject> _byCode;

    /// <summary>Makes a scheme.</summary>
    /// <param name="subjects">All subjects, parents before their children.</param>
    /// <exception cref="ArgumentException">A parent is missing or comes later, a code stands twice, or there are more than three levels.</exception>
    public SubjectScheme(IReadOnlyList<Subject> subjects)
    {
        _byCode = new Dictionary<string, Subject>(subjects.Count, StringComparer.Ordinal);
        foreach (var subject in subjects)
        {
            if (subject.Parent is not null && !_byCode.ContainsKey(subject.Parent))
                throw new ArgumentException($"Subject {subject.Code} names the parent {subject.Parent}, which does not stand before it.", nameof(subjects));
            if (!_byCode.TryAdd(subject.Code, subject)) throw new ArgumentException($"Subject {subject.Code} stands twice.", nameof(subjects));
            if (PathOf(subject.Code).Count > 3) throw new ArgumentException($"Subject {subject.Code} lies deeper than three levels.", nameof(subjects));
        }

        Subjects = subjects;
    }

    /// <summary>All subjects, parents before their children.</summary>
    public IReadOnlyList<Subject> Subjects { get; }

    /// <summary>Finds a subject; null where the scheme has none of this code.</summary>
    public Subject? Find(string? code) => code is null ? null : _byCode.GetValueOrDefault(code);

    /// <summary>The subject and those above it, the top first; empty for an unknown code.</summary>
    public IReadOnlyList<Subject> PathOf(string code)
    {
        var path = new List<Subject>(3);
        for (var subject = Find(code); subject is not null; subject = Find(subject.Parent)) path.Insert(0, subject);
        return path;
    }

    /// <summary>The code of the department responsible, inherited from above where a subject names none; null for an unknown code.</summary>
    public string? DepartmentOf(string code) => PathOf(code).Select(subject => subject.Department).LastOrDefault(department => department is not null);

    /// <summary>Working days to answer, inherited from above; <see cref="DefaultDays"/> where none is named.</summary>
    public int DaysOf(string? code) => (code is null ? null : PathOf(code).Select(subject => subject.Days).LastOrDefault(days => days is not null)) ?? DefaultDays;
}
