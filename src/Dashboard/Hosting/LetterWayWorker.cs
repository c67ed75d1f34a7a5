using System.Threading.Channels;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.Hosting;

/// <summary>
/// Carries letters on in the background, at once when one has arrived, so that danger is seen within seconds, and every
/// minute for whatever an interruption left behind, when it also makes what was erased leave the files. What is done by the clock is the schedule's, see
/// <see cref="Ingest.Scheduling.DeskJobs"/>.
/// </summary>
public sealed partial class LetterWayWorker(LetterWay way, DeskStore store, TimeProvider clock, ILogger<LetterWayWorker> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);
    private readonly Channel<bool> _signal = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private DateTimeOffset _forget = DateTimeOffset.MinValue;

    /// <summary>Says that a letter has arrived.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, clock);
        _ = TickAsync(timer, stoppingToken);
        Wake();
        try
        {
            await foreach (var _ in _signal.Reader.ReadAllAsync(stoppingToken)) await RoundAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping, or could not start.
        }
    }

    private async Task RoundAsync(CancellationToken stopping)
    {
        try
        {
            await way.CarryOnAsync(stopping);
            if (clock.GetUtcNow() >= _forget)
            {
                await store.ForgetDueAsync(stopping);
                _forget = clock.GetUtcNow() + Round;
            }
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            // The letters stay where they are, durable; the next round tries again.
            LogRoundFailed(log, error);
        }
    }

    private async Task TickAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(stopping)) Wake();
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A round of the letters' way failed and will be tried again")]
    private static partial void LogRoundFailed(ILogger log, Exception error);
}
