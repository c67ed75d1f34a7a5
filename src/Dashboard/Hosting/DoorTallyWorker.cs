using Opinion.Desk.Doors;

namespace Opinion.Dashboard.Hosting;

/// <summary>Brings what the doors counted to the store, every minute and when the host stops.</summary>
public sealed partial class DoorTallyWorker(DoorTally tally, TimeProvider clock, ILogger<DoorTallyWorker> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        try
        {
            await tally.FlushAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            // The counts are kept and brought there the next time.
            LogKept(log, error.GetType().Name);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The counts of the doors could not be stored and are kept for the next minute: {Error}")]
    private static partial void LogKept(ILogger log, string error);
}
