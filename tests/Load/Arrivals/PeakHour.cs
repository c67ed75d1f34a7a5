using System.Collections.Concurrent;
using System.Diagnostics;
using Opinion.Load.Nodes;

namespace Opinion.Load.Arrivals;

/// <summary>
/// Letters that arrive on a schedule, whatever the desk makes of it: gaps are exponential, as of people who do not know of
/// each other, and every latency counts from the moment the request was due, so that a desk that stalls cannot hide behind
/// the requests it kept from being sent (coordinated omission: G. Tene, "How NOT to Measure Latency").
/// </summary>
/// <param name="office">The office.</param>
/// <param name="nodes">Its nodes; visitors are sent to them in turn.</param>
/// <param name="lettersPerSecond">The mean rate.</param>
/// <param name="warm">How long letters arrive before latencies count: the nodes' code is still being compiled. Their letters count like all others.</param>
/// <param name="measured">How long letters arrive from then on.</param>
/// <param name="bare">A page that does nothing, asked for as often as the form: what machine and generator take of the time themselves.</param>
internal sealed class PeakHour(LoadOffice office, IReadOnlyList<Uri> nodes, double lettersPerSecond, TimeSpan warm, TimeSpan measured, Uri bare)
{
    private const int Seed = 20_261_124;

    // Between the page and the letter somebody writes; the moment the letter is due does not move.
    private static readonly TimeSpan Writing = TimeSpan.FromSeconds(1);
    private static readonly string[] Read = ["/", "/answers", "/answers?q=%E8%B7%AF%E7%81%AF", "/clarifications", "/report", "/about/scheme", "/assets/opinion.css"];

    private readonly TimeSpan _span = warm + measured;
    private readonly Stopwatch _clock = new();
    private readonly ConcurrentQueue<string> _problems = new();

    /// <summary>The form's page, from the moment it was asked for.</summary>
    public Latencies Form { get; } = new("the form's page");

    /// <summary>Receipts, from the moment the letter was to be sent.</summary>
    public Latencies Receipts { get; } = new("receipts");

    /// <summary>Following a letter by its receipt, both requests.</summary>
    public Latencies Follows { get; } = new("following by receipt");

    /// <summary>What anybody reads, the search among it.</summary>
    public Latencies Published { get; } = new("published pages and search");

    /// <summary>The page that does nothing.</summary>
    public Latencies Bare { get; } = new("a page that does nothing");

    /// <summary>An officer's queue.</summary>
    public Latencies Queue { get; } = new("an officer's queue");

    /// <summary>One matter.</summary>
    public Latencies Matter { get; } = new("an officer's matter");

    /// <summary>The receipts given, by the letter's number.</summary>
    public ConcurrentDictionary<int, string> Given { get; } = new();

    /// <summary>What went wrong, in words; empty when nothing did.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Letters that were sent.</summary>
    public int Sent { get; private set; }

    /// <summary>Seconds from the first letter that was due to the last answer.</summary>
    public double Seconds { get; private set; }

    /// <summary>Seconds from the last answer until every letter was redacted, sorted and in its department's queue.</summary>
    public double Assigned { get; private set; }

    /// <summary>Lets the hour pass.</summary>
    public async Task RunAsync()
    {
        var random = new Random(Seed);
        // An address may send thirty letters in a minute; people send one. Enough addresses that none comes near.
        var visitors = Enumerable.Range(0, (int)Math.Max(100, lettersPerSecond * 30)).Select(number => new Visitor(nodes[number % nodes.Count], number)).ToArray();
        var officers = await Task.WhenAll(LoadOffice.Officers.Select((login, i) => SignInAsync(login, nodes[i % nodes.Count], 60_000 + i)));
        _clock.Start();
        using var stop = new CancellationTokenSource();
        var peers = Enumerable.Range(0, 100).Select(number => new Visitor(bare, 62_000 + number)).ToArray();
        var work = officers.Select(officer => WorkAsync(officer, stop.Token)).ToList();
        var letters = new List<Task>();
        for (var due = TimeSpan.FromSeconds(0.5); due < _span; due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / lettersPerSecond))
        {
            await UntilAsync(due);
            var (number, at) = (Sent++, due);
            letters.Add(Task.Run(() => GuardAsync("a letter", () => WriteAsync(visitors[number % visitors.Length], number, at))));
            letters.Add(Task.Run(() => GuardAsync("the bare page", () => PeerAsync(peers[number % peers.Length], at))));
            // For each letter somebody else looks something up.
            letters.Add(Task.Run(() => GuardAsync("a reader", () => ReadAsync(visitors[(number + (visitors.Length / 2)) % visitors.Length], Read[number % Read.Length], at))));
        }

