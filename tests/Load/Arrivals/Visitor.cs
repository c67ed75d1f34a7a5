using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Opinion.Load.Arrivals;

/// <summary>
/// Somebody at home in front of a browser without script: an address of their own among the loopback ones (the desk counts
/// letters by address), their own connection and cookies.
/// </summary>
internal sealed partial class Visitor : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly Uri _node;
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <param name="node">The node this visitor was sent to.</param>
    /// <param name="number">Which of the visitors: gives the address, 127.1.0.1 and on.</param>
    public Visitor(Uri node, int number)
    {
        _node = node;
        var address = new IPAddress([127, (byte)(1 + (number / 62_500)), (byte)(number / 250 % 250), (byte)(1 + (number % 250))]);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }

    /// <summary>Gets a page.</summary>
    public Task<(int Status, string Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <summary>Posts a form.</summary>
    public Task<(int Status, string Body)> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, string.Join('&', fields.Select(field => Uri.EscapeDataString(field.Name) + "=" + Uri.EscapeDataString(field.Value))));

    /// <summary>What a page's form for writing carries: the page's token and the one against forgery.</summary>
    public static (string Name, string Value)[] HiddenOf(string page) =>
        [.. Hidden().Matches(page).Select(match => (match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value))).Where(field => field.Item1 is "Token" or "__RequestVerificationToken").DistinctBy(field => field.Item1)];

    /// <summary>The receipt code a page shows; null where it shows none.</summary>
    public static string? ReceiptOf(string page) => Receipt().Match(page) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The matters a queue lists.</summary>
    public static IReadOnlyList<string> MattersOf(string page) => [.. Matter().Matches(page).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? form)
    {
        using var request = new HttpRequestMessage(method, new Uri(_node, path));
        lock (_cookies)
        {
            if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => cookie.Key + "=" + cookie.Value)));
        }

        if (form is not null) request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(form)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var response = await _http.SendAsync(request, deadline.Token);
        var body = await response.Content.ReadAsStringAsync(deadline.Token);
        lock (_cookies)
        {
            foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [])
            {
                var pair = set.Split(';')[0].Split('=', 2);
                _cookies[pair[0]] = pair[1];
            }
        }

        return ((int)response.StatusCode, body);
    }

    [GeneratedRegex("<input[^>]*name=\"([A-Za-z_]+)\"[^>]*value=\"([^\"]*)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("<p class=\"receipt\" id=\"receipt\"><code>([0-9A-Z-]+)</code>")]
    private static partial Regex Receipt();

    [GeneratedRegex("href=\"/staff/matter/([0-9A-Z]+)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Matter();
}

/// <summary>Latencies of one kind of request, counted from the moment it was due.</summary>
internal sealed class Latencies(string name)
{
    private readonly List<double> _milliseconds = [];

    /// <summary>How many were measured.</summary>
    public int Count
    {
        get
        {
            lock (_milliseconds) return _milliseconds.Count;
        }
    }

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan span)
    {
        lock (_milliseconds) _milliseconds.Add(span.TotalMilliseconds);
    }

    /// <summary>The latency that a share of them does not pass, in milliseconds; nearest rank. NaN where there is none.</summary>
    public double At(double share)
    {
        lock (_milliseconds)
        {
            if (_milliseconds.Count == 0) return double.NaN;
            var sorted = _milliseconds.Order().ToArray();
            return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{name}: {Count}, p50 {At(0.5):F1} ms, p95 {At(0.95):F1} ms, p99 {At(0.99):F1} ms, most {At(1):F1} ms");
}
