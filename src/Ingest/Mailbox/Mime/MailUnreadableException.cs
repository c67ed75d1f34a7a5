namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>Why a mail cannot be read.</summary>
public enum MailProblem
{
    /// <summary>A block of header fields is longer than any mail program makes it.</summary>
    HeadersTooLong,

    /// <summary>Its parts lie in each other deeper than any mail program makes them.</summary>
    NestedTooDeeply,

    /// <summary>It has more parts than any mail program makes.</summary>
    TooManyParts,

    /// <summary>Its text as HTML is longer than is read.</summary>
    HtmlTooLong,
}

/// <summary>A mail that cannot be read: the one error its reader throws.</summary>
public sealed class MailUnreadableException(MailProblem problem) : Exception(problem.ToString())
{
    /// <summary>What is wrong with it.</summary>
    public MailProblem Problem { get; } = problem;
}
