using System.Globalization;
using System.Text;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.Open311;

/// <summary>What is done with another server failed; the message says why and holds nothing that was received.</summary>
public sealed class PeerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Another Open311 server of the same office. It is called by the one checked client, and only while it names this
/// installation in its opt-in file: what is fetched from it, and what is sent to it, stays inside the office.
/// </summary>
public sealed class Peer
{
    private const string Form = "application/x-www-form-urlencoded; charset=utf-8";
    private readonly OutgoingClient _client;
    private readonly Uri _endpoint;
    private readonly string? _jurisdiction;

    private Peer(OutgoingClient client, Uri endpoint, string? jurisdiction) => (_client, _endpoint, _jurisdiction) = (client, endpoint, jurisdiction);

    /// <summary>Its endpoint as it is kept in records, such as <c>https://311.example.gov.cn/open311/v2/</c>.</summary>
    public string Name => _endpoint.AbsoluteUri;

    /// <summary>Its jurisdiction; empty where it has one.</summary>
    public string Jurisdiction => _jurisdiction ?? "";

    /// <summary>Asks the server whether this installation may use it, and gives the way to it.</summary>
    /// <param name="client">The checked client.</param>
    /// <param name="optIn">Asks for the opt-in.</param>
    /// <param name="endpoint">The endpoint, with or without the slash at its end.</param>
    /// <param name="jurisdiction">The jurisdiction; null where the server has one.</param>
    /// <param name="cancel">Cancels the question.</param>
    /// <exception cref="PeerException">The address cannot be used, or the opt-in is not given.</exception>
    public static async Task<Peer> OpenAsync(OutgoingClient client, OptIn optIn, Uri endpoint, string? jurisdiction, CancellationToken cancel)
    {
        var plain = new UriBuilder(endpoint) { Query = "", Fragment = "" }.Uri;
        if (!plain.AbsoluteUri.EndsWith('/')) plain = new Uri(plain.AbsoluteUri + "/");
        try
        {
            client.Check(plain);
        }
        catch (OutgoingException error)
        {
            throw new PeerException(error.Message, error);
        }

        var state = await optIn.AskAsync(plain, cancel);
        return state.Given ? new Peer(client, plain, string.IsNullOrWhiteSpace(jurisdiction) ? null : jurisdiction.Trim()) : throw new PeerException($"{plain.Host} has not opted in: {state.InWords}");
    }

    /// <summary>Its services.</summary>
    /// <exception cref="PeerException">It could not be asked.</exception>
    public Task<IReadOnlyList<PeerService>> ServicesAsync(CancellationToken cancel) => GetAsync("services.xml", [], GeoReport.Services, cancel);

    /// <summary>Whether a service asks for something that must be answered.</summary>
    /// <exception cref="PeerException">It could not be asked.</exception>
    public Task<bool> AsksAsync(string service, CancellationToken cancel) =>
        GetAsync($"services/{Uri.EscapeDataString(service)}.xml", [], root => GeoReport.Definition(root).Attributes.Any(attribute => attribute.Required), cancel);

    /// <summary>One page of its requests that were made in a span of time.</summary>
    /// <exception cref="PeerException">It could not be asked.</exception>
    public Task<IReadOnlyList<PeerRequest>> RequestsAsync(DateTimeOffset from, DateTimeOffset to, string? status, int page, int pageSize, CancellationToken cancel) => GetAsync("requests.xml",
    [
        ("start_date", GeoReport.Text(from.ToUniversalTime())), ("end_date", GeoReport.Text(to.ToUniversalTime())), ("status", status),
        ("page", page.ToString(CultureInfo.InvariantCulture)), ("page_size", pageSize.ToString(CultureInfo.InvariantCulture)),
    ], GeoReport.Requests, cancel);

    /// <summary>Sends a request.</summary>
    /// <returns>Its status, and what was given for it where that is 2xx.</returns>
    /// <exception cref="PeerException">It could not be reached, or did not answer as it should.</exception>
    public async Task<(int Status, PeerReceipt? Receipt)> PostAsync(IEnumerable<(string Name, string? Value)> fields, string repeatKey, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetBytes(Encoded(fields));
        var answer = await SendAsync(new OutgoingCall(new Uri(_endpoint, "requests.xml")) { Method = HttpMethod.Post, Body = body, BodyType = Form, RepeatKey = repeatKey, Accept = "text/xml", Redirects = 0 }, cancel);
        return answer.Status is >= 200 and < 300 ? (answer.Status, Understand(answer, GeoReport.Receipt)) : (answer.Status, null);
    }

    private async Task<T> GetAsync<T>(string resource, IEnumerable<(string Name, string? Value)> query, Func<ReadNode, T> understand, CancellationToken cancel)
    {
        var parameters = Encoded(query);
        var answer = await SendAsync(new OutgoingCall(new Uri(_endpoint, resource + (parameters.Length == 0 ? "" : "?" + parameters))) { Accept = "text/xml, application/json;q=0.5", Limit = DocumentReader.Limit }, cancel);
        if (answer.Status != 200) throw new PeerException(string.Create(CultureInfo.InvariantCulture, $"{_endpoint.Host} answers {answer.Status} to {resource}"));
        return Understand(answer, understand);
    }

    private async Task<OutgoingAnswer> SendAsync(OutgoingCall call, CancellationToken cancel)
    {
        try
        {
            return await _client.SendAsync(call, cancel);
        }
        catch (OutgoingException error)
        {
            throw new PeerException(error.Message, error);
        }
    }

    private T Understand<T>(OutgoingAnswer answer, Func<ReadNode, T> understand)
    {
        try
        {
            return understand(DocumentReader.Read(answer.Content, DocumentReader.FormatOf(answer.ContentType, answer.Content)));
        }
        catch (ProblemException error)
        {
            throw new PeerException($"{_endpoint.Host} answers what cannot be read: {error.Message}", error);
        }
    }

    private string Encoded(IEnumerable<(string Name, string? Value)> fields) => string.Join('&', fields.Append((Name: "jurisdiction_id", Value: _jurisdiction))
        .Where(field => !string.IsNullOrEmpty(field.Value)).Select(field => Uri.EscapeDataString(field.Name) + "=" + Uri.EscapeDataString(field.Value!)));
}
