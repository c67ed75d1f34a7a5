using System.Globalization;
using Opinion.Desk.Boards;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.OwnSite;

/// <summary>Ends a run with its reason.</summary>
internal sealed class BoardHaltException(BoardHalt halt) : Exception(halt.InWords)
{
    public BoardHalt Halt { get; } = halt;
}

/// <summary>What a call to a board's site brought: an answer, a fault, or a page that robots.txt forbids.</summary>
/// <param name="Answer">The answer; null where there is none.</param>
/// <param name="Fault">Why there is none; null where robots.txt is why.</param>
internal readonly record struct BoardAnswer(OutgoingAnswer? Answer, OutgoingFault? Fault)
{
    public bool Forbidden => Answer is null && Fault is null;
}

/// <summary>
/// One visit to a site: asks first whether this installation may read it, then for its robots.txt, and from then on waits
/// between two calls as long as the site asks and at least the floor.
/// </summary>
internal sealed class BoardVisit
{
    private readonly OutgoingClient _client;
    private readonly OptIn _optIn;
    private readonly BoardLimits _limits;
    private readonly TimeProvider _clock;
    private readonly Uri _site;
    private RobotsRules _rules = RobotsFile.Empty.For(OutgoingClient.ProductToken);
    private long? _last;

    private BoardVisit(OutgoingClient client, OptIn optIn, BoardLimits limits, TimeProvider clock, Uri site) => (_client, _optIn, _limits, _clock, _site) = (client, optIn, limits, clock, site);

    /// <summary>What the site asks to wait between two calls; null where it asks nothing.</summary>
    public TimeSpan? Delay => _rules.Delay;

    /// <summary>Opens a visit.</summary>
    /// <exception cref="BoardHaltException">The site may not be read.</exception>
    public static async Task<BoardVisit> OpenAsync(OutgoingClient client, OptIn optIn, BoardLimits limits, TimeProvider clock, Uri site, CancellationToken cancel)
    {
        var visit = new BoardVisit(client, optIn, limits, clock, site);
        await visit.RequireOptInAsync(cancel);
        visit._rules = await visit.RobotsAsync(cancel);
        return visit;
    }

    /// <summary>Asks whether the site still names this installation.</summary>
    /// <exception cref="BoardHaltException">It does not.</exception>
    public async Task RequireOptInAsync(CancellationToken cancel)
    {
        await WaitAsync(cancel);
        var state = await _optIn.AskAsync(_site, cancel);
        if (!state.Given) throw new BoardHaltException(new BoardHalt(BoardHalts.OptIn, DetailOf(state)));
    }

    /// <summary>Whether an address belongs to the site: same host, same port or the scheme's own.</summary>
    public bool IsOfSite(Uri address) => string.Equals(address.IdnHost, _site.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (address.Port == _site.Port || (address.IsDefaultPort && _site.IsDefaultPort))
        && (address.Scheme == Uri.UriSchemeHttps || _site.Scheme == Uri.UriSchemeHttp);

    /// <summary>Whether robots.txt lets a page be read.</summary>
    public bool MayRead(Uri page) => _rules.Allows(page.PathAndQuery);

    /// <summary>Asks for a page.</summary>
    /// <param name="page">Its address.</param>
    /// <param name="entityTag">The entity tag it had; null where it is not known.</param>
    /// <param name="modified">The <c>Last-Modified</c> it had.</param>
    /// <param name="cancel">Cancels the call.</param>
    public async Task<BoardAnswer> GetAsync(Uri page, string? entityTag, string? modified, CancellationToken cancel)
    {
        if (!MayRead(page)) return default;
        await WaitAsync(cancel);
        try
        {
            var answer = await _client.SendAsync(
                new OutgoingCall(page) { Accept = "text/html, application/xhtml+xml;q=0.9", EntityTag = entityTag, Modified = modified, Limit = _limits.Bytes, Patience = _limits.Call }, cancel);
            // A redirect may lead to where robots.txt forbids.
            return MayRead(answer.Address) ? new BoardAnswer(answer, null) : default;
        }
        catch (OutgoingException error)
        {
            return new BoardAnswer(null, error.Fault);
        }
    }

    private async Task<RobotsRules> RobotsAsync(CancellationToken cancel)
    {
        await WaitAsync(cancel);
        try
        {
            var answer = await _client.SendAsync(new OutgoingCall(new Uri(_site, "/robots.txt")) { Accept = "text/plain", Limit = RobotsFile.Limit, CutAtLimit = true, Patience = _limits.Call }, cancel);
            return answer.Status switch
            {
                >= 200 and < 300 => RobotsFile.Parse(answer.Content).For(OutgoingClient.ProductToken),
                // Too many calls is no "there is none": who says so is asked later.
                >= 400 and < 500 and not 429 => RobotsFile.Empty.For(OutgoingClient.ProductToken),
                _ => throw new BoardHaltException(new BoardHalt(BoardHalts.RobotsUnreadable, answer.Status.ToString(CultureInfo.InvariantCulture))),
            };
        }
        catch (OutgoingException error)
        {
            throw new BoardHaltException(new BoardHalt(BoardHalts.RobotsUnreadable, error.Fault.ToString()));
        }
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        if (_last is { } last)
        {
            var asked = _rules.Delay > _limits.Between ? _rules.Delay.Value : _limits.Between;
            var left = asked - _clock.GetElapsedTime(last);
            if (left > TimeSpan.Zero) await Task.Delay(left, _clock, cancel);
        }

        _last = _clock.GetTimestamp();
    }

    private static string DetailOf(OptInState state) => state.Finding switch
    {
        OptInFinding.Missing => string.Create(CultureInfo.InvariantCulture, $"{state.Finding} {state.Status}"),
        OptInFinding.Passed => string.Create(CultureInfo.InvariantCulture, $"{state.Finding} {state.Until:yyyy-MM-dd}"),
        OptInFinding.Unreachable => string.Create(CultureInfo.InvariantCulture, $"{state.Finding} {state.Fault}"),
        _ => state.Finding.ToString(),
    };
}
