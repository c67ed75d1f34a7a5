using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Tests.Fixture;
using Opinion.Running;
using Xunit;

namespace Opinion.Cli.Tests.Faults;

/// <summary>What the fault tests stand on: real nodes that can be started, frozen, killed and stopped, on either engine.</summary>
public sealed class ServedDeskTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_is_started_frozen_killed_and_stopped(bool postgres)
    {
        await using var cluster = postgres ? await PostgresCluster.StartOwnAsync() : null;
        string[] store = cluster is null ? [] : ["--store", await cluster.CreateDatabaseAsync()];
        var folder = Directory.CreateTempSubdirectory("opinion-node-").FullName;
        await using (var node = await ServedDesk.StartAsync(folder, store))
        {
            using var visitor = new Browser(new Uri(node.Address));
            Assert.Equal(2, node.Accounts.Count);
            Assert.Equal("Healthy", (await visitor.GetAsync("/health")).Body);
            await node.FreezeAsync();
            await Assert.ThrowsAsync<TimeoutException>(() => visitor.GetAsync("/health").WaitAsync(TimeSpan.FromSeconds(1)));
            await node.ThawAsync();
            Assert.Equal("Healthy", (await visitor.GetAsync("/health")).Body);
            await node.KillAsync();
            await Assert.ThrowsAsync<HttpRequestException>(() => visitor.GetAsync("/health"));
        }

        await using (var again = await ServedDesk.StartAsync(folder, store))
        {
            Assert.Empty(again.Accounts);
            Assert.Equal(0, await again.StopAsync());
        }

        Directory.Delete(folder, recursive: true);
    }
}
