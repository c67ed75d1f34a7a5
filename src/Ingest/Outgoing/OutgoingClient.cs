using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Opinion.Ingest.Outgoing;

/// <summary>
/// The one way out to other servers by HTTP. A host's addresses are looked up and checked when a connection is made, and
/// the connection goes to exactly what was checked, so a name that changes meanwhile gains nothing. No proxy, no cookies,
/// no credentials; redirects are followed by hand and checked as the first address was; bytes are counted after unpacking.
/// </summary>
public sealed class OutgoingClient : IDisposable
{
    /// <summary>The name by which the desk introduces itself, in <c>User-Agent</c> and in robots.txt.</summary>
    public const string ProductToken = "OpinionIntake";

    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(10);
    private readonly OutgoingRule _rule;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _http;

    /// <summary>Makes the client.</summary>
    /// <param name="rule">What it may do beyond the table; <see cref="OutgoingRule.Office"/> except in tests.</param>
    /// <param name="clock">The clock of its time limits.</param>
    public OutgoingClient(OutgoingRule rule, TimeProvider clock)
    {
        (_rule, _clock) = (rule, clock);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
            ConnectTimeout = Connecting,
            // A host that moves is looked up and checked again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            MaxConnectionsPerServer = 4,
            MaxResponseHeadersLength = 32,
            // What is not wanted is not read either.
            MaxResponseDrainSize = 0,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Makes a call.</summary>
    /// <exception cref="OutgoingException">It was refused or failed; the message says why.</exception>
    public async Task<OutgoingAnswer> SendAsync(OutgoingCall call, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(call.Patience, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var address = call.Address;
        try
        {
            Check(address);
            for (var redirects = 0; ; redirects++)
            {
                using var request = Request(call, address);
                using var response = await _http.SendAsync(request, limit.Token);
                if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                    return await ReadAsync(call, address, response, limit.Token);
                if (redirects >= call.Redirects || call.Body is not null) throw new OutgoingException(OutgoingFault.Redirects, call.Redirects == 0 || call.Body is not null ? $"{address.Host} answers with a redirect, which is not followed here" : $"{address.Host} redirects more than {call.Redirects} times");
                address = Next(call, address, response);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new OutgoingException(OutgoingFault.TooSlow, string.Create(CultureInfo.InvariantCulture, $"{address.Host} did not answer completely within {call.Patience.TotalSeconds:0.#} s"));
        }
        catch (Exception error) when (OutgoingException.In(error) is { } own && !ReferenceEquals(own, error))
        {
            throw new OutgoingException(own.Fault, own.Message, error);
        }
        catch (Exception error) when (error is InvalidDataException or HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded })
        {
            throw new OutgoingException(OutgoingFault.BadAnswer, $"{address.Host} answers with what is no HTTP or is packed wrongly", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException or AuthenticationException)
        {
            var why = error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? "has no certificate that can be trusted" : "cannot be reached, or its connection broke";
            throw new OutgoingException(OutgoingFault.Unreachable, $"{address.Host} {why}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Checks what can be told from an address alone, as an administrator types it: scheme, user name, port, a literal host.</summary>
    /// <exception cref="OutgoingException">It is never called.</exception>
    public void Check(Uri address)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) || address.Host.Length == 0)
            throw new OutgoingException(OutgoingFault.Scheme, "only http and https addresses are called");
        if (address.UserInfo.Length > 0) throw new OutgoingException(OutgoingFault.Scheme, "an address must hold no user name");
        if (!address.IsDefaultPort && !_rule.AlsoAllowed.Any(also => also.Port == address.Port))
            throw new OutgoingException(OutgoingFault.Port, string.Create(CultureInfo.InvariantCulture, $"port {address.Port} is not called; only 80 for http and 443 for https"));
        if (IPAddress.TryParse(address.IdnHost, out var literal)) Check(address.Host, new IPEndPoint(literal, address.Port));
        else if (AddressTable.IsLocalName(address.IdnHost) && address.IsDefaultPort) throw new OutgoingException(OutgoingFault.Address, $"{address.Host} is a name of this machine or of a network of one's own");
    }

    private static HttpRequestMessage Request(OutgoingCall call, Uri address)
    {
        var request = new HttpRequestMessage(call.Method, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(ProductToken, "1.0"));
        request.Headers.TryAddWithoutValidation("Accept", call.Accept);
        if (call.EntityTag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", call.EntityTag);
        if (call.Modified is not null) request.Headers.TryAddWithoutValidation("If-Modified-Since", call.Modified);
        if (call.RepeatKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", call.RepeatKey);
        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.BodyType ?? "application/octet-stream");
        }

        return request;
    }

    private Uri Next(OutgoingCall call, Uri from, HttpResponseMessage response)
    {
        // The header is untrusted text; what does not parse is no target.
        var location = response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.FirstOrDefault() : null;
        if (location is null || !Uri.TryCreate(from, location, out var next)) throw new OutgoingException(OutgoingFault.Redirects, $"{from.Host} redirects to nowhere");
        if (from.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp) throw new OutgoingException(OutgoingFault.Downgrade, $"{from.Host} redirects from https to http");
        Check(next);
        if (call.StayOnHost && !SameHost(from, next)) throw new OutgoingException(OutgoingFault.OtherHost, $"{from.Host} redirects to another host, {next.Host}");
        return next;
    }

    // From http to https on the scheme's own ports is the same host, better kept.
    private static bool SameHost(Uri from, Uri next) => string.Equals(from.IdnHost, next.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (from.Port == next.Port || (from.IsDefaultPort && next.IsDefaultPort && next.Scheme == Uri.UriSchemeHttps));

    private static async Task<OutgoingAnswer> ReadAsync(OutgoingCall call, Uri address, HttpResponseMessage response, CancellationToken cancel)
    {
        // A size that is declared is believed only when it is too large. A packed body has lost its declaration by now.
        if (!call.CutAtLimit && response.Content.Headers.ContentLength > call.Limit) throw TooLarge(call, address);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (content.Length <= call.Limit)
        {
            var read = await body.ReadAsync(buffer, cancel);
            if (read == 0) break;
            content.Write(buffer, 0, read);
        }

        if (content.Length > call.Limit && !call.CutAtLimit) throw TooLarge(call, address);
        if (content.Length > call.Limit) content.SetLength(call.Limit);
        return new OutgoingAnswer(address, (int)response.StatusCode, content.ToArray(), Header(response.Content.Headers, "Content-Type"), Header(response.Headers, "ETag"), Header(response.Content.Headers, "Last-Modified"));
    }

    private static OutgoingException TooLarge(OutgoingCall call, Uri address) =>
        new(OutgoingFault.TooLarge, string.Create(CultureInfo.InvariantCulture, $"{address.Host} answers with more than {call.Limit} bytes"));

    // Kept and sent back as it came; anything odd is as if it were not there.
    private static string? Header(HttpHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values)
        && values.FirstOrDefault() is { Length: > 0 and <= 256 } value && value.All(c => c is >= ' ' and < '\u007F') ? value : null;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await ResolveAsync(host, cancel);
        // One refused address refuses the host: which of them is taken would be up to whoever answers for its name.
        foreach (var address in addresses) Check(host, new IPEndPoint(address, port));
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error)
            {
                socket.Dispose();
                last = error;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new OutgoingException(OutgoingFault.Unreachable, $"{host} does not answer", last);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        try
        {
            var addresses = await (_rule.Resolve ?? Dns.GetHostAddressesAsync)(host, cancel);
            if (addresses.Length > 0) return addresses;
        }
        catch (SocketException error)
        {
            throw new OutgoingException(OutgoingFault.UnknownHost, $"the host {host} is not known", error);
        }

        throw new OutgoingException(OutgoingFault.UnknownHost, $"the host {host} is not known");
    }

    private void Check(string host, IPEndPoint address)
    {
        if (_rule.AlsoAllowed.Contains(address)) return;
        if (AddressTable.Refusal(address.Address) is { } reason) throw new OutgoingException(OutgoingFault.Address, $"{host} lies at an address that is never called ({reason})");
        // A port that only a named address may have is no port for others.
        if (address.Port is not (80 or 443)) throw new OutgoingException(OutgoingFault.Port, string.Create(CultureInfo.InvariantCulture, $"port {address.Port} is not called; only 80 for http and 443 for https"));
    }
}
