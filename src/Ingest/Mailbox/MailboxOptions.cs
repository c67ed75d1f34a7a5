namespace Opinion.Ingest.Mailbox;

/// <summary>Where the office's mailbox hands its mail over.</summary>
public sealed record MailboxOptions
{
    /// <summary>A folder of the Maildir form (new, cur, tmp) that the mail server delivers into; null for none.</summary>
    public string? Maildir { get; init; }

    /// <summary>The port of the LMTP listener on loopback; null for none, 0 takes a free one.</summary>
    public int? LmtpPort { get; init; }

    /// <summary>Told when a letter or an addition has arrived; null where nobody waits for it.</summary>
    public Action? Arrived { get; init; }

    /// <summary>The largest mail in bytes: 25 MiB of files as mail programs encode them.</summary>
    public int LargestMail { get; init; } = 36 * 1024 * 1024;

    /// <summary>LMTP sessions at a time; each may hold one mail in memory.</summary>
    public int Sessions { get; init; } = 8;

    /// <summary>How long an LMTP session waits for its next bytes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one mail may take to come in, however steadily it drips.</summary>
    public TimeSpan MailPatience { get; init; } = TimeSpan.FromMinutes(10);
}
