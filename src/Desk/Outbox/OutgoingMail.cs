namespace Opinion.Desk.Outbox;

/// <summary>One mail, ready to be sent.</summary>
/// <param name="MessageId">Its id without angle brackets, the same at every try.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Subject">Its subject: one line.</param>
/// <param name="Text">Its text.</param>
public sealed record OutgoingMail(string MessageId, string To, string Subject, string Text)
{
    /// <summary>Whether it answers a mail by itself, as a receipt does (RFC 3834).</summary>
    public bool AutoReplied { get; init; }

    /// <summary>The id of the mail it answers, in angle brackets and fit for a header; null where it answers none.</summary>
    public string? InReplyTo { get; init; }
}

/// <summary>A mail that was surely not delivered.</summary>
/// <param name="code">What went wrong, without an address: one of <see cref="MailFaults"/>, a status behind it where there is one.</param>
/// <param name="final">Whether another try is useless.</param>
/// <param name="inner">What led to it.</param>
/// <param name="words">What a command or a log says in place of the code.</param>
public sealed class MailRefusedException(string code, bool final, Exception? inner = null, string? words = null) : Exception(words ?? code, inner)
{
    /// <summary>What went wrong, as the outbox keeps it.</summary>
    public string Code { get; } = code;

    /// <summary>Whether another try is useless.</summary>
    public bool Final { get; } = final;
}

/// <summary>Hands mail to the office's own mail server. The one way out of the desk that knows addresses.</summary>
public interface IMailPost
{
    /// <summary>The address under which people reach the desk, such as https://letters.example; null where the office sends no mail.</summary>
    /// <exception cref="MailRefusedException">The settings cannot be used.</exception>
    Task<Uri?> OpenAsync(CancellationToken cancel);

    /// <summary>Sends one mail; it is with the server when this returns.</summary>
    /// <exception cref="MailRefusedException">It was surely not delivered. After any other exception nobody knows.</exception>
    Task SendAsync(OutgoingMail mail, CancellationToken cancel);
}
