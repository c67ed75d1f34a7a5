using Opinion.Desk.Letters;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Doors;

/// <summary>One thing that was looked at.</summary>
/// <param name="What">What it is and, where it failed, what to do, in both languages. No secret, no word of a letter, no path outside the office's folder.</param>
/// <param name="Passed">Whether it is as it should be.</param>
public sealed record DoorCheck(Name What, bool Passed);

/// <summary>
/// How a door is tried from the administrator's page. Each door brings its own, registered as <see cref="IDoorTest"/>. A
/// test does what a letter would need and leaves nothing behind: no letter, no file, no row.
/// </summary>
public interface IDoorTest
{
    /// <summary>The door.</summary>
    Channel Channel { get; }

    /// <summary>Tries the door now. What fails is a check that did not pass, not an exception.</summary>
    Task<IReadOnlyList<DoorCheck>> TestAsync(CancellationToken cancel);

    /// <summary>How the door is set up, shown without trying it: which settings are there, never what they are.</summary>
    Task<IReadOnlyList<DoorCheck>> SetUpAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<DoorCheck>>([]);
}
