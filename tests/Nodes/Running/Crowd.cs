using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Opinion.Nodes.Running;

/// <summary>A receipt that was given.</summary>
/// <param name="Code">The code.</param>
/// <param name="At">When, since the crowd began.</param>
/// <param name="Tries">How often the letter was sent until it was given.</param>
internal sealed record Given(string Code, TimeSpan At, int Tries);

/// <summary>
/// People who write letters through the proxy, one after another each, every letter from an address of its own; who gets no
/// receipt sends the same page again, as a browser does.
/// </summary>
internal sealed class Crowd(Proxy proxy, int people) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<Task> _tasks = [];
    private int _letters;

    /// <summary>Receipts given until now.</summary>
    public ConcurrentQueue<Given> Receipts { get; } = new();

    /// <summary>Answers that were neither a receipt nor a passing failure.</summary>
    public ConcurrentQueue<int> Unexpected { get; } = new();

    /// <summary>Time since it began.</summary>
    public TimeSpan Now => _watch.Elapsed;

    public void Begin()
    {
        for (var i = 0; i < people; i++) _tasks.Add(Task.Run(WriteAsync));
    }

    /// <summary>Waits until so many more receipts were given.</summary>
    public async Task MoreAsync(int receipts)
    {
        var (until, limit) = (Receipts.Count + receipts, Now + TimeSpan.FromSeconds(120));
        while (Receipts.Count < until)
        {
            if (Now > limit) throw new TimeoutException($"Only {Receipts.Count} of {until} receipts were given in time.");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits for the first receipt of a letter sent after a moment.</summary>
    /// <returns>The time from the moment to it.</returns>
    public async Task<TimeSpan> FirstAfterAsync(TimeSpan moment)
    {
        while (true)
        {
            if (Receipts.Where(given => given.At > moment).OrderBy(given => given.At).FirstOrDefault() is { } first) return first.At - moment;
            if (Now > moment + TimeSpan.FromSeconds(120)) throw new TimeoutException("No receipt was given any more.");
            await Task.Delay(10);
        }
    }

    /// <summary>Lets everybody finish the letter at hand.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks).WaitAsync(TimeSpan.FromMinutes(3));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested) await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _letters);
            using var visitor = proxy.Visit(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.7.{number / 250}.{1 + (number % 250)}")));
            List<(string, string)>? form;
            while ((form = await visitor.FormAsync($"第{number}封信：小区门口的路灯坏了，请维修。")) is null) await Task.Delay(50);
            for (var tries = 1; ; tries++)
            {
                var (status, code) = await visitor.PostAsync(form);
                if (code is not null)
                {
                    Receipts.Enqueue(new Given(code, Now, tries));
                    break;
                }

                if (status is not (0 or >= 500)) Unexpected.Enqueue(status);
                await Task.Delay(50);
            }
        }
    }
}
