using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Open311;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.Open311;

/// <summary>What is to be fetched.</summary>
/// <param name="Endpoint">The server's endpoint.</param>
/// <param name="Jurisdiction">The jurisdiction; null where the server has one.</param>
/// <param name="Since">Where the first run begins; null for 90 days ago.</param>
/// <param name="Status">Only <c>open</c> or <c>closed</c> ones; null for all.</param>
public sealed record FetchOrder(Uri Endpoint, string? Jurisdiction = null, DateTimeOffset? Since = null, string? Status = null);

/// <summary>
/// Fetches letters that another Open311 server of the office took in. It goes on where the last run came to; a run that was
/// killed is run again. One request is one letter, however often it is listed, and what this office sent there is none.
/// </summary>
public sealed class FetchRequests(
    OutgoingClient client, OptIn optIn, DoorSwitch doors, ReceiveLetter receive, LetterWay way, PeerLetters peers, SetAsideRows aside, DoorRuns runs, TimeProvider clock)
{
    /// <summary>Requests that are asked for at once.</summary>
    public const int PageSize = 200;

    // What a server may leave out of one answer without saying so.
    private const int SilentLimit = 1000;

    private static readonly TimeSpan First = TimeSpan.FromDays(90);
    private static readonly TimeSpan Span = TimeSpan.FromDays(30);
    private static readonly TimeSpan Least = TimeSpan.FromHours(1);

    // A server that tells days and not hours lists a request under the start of its day, and publishes it days later.
    private static readonly TimeSpan Again = TimeSpan.FromDays(30);

    /// <summary>Fetches what is new.</summary>
    /// <exception cref="PeerException">The door is closed, the server has not opted in or cannot be asked; what was fetched stays.</exception>
    public async Task<DoorCounts> HandleAsync(FetchOrder order, CancellationToken cancel)
    {
        var started = clock.GetUtcNow();
        if (!await doors.IsOpenAsync(Channel.Open311, cancel)) throw new PeerException("the Open311 door is closed; an administrator opens it");
        var counts = default(DoorCounts);
        var error = "failed";
        try
        {
            var peer = await Peer.OpenAsync(client, optIn, order.Endpoint, order.Jurisdiction, cancel);
            var from = await peers.FetchedToAsync(peer.Name, peer.Jurisdiction, cancel) is { } to ? to - Again : order.Since ?? started - First;
            while (from < started)
            {
                var until = from + Span < started ? from + Span : started;
                counts = await SpanAsync(peer, from, until, order.Status, counts, cancel);
                await peers.AdvanceAsync(peer.Name, peer.Jurisdiction, until, cancel);
                from = until;
            }

            await way.CarryOnAsync(cancel);
            error = null;
            return counts;
        }
        catch (PeerException refused)
        {
            error = refused.Message;
            throw;
        }
        finally
        {
            // Not cancelled with the run: why it stopped is what it is kept for.
            await runs.RecordAsync(new DoorRun(Channel.Open311, order.Endpoint.Host, started, clock.GetUtcNow(), counts, error), CancellationToken.None);
        }
    }

    private async Task<DoorCounts> SpanAsync(Peer peer, DateTimeOffset from, DateTimeOffset to, string? status, DoorCounts counts, CancellationToken cancel)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var page = 1; ; page++)
        {
            var requests = await peer.RequestsAsync(from, to, status, page, PageSize, cancel);
            // A server that knows no pages gives as many as it likes, and the same again.
            if (requests.Count > PageSize && requests.Count >= SilentLimit && to - from > Least)
            {
                var middle = from + ((to - from) / 2);
                counts = await SpanAsync(peer, from, middle, status, counts, cancel);
                return await SpanAsync(peer, middle, to, status, counts, cancel);
            }

            var news = requests.Where(request => seen.Add(request.Id)).ToList();
            counts = await TakeAsync(peer, news, counts, cancel);
            if (news.Count == 0 || requests.Count < PageSize) return counts;
        }
    }

    private async Task<DoorCounts> TakeAsync(Peer peer, List<PeerRequest> requests, DoorCounts counts, CancellationToken cancel)
    {
        var letters = new List<IncomingLetter>();
        var notTaken = new List<NotTaken>();
        var own = 0;
        foreach (var request in requests)
        {
            if (await peers.IsOwnAsync(peer.Name, request.Id, cancel))
            {
                own++;
                continue;
            }

            var letter = Letter(peer, request);
            if (Reason(letter) is { } reason) notTaken.Add(new NotTaken(Channel.Open311, reason, new Uri(peer.Name).Host, null, "service_request_id", request.Id + "\n" + request.Description));
            else letters.Add(letter);
        }

        await aside.PutAsync(notTaken, cancel);
        var receipts = letters.Count == 0 ? [] : await receive.HandleAsync(letters, cancel);
        var repeated = receipts.Count(receipt => receipt.Repeated) + own;
        return new DoorCounts(counts.Came + requests.Count, counts.New + letters.Count + own - repeated, counts.Repeated + repeated, counts.SetAside + notTaken.Count);
    }

    private string? Reason(IncomingLetter letter) =>
        letter.Problem() is { } problem ? SetAsideReasons.Of(problem)
        : letter.Arrived > clock.GetUtcNow().AddDays(1) ? SetAsideReasons.DateInFuture
        : letter.Arrived < DateTimeOffset.UnixEpoch ? SetAsideReasons.DateTooEarly : null;

    private IncomingLetter Letter(Peer peer, PeerRequest request)
    {
        var body = request.Description.Length > 0 ? request.Description : request.ServiceName;
        var now = clock.GetUtcNow();
        return new IncomingLetter(Channel.Open311, string.Join('\n', "fetched", peer.Name, request.Id), request.Requested > now && request.Requested <= now.AddDays(1) ? now : request.Requested, Short(request.ServiceName), body)
        {
            Place = Short(request.Place),
            Origin = new RequestOrigin(null, null, null, peer.Name, request.Id),
        };
    }

    private static string Short(string text) => LetterText.Cut(text, LetterText.TitleLimit);
}
