using static Opinion.Ingest.Open311.DocumentValue;

namespace Opinion.Ingest.Open311;

/// <summary>Why a request of this door was not done: the HTTP status and words for the person in front of the application, Chinese and English.</summary>
/// <param name="Status">404 for what does not exist, 403 for a key that does not count, 400 for what cannot be taken as it is.</param>
/// <param name="Description">What is wrong and what to do.</param>
public sealed record Problem(int Status, string Description)
{
    /// <summary>What cannot be taken as it is.</summary>
    public static Problem Bad(string chinese, string english) => new(400, chinese + " / " + english);

    /// <summary>What does not exist.</summary>
    public static Problem NotFound(string chinese, string english) => new(404, chinese + " / " + english);

    /// <summary>No key, or one that does not count.</summary>
    public static Problem NoKey { get; } = new(403, "api_key 缺失、有误或已停用。 / The api_key is missing, wrong or revoked.");

    /// <summary>The document that says so.</summary>
    public static Document DocumentOf(IEnumerable<Problem> problems) => new("errors", new List("error",
        [.. problems.Select(problem => new Group([("code", new Number(problem.Status)), ("description", new Text(problem.Description))]))]));
}

/// <summary>What came cannot be taken; nothing was stored.</summary>
public sealed class ProblemException(IReadOnlyList<Problem> problems) : Exception(problems[0].Description)
{
    /// <summary>Refuses for one reason.</summary>
    public ProblemException(Problem problem)
        : this([problem])
    {
    }

    /// <summary>Why, at least one reason.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
