namespace Opinion.Desk.Outbox;

/// <summary>
/// Why a mail was not delivered, as the outbox keeps it: a word, and behind it the status of SMTP where there is one. Pages word it in the
/// reader's language; rows of older versions hold English sentences and are shown as they are.
/// </summary>
public static class MailFaults
{
    /// <summary>A mail the server had taken came back; a status such as 5.1.1 may follow.</summary>
    public const string CameBack = "came-back";

    /// <summary>The sealed contact does not open.</summary>
    public const string SealBroken = "seal-broken";

    /// <summary>A try ended so that nobody knows whether the mail arrived.</summary>
    public const string Uncertain = "uncertain";

    /// <summary>There are no settings of mail.</summary>
    public const string NoSettings = "no-settings";

    /// <summary>The settings of mail cannot be used.</summary>
    public const string BadSettings = "bad-settings";

    /// <summary>The address cannot be used.</summary>
    public const string BadAddress = "bad-address";

    /// <summary>The subject would break the header.</summary>
    public const string BadSubject = "bad-subject";

    /// <summary>The mail server refused; its status follows.</summary>
    public const string Smtp = "SMTP";

    /// <summary>The mail server does not answer.</summary>
    public const string NoAnswer = "no-answer";
}
