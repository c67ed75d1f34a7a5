using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using AngleSharp.Html.Dom;

namespace Opinion.Dashboard.Tests.Fixture;

/// <summary>
/// A reader without script: keeps cookies, fills in the forms that stand on a page and follows redirects. What a page's
/// own form does not carry (a token, a field) is not sent, so a form that cannot work fails its test.
/// </summary>
/// <param name="address">The desk's address.</param>
/// <param name="from">The loopback address it comes from, such as 127.0.0.7; null for 127.0.0.1. Each has its own throttle.</param>
public sealed class Browser(Uri address, IPAddress? from = null) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        Expect100ContinueTimeout = TimeSpan.FromSeconds(20),
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                if (from is not null) socket.Bind(new IPEndPoint(from, 0));
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

    /// <summary>The cookies kept, by name.</summary>
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>Every Set-Cookie header seen.</summary>
    public List<string> SetCookies { get; } = [];

    /// <summary>Every answer seen, redirects among them.</summary>
    public List<Page> Seen { get; } = [];

    /// <summary>Reads pages in English.</summary>
    public Browser InEnglish()
    {
        Cookies["opinion-language"] = Uri.EscapeDataString("c=en|uic=en");
        return this;
    }

    /// <summary>Gets a page and follows no redirect.</summary>
    public Task<Page> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <summary>Gets a page and goes where it sends the reader.</summary>
    public async Task<Page> OpenAsync(string path) => await FollowAsync(await GetAsync(path));

    /// <summary>Posts fields as they are and follows no redirect.</summary>
    public Task<Page> PostAsync(string path, params (string Name, string Value)[] fields) => PostBodyAsync(path, Encode(fields));

    /// <summary>Posts a body that is encoded already.</summary>
    public Task<Page> PostBodyAsync(string path, string body, bool expectContinue = false, string contentType = "application/x-www-form-urlencoded") =>
        SendAsync(HttpMethod.Post, path, body, expectContinue, contentType);

    /// <summary>Fills in a form of a page, sends it and follows redirects.</summary>
    public async Task<Page> SubmitAsync(Page page, string form, params (string Name, string Value)[] values) => await FollowAsync(await SubmitOnlyAsync(page, form, values));

    /// <summary>Fills in a form of a page and sends it; the answer to the post itself.</summary>
    public Task<Page> SubmitOnlyAsync(Page page, string form, params (string Name, string Value)[] values)
    {
        var (action, fields) = Fill(page, form, values);
        return PostBodyAsync(action, Encode(fields));
    }

    /// <summary>Fills in a form of a page that takes files and sends it with some, as a browser does; the answer to the post itself.</summary>
    public Task<Page> SubmitFilesAsync(Page page, string form, IReadOnlyList<(string Name, byte[] Content)> files, params (string Name, string Value)[] values)
    {
        var (action, fields) = Fill(page, form, values);
        if (page.Document.QuerySelector(form)!.GetAttribute("enctype") != "multipart/form-data") throw new InvalidOperationException("This form would send no files.");
        return SendAsync(HttpMethod.Post, action, Multipart(fields, files), false);
    }

    /// <summary>Posts any content.</summary>
    public Task<Page> PostContentAsync(string path, HttpContent content) => SendAsync(HttpMethod.Post, path, content, false);

    /// <summary>A form with files as a browser writes it.</summary>
    public static MultipartFormDataContent Multipart(IEnumerable<(string Name, string Value)> fields, IEnumerable<(string Name, byte[] Content)> files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields.Where(field => field.Name != "Files")) form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(value)), name);
        foreach (var (name, content) in files) form.Add(new ByteArrayContent(content), "Files", name);
        return form;
    }

    /// <summary>What a form of a page would send where, with some fields filled in.</summary>
    public static (string Action, (string Name, string Value)[] Fields) Fill(Page page, string selector, params (string Name, string Value)[] values)
    {
        var form = page.Document.QuerySelector(selector) as IHtmlFormElement ?? throw new InvalidOperationException($"{page} has no form {selector}.");
        var fields = new List<(string Name, string Value)>();
        foreach (var element in form.QuerySelectorAll("input, textarea, select"))
        {
            if (element.GetAttribute("name") is not { } name || values.Any(value => value.Name == name)) continue;
            if (element is IHtmlInputElement { Type: "checkbox", IsChecked: false }) continue;
            fields.Add((name, element switch { IHtmlTextAreaElement area => area.Value, IHtmlSelectElement select => select.Value ?? "", _ => element.GetAttribute("value") ?? "" }));
        }

        foreach (var (name, value) in values)
        {
            if (form.QuerySelector($"[name='{name}']") is null) throw new InvalidOperationException($"The form {selector} of {page} has no field {name}.");
            fields.Add((name, value));
        }

        return (form.GetAttribute("action") is { Length: > 0 } action ? action : page.Path, [.. fields]);
    }

    public static string Encode(IEnumerable<(string Name, string Value)> fields) =>
        string.Join('&', fields.Select(field => Escape(field.Name) + "=" + Escape(field.Value)));

    public void Dispose() => _http.Dispose();

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private async Task<Page> FollowAsync(Page page)
    {
        for (var hops = 0; page.StatusCode == HttpStatusCode.Redirect; hops++)
        {
            if (hops >= 5) throw new InvalidOperationException($"Too many redirects, the last to {page.Location}.");
            page = await GetAsync(page.Location!);
        }

        return page;
    }

    private Task<Page> SendAsync(HttpMethod method, string path, string? form, bool expectContinue = false, string contentType = "application/x-www-form-urlencoded") =>
        SendAsync(method, path, form is null ? (HttpContent?)null : new StringContent(form, Encoding.Latin1) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } }, expectContinue);

    private async Task<Page> SendAsync(HttpMethod method, string path, HttpContent? content, bool expectContinue)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        if (Cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => cookie.Key + "=" + cookie.Value)));
        request.Content = content;
        request.Headers.ExpectContinue = expectContinue;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var response = await _http.SendAsync(request, deadline.Token);
        var bytes = await response.Content.ReadAsByteArrayAsync(deadline.Token);
        var body = Encoding.UTF8.GetString(bytes);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join('\n', header.Value), StringComparer.OrdinalIgnoreCase);
        lock (Cookies)
        {
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : []) Keep(cookie);
        }

        var page = new Page(response.StatusCode, path, body, headers) { Bytes = bytes };
        lock (Seen) Seen.Add(page);
        return page;
    }

    private void Keep(string setCookie)
    {
        SetCookies.Add(setCookie);
        var pair = setCookie.Split(';')[0].Split('=', 2);
        var expired = setCookie.Split(';').Select(part => part.Trim()).Where(part => part.StartsWith("expires=", StringComparison.OrdinalIgnoreCase))
            .Any(part => DateTimeOffset.Parse(part[8..], CultureInfo.InvariantCulture).Year < 2000);
        if (expired || pair[1].Length == 0) Cookies.Remove(pair[0]);
        else Cookies[pair[0]] = pair[1];
    }
}
