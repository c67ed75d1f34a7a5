using Opinion.Desk.Offices;

namespace Opinion.Desk.Tests.Fixture;

/// <summary>
/// A store engine the suites run against. Every suite is an abstract class that takes one; the classes in OnSqlite.cs
/// inherit the suites for SQLite, and another engine adds its own file of the same shape.
/// </summary>
public abstract class TestEngine
{
    public static TestEngine Sqlite { get; } = new SqliteEngine();

    public abstract Task<OpenedDesk> OpenAsync(string dataFolder, OfficeFoundation foundation, TimeProvider clock);

    private sealed class SqliteEngine : TestEngine
    {
        public override Task<OpenedDesk> OpenAsync(string dataFolder, OfficeFoundation foundation, TimeProvider clock) =>
            OpenedDesk.OpenAsync(dataFolder, foundation, clock, CancellationToken.None);
    }
}
