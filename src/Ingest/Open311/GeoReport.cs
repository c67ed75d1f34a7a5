using System.Globalization;

namespace Opinion.Ingest.Open311;

/// <summary>A service as another server lists it.</summary>
public sealed record PeerService(string Code, string Name, bool Metadata);

/// <summary>A request as another server lists it; what it may say of a person has no field here.</summary>
/// <param name="Id">Its number there.</param>
/// <param name="Closed">Whether it is closed there.</param>
/// <param name="ServiceCode">Its service there; may be empty.</param>
/// <param name="ServiceName">That service's name; may be empty.</param>
/// <param name="Description">Its words; may be empty.</param>
/// <param name="Requested">When it was made.</param>
/// <param name="Place">Its place in words; may be empty.</param>
public sealed record PeerRequest(string Id, bool Closed, string ServiceCode, string ServiceName, string Description, DateTimeOffset Requested, string Place);

/// <summary>What a server answers to a request it was sent: a number, or a token for one.</summary>
public sealed record PeerReceipt(string? Id, string? Token);

/// <summary>Understands the documents of GeoReport v2 that other servers write.</summary>
public static class GeoReport
{
    /// <summary>The specification's own name for itself, as discovery documents have it.</summary>
    public const string Specification = "http://wiki.open311.org/GeoReport_v2";

    private static readonly string[] Moments = ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];
    private static readonly string[] MomentsInUtc = ["yyyy-MM-ddTHH:mm'Z'", "yyyy-MM-ddTHH:mm:ss'Z'", "yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'"];

    /// <summary>Reads a list of services.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static IReadOnlyList<PeerService> Services(ReadNode root) =>
        [.. Items(root, "services", "service").Select(item => new PeerService(Needed(item, "service_code"), Needed(item, "service_name"), Flag(item["metadata"])))];

    /// <summary>Reads the attributes of one service: code, datatype and whether one is required.</summary>
    /// <exception cref="ProblemException">It is no definition.</exception>
    public static (string Service, IReadOnlyList<(string Code, string Kind, bool Required)> Attributes) Definition(ReadNode root)
    {
        if (root.Name is not ("" or "service_definition")) throw Unexpected("service_definition");
        var attributes = root.Child("attributes") ?? throw Unexpected("service_definition");
        return (Needed(root, "service_code"), [.. Items(attributes, "attributes", "attribute").Select(item => (Needed(item, "code"), Needed(item, "datatype"), Flag(item["required"])))]);
    }

    /// <summary>Reads a list of requests.</summary>
    /// <exception cref="ProblemException">It is none, or one of them has no number, status or time.</exception>
    public static IReadOnlyList<PeerRequest> Requests(ReadNode root) => [.. Items(root, "service_requests", "request").Select(item => new PeerRequest(
        Needed(item, "service_request_id"), Needed(item, "status") switch { "open" => false, "closed" => true, _ => throw Unexpected("status") }, item["service_code"] ?? "", item["service_name"] ?? "", item["description"] ?? "",
        Moment(Needed(item, "requested_datetime")) ?? throw Unexpected("requested_datetime"), item["address"] ?? ""))];

    /// <summary>Reads the answer to a request that was sent, or to a token.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static PeerReceipt Receipt(ReadNode root)
    {
        var items = Items(root, "service_requests", "request");
        if (items.Count != 1) throw Unexpected("service_requests");
        return new PeerReceipt(items[0]["service_request_id"], items[0]["token"]);
    }

    /// <summary>Reads errors.</summary>
    /// <exception cref="ProblemException">There are none.</exception>
    public static IReadOnlyList<(string Code, string Description)> Errors(ReadNode root) =>
        [.. Items(root, "errors", "error").Select(item => (Needed(item, "code"), item["description"] ?? ""))];

    /// <summary>A moment in the W3C form, with its offset; null for anything else.</summary>
    public static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment
        : DateTimeOffset.TryParseExact(text, MomentsInUtc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment) ? moment
        // An unescaped plus of the offset arrives from a query as a space.
        : text is { Length: > 6 } && text[^6] == ' ' && DateTimeOffset.TryParseExact(string.Concat(text.AsSpan(0, text.Length - 6), "+", text.AsSpan(text.Length - 5)), Moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out moment) ? moment
        : null;

    /// <summary>A moment as this door writes it.</summary>
    public static string Text(DateTimeOffset moment) => moment.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    // In XML the root and its items have names, in JSON neither has.
    private static IReadOnlyList<ReadNode> Items(ReadNode node, string list, string item)
    {
        if ((node.Name.Length > 0 && node.Name != list) || node.Text is not null || node.Children.Any(child => child.Name.Length > 0 && child.Name != item)) throw Unexpected(list);
        return node.Children;
    }

    private static string Needed(ReadNode node, string name) => node[name] ?? throw Unexpected(name);

    private static bool Flag(string? text) => string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);

    private static ProblemException Unexpected(string what) => new(Problem.Bad($"缺少 {what}，或它不是规范所说的样子。", $"{what} is missing, or is not as the specification has it."));
}
