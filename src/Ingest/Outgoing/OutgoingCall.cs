using System.Net;

namespace Opinion.Ingest.Outgoing;

/// <summary>One call to another server.</summary>
/// <param name="Address">An absolute http or https address.</param>
public sealed record OutgoingCall(Uri Address)
{
    /// <summary>The method: GET unless there is something to send.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>What is sent; a call with a body follows no redirect.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The media type of what is sent, such as <c>application/x-www-form-urlencoded</c>.</summary>
    public string? BodyType { get; init; }

    /// <summary>By which the other server knows a repeat of what is sent; null where it needs none.</summary>
    public string? RepeatKey { get; init; }

    /// <summary>The media types that are wanted.</summary>
    public string Accept { get; init; } = "*/*";

    /// <summary>The entity tag of an earlier answer, as it was given: unchanged content is answered by 304 without a body.</summary>
    public string? EntityTag { get; init; }

    /// <summary>The <c>Last-Modified</c> of an earlier answer, as it was given.</summary>
    public string? Modified { get; init; }

    /// <summary>Bytes of the answer that are taken, unpacked.</summary>
    public int Limit { get; init; } = 2 * 1024 * 1024;

    /// <summary>Whether an answer above the limit is cut there rather than refused.</summary>
    public bool CutAtLimit { get; init; }

    /// <summary>Redirects that are followed, each checked as the first address was.</summary>
    public int Redirects { get; init; } = 5;

    /// <summary>Whether a redirect must stay on the host it came from; the opt-in of one host says nothing of another.</summary>
    public bool StayOnHost { get; init; } = true;

    /// <summary>How long the whole call may take, redirects included.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What another server answered.</summary>
/// <param name="Address">The address that answered, after redirects.</param>
/// <param name="Status">The HTTP status; no redirect.</param>
/// <param name="Content">The body, unpacked.</param>
/// <param name="ContentType">The <c>Content-Type</c> header as it was given; null where there was none.</param>
/// <param name="EntityTag">The <c>ETag</c> header as it was given; null where there was none or it is unusable.</param>
/// <param name="Modified">The <c>Last-Modified</c> header as it was given; null where there was none or it is unusable.</param>
public sealed record OutgoingAnswer(Uri Address, int Status, byte[] Content, string? ContentType, string? EntityTag, string? Modified)
{
    /// <summary>Whether the server says that nothing changed.</summary>
    public bool Unchanged => Status == (int)HttpStatusCode.NotModified;
}

/// <summary>What the composition root, or a test, lets the client do beyond the rule.</summary>
/// <param name="AlsoAllowed">
/// Exact addresses with their ports that may be called although <see cref="AddressTable"/> or the port would refuse them.
/// Given in code for tests on this machine; nothing an office can set adds to it.
/// </param>
/// <param name="Resolve">Finds the addresses of a host; null for the system's own look-up.</param>
public sealed record OutgoingRule(IReadOnlyCollection<IPEndPoint> AlsoAllowed, Func<string, CancellationToken, Task<IPAddress[]>>? Resolve = null)
{
    /// <summary>The rule of an office: nothing beyond the table.</summary>
    public static OutgoingRule Office { get; } = new([]);
}
