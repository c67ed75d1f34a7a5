namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>A mail, or a part of one: its fields, and either its body or its own parts.</summary>
/// <param name="Headers">Its header fields.</param>
/// <param name="Type">Its content type; <c>text/plain</c> where none is named.</param>
/// <param name="Body">Its body as it came; empty where it has parts.</param>
/// <param name="Parts">Its parts; none where it has a body.</param>
internal sealed record MimePart(MailHeaders Headers, HeaderParameters Type, ReadOnlyMemory<byte> Body, IReadOnlyList<MimePart> Parts)
{
    private HeaderParameters? _disposition;

    /// <summary>The type alone, such as <c>text/html</c>; parts that were announced and never came are plain text.</summary>
    public string MediaType => !Type.Value.Contains('/', StringComparison.Ordinal) || (Parts.Count == 0 && Type.Value.StartsWith("multipart/", StringComparison.Ordinal)) ? "text/plain" : Type.Value;

    /// <summary>How it is meant to be shown.</summary>
    public HeaderParameters Disposition => _disposition ??= HeaderParameters.Parse(Headers.Raw("Content-Disposition"));

    /// <summary>The name of the file it carries; null where it has none.</summary>
    public string? FileName => (Disposition["filename"] ?? Type["name"]) is { Length: > 0 } name ? name : null;

    /// <summary>Its bytes with the transfer encoding undone.</summary>
    public ReadOnlyMemory<byte> Content() => TransferEncodings.Decode(Body, HeaderParameters.Parse(Headers.Raw("Content-Transfer-Encoding")).Value);

    /// <summary>Its text, cleaned.</summary>
    public string Text() => MailCharsets.Clean(MailCharsets.Decode(Content().Span, Type["charset"]));
}
