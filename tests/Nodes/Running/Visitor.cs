using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Opinion.Nodes.Running;

/// <summary>Somebody who writes through the proxy, from one address of loopback.</summary>
internal sealed partial class Visitor : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public Visitor(Uri address, IPAddress from)
    {
        _address = address;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            // The certificate is the test's own.
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=127.0.0.1" },
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    socket.Bind(new IPEndPoint(from, 0));
                    await socket.ConnectAsync(context.DnsEndPoint, cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        });
    }

    /// <summary>Set-Cookie headers seen.</summary>
    public List<string> SetCookies { get; } = [];

    /// <summary>The page of the form, as what it will send.</summary>
    /// <returns>The fields; null where the page could not be had.</returns>
    public async Task<List<(string Name, string Value)>?> FormAsync(string body)
    {
        var (status, text) = await SendAsync(HttpMethod.Get, "/write", null, null);
        if (status != 200) return null;
        return [("Token", Field(text, "Token")), ("__RequestVerificationToken", Field(text, "__RequestVerificationToken")), ("Body", body)];
    }

    /// <summary>Sends a form.</summary>
    /// <returns>The status, 0 where no answer came, and the receipt code where one was given.</returns>
    public async Task<(int Status, string? Code)> PostAsync(List<(string Name, string Value)> form, string? forwardedFor = null)
    {
        var (status, text) = await SendAsync(HttpMethod.Post, "/write", string.Join('&', form.Select(field => field.Name + "=" + Uri.EscapeDataString(field.Value))), forwardedFor);
        return (status, status == 200 && Receipt().Match(text) is { Success: true } code ? code.Groups[1].Value : null);
    }

    public void Dispose() => _http.Dispose();

    private static string Field(string text, string name) => Regex.Match(text, $"name=\"{name}\" (?:type=\"hidden\" )?value=\"([^\"]+)\"").Groups[1].Value;

    private async Task<(int Status, string Text)> SendAsync(HttpMethod method, string path, string? form, string? forwardedFor)
    {
        using var request = new HttpRequestMessage(method, new Uri(_address, path));
        if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => cookie.Key + "=" + cookie.Value)));
        if (forwardedFor is not null) request.Headers.Add("X-Forwarded-For", forwardedFor);
        if (form is not null) request.Content = new StringContent(form, System.Text.Encoding.Latin1, "application/x-www-form-urlencoded");
        if (form is not null) request.Content!.Headers.ContentType!.CharSet = null;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            using var response = await _http.SendAsync(request, deadline.Token);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                SetCookies.Add(cookie);
                var pair = cookie.Split(';')[0].Split('=', 2);
                _cookies[pair[0]] = pair[1];
            }

            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(deadline.Token));
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            return (0, "");
        }
    }

    [GeneratedRegex("""id="receipt"><code>([^<]+)</code>""")]
    private static partial Regex Receipt();
}
