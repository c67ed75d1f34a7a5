using Opinion.Desk.Sealing;

namespace Opinion.Desk.Tests.Fixture;

/// <summary>Tests that each run on an office of their own, on the engine of the inheriting class.</summary>
public abstract class DeskSuite(TestEngine engine) : IAsyncLifetime
{
    /// <summary>Contact data no other text of a test holds.</summary>
    protected static readonly Contact Someone = new("欧阳慕容", "13900001111", "canary@example.org");

    protected static CancellationToken None => CancellationToken.None;

    protected TestEngine Engine { get; } = engine;

    /// <summary>The office of this test.</summary>
    protected Town Town { get; private set; } = null!;

    public async Task InitializeAsync() => Town = await Town.OpenAsync(Engine);

    public async Task DisposeAsync() => await Town.DisposeAsync();
}