        await Task.WhenAll(letters);
        Seconds = _clock.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(work);
        await GuardAsync("the letters' way", AssignedAsync);
        Assigned = _clock.Elapsed.TotalSeconds - Seconds;
        // Each officer works once more, now that there surely is something to work on.
        await Task.WhenAll(officers.Select(officer => GuardAsync("an officer", () => LookAsync(officer, 0, _clock.Elapsed))));
        foreach (var visitor in visitors.Concat(officers).Concat(peers)) visitor.Dispose();
    }

    /// <summary>Proves that nothing was lost: each receipt finds a letter, no two the same one, and there are no letters without a receipt.</summary>
    public async Task ProveAsync()
    {
        Assert.Equal(Sent, Given.Count);
        Assert.Equal(Sent, Given.Values.Distinct(StringComparer.Ordinal).Count());
        var letters = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, receipt) in Given)
        {
            var letter = await office.Follow.FindAsync(receipt, CancellationToken.None);
            Assert.True(letter is not null && letters.Add(letter), $"Letter {number} has a receipt and {(letter is null ? "is not stored" : "shares its letter with another")}.");
        }

        Assert.Equal(Sent, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal(Sent, await office.CountAsync("SELECT COUNT(*) FROM letter_keys"));
        Assert.Equal(Sent, await office.CountAsync("SELECT COUNT(DISTINCT letter_id) FROM matter_events WHERE kind = 'received'"));
    }

    private async Task WriteAsync(Visitor visitor, int number, TimeSpan due)
    {
        var page = await visitor.GetAsync("/write");
        Expect(page.Status, 200, "GET /write");
        Count(Form, due);
        due += Writing;
        await UntilAsync(due);
        var contact = MixedLetters.ContactOf(number);
        (string, string)[] fields =
        [
            .. Visitor.HiddenOf(page.Body), ("Title", MixedLetters.TitleOf(number)), ("Body", MixedLetters.BodyOf(number)), ("Place", ""), ("District", ""), ("About", ""),
            ("ContactName", contact?.Name ?? ""), ("ContactPhone", contact?.Phone ?? ""), ("ContactEmail", ""),
        ];
        var answer = await visitor.PostAsync("/write", fields);
        Expect(answer.Status, 200, "POST /write");
        Count(Receipts, due);
        var receipt = Visitor.ReceiptOf(answer.Body) ?? throw new InvalidOperationException("An answer without a receipt.");
        Given[number] = receipt;
        // One in a hundred presses the button twice.
        if (number % 100 == 50)
        {
            var again = await visitor.PostAsync("/write", fields);
            if (Visitor.ReceiptOf(again.Body) != receipt) throw new InvalidOperationException("The same page sent again got another receipt.");
        }

        // One in five looks at the letter at once.
        if (number % 5 != 0) return;
        due = _clock.Elapsed;
        var forgery = Visitor.HiddenOf(answer.Body).First(field => field.Name == "__RequestVerificationToken");
        Expect((await visitor.PostAsync("/follow", forgery, ("code", receipt))).Status, 302, "POST /follow");
        var letter = await visitor.GetAsync("/letter");
        Expect(letter.Status, 200, "GET /letter");
        Count(Follows, due);
    }

    private async Task ReadAsync(Visitor visitor, string path, TimeSpan due)
    {
        Expect((await visitor.GetAsync(path)).Status, 200, path);
        Count(Published, due);
    }

    private async Task PeerAsync(Visitor visitor, TimeSpan due)
    {
        Expect((await visitor.GetAsync("/")).Status, 200, "the bare page");
        Count(Bare, due);
    }

    // An officer looks at the queue and opens a matter, each a second after the last was due.
    private async Task WorkAsync(Visitor officer, CancellationToken stop)
    {
        var due = _clock.Elapsed;
        var opened = 0;
        while (!stop.IsCancellationRequested && due < _span)
        {
            await GuardAsync("an officer", () => LookAsync(officer, opened++, due));
            due += TimeSpan.FromSeconds(2);
            await UntilAsync(due);
        }
    }

    private async Task LookAsync(Visitor officer, int nth, TimeSpan due)
    {
        var queue = await officer.GetAsync("/staff/queue");
        Expect(queue.Status, 200, "the queue");
        Count(Queue, due);
        due += TimeSpan.FromSeconds(1);
        await UntilAsync(due);
        var matters = Visitor.MattersOf(queue.Body);
        if (matters.Count == 0) return;
        Expect((await officer.GetAsync("/staff/matter/" + matters[nth % matters.Count])).Status, 200, "a matter");
        Count(Matter, due);
    }

    private async Task AssignedAsync()
    {
        var patience = _clock.Elapsed + TimeSpan.FromMinutes(3);
        while (await office.CountAsync("SELECT COUNT(*) FROM matters") < Given.Count)
        {
            if (_clock.Elapsed > patience) throw new InvalidOperationException("Letters are waiting three minutes after the last.");
            await Task.Delay(200);
        }
    }

    private static async Task<Visitor> SignInAsync(string login, Uri node, int number)
    {
        var visitor = new Visitor(node, number);
        var page = await visitor.GetAsync("/staff/sign-in");
        Expect((await visitor.PostAsync("/staff/sign-in", [.. Visitor.HiddenOf(page.Body), ("login", login), ("password", LoadOffice.Password)])).Status, 302, "signing in");
        return visitor;
    }

    private void Count(Latencies latencies, TimeSpan due)
    {
        if (due >= warm) latencies.Add(_clock.Elapsed - due);
    }

    private async Task UntilAsync(TimeSpan due)
    {
        if (due - _clock.Elapsed is { } left && left > TimeSpan.Zero) await Task.Delay(left);
    }

    private async Task GuardAsync(string who, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is InvalidOperationException or HttpRequestException or OperationCanceledException)
        {
            _problems.Enqueue($"{who}: {error.Message}");
        }
    }

    private static void Expect(int status, int expected, string what)
    {
        if (status != expected) throw new InvalidOperationException($"{what} was answered with {status}.");
    }
}
