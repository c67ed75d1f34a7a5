using Opinion.Desk.Runs;

namespace Opinion.Ingest.Scheduling;

/// <summary>One kind of scheduled work.</summary>
/// <param name="Name">Its name in the store and in addresses.</param>
/// <param name="Every">How often it runs.</param>
/// <param name="NeedsClock">Whether a wrong date would do harm that stays: then it runs only while the clock is believed.</param>
/// <param name="Work">What it does, in pieces that may be stopped between any two and begun again.</param>
public sealed record DeskJob(string Name, TimeSpan Every, bool NeedsClock, Func<IServiceProvider, RunningJob, CancellationToken, Task> Work);
