namespace Opinion.Dashboard.SampleTown;

/// <summary>A clock that stands where it is put; with nowhere to stand it goes with the real one.</summary>
public sealed class ReplayClock(TimeProvider real) : TimeProvider
{
    /// <summary>Where the clock stands; null to go with the real one.</summary>
    public DateTimeOffset? Stand { get; set; }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Stand ?? real.GetUtcNow();
}
