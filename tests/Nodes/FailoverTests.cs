using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Nodes.Compose;
using Opinion.Nodes.Running;
using Opinion.Running;
using Xunit.Abstractions;

namespace Opinion.Nodes;

/// <summary>
/// docker-compose.yml as plain processes on one machine: two nodes behind nginx, a primary with a synchronous hot standby,
/// secrets in files. Letters are written all the while; a node is killed, then the primary, and the standby is promoted.
/// </summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    // A killed node costs no more than the proxy's turn to the other; a killed primary costs the operator's promotion and the nodes' way to it.
    private static readonly TimeSpan NodeBound = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PrimaryBound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Writing_goes_on_when_a_node_and_then_the_primary_dies_and_no_receipt_is_without_its_letter()
    {
        var rounds = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 3 : 1;
        var compose = ComposeFile.Read();
        for (var round = 0; round < rounds; round++) await RoundAsync(compose, await Database.MakeSharedAsync());
    }

    private async Task RoundAsync(ComposeFile compose, string shared)
    {
        Environment.SetEnvironmentVariable("OPINION_STORE_PASSWORD_FILE", Database.PasswordFile(shared));
        await using var primary = await Database.StartPrimaryAsync(shared, compose.List("services", "primary", "command"));
        await using var standby = await Database.StartStandbyAsync(shared, "standby", primary);
        for (var wait = 0; wait < 300 && !Equals(await primary.ExecuteAsync("SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state = 'sync'"), 1L); wait++) await Task.Delay(100);
        Assert.Equal("sync", await primary.ExecuteAsync("SELECT sync_state FROM pg_stat_replication"));

        // The connection of docker-compose.yml, with the hosts' addresses here.
        var arguments = compose.List("x-node", "command");
        var store = arguments[arguments.ToList().IndexOf("--store") + 1];
        Assert.Contains("Host=primary,standby;", store, StringComparison.Ordinal);
        store = store.Replace("Host=primary,standby", string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port}"), StringComparison.Ordinal);
        var folders = new[] { Path.Combine(shared, "node1"), Path.Combine(shared, "node2") };
        string[] options = ["--store", store, "--proxy", "127.0.0.1"];
        var node1 = await ServedDesk.StartAsync(folders[0], options);
        // The office's keys come to every node as a file.
        Directory.CreateDirectory(Path.Combine(folders[1], "keys"));
        File.Copy(Path.Combine(folders[0], "keys", "office-keys.json"), Path.Combine(folders[1], "keys", "office-keys.json"));
        await using var node2 = await ServedDesk.StartAsync(folders[1], options);
        await using (node1)
        {
            Assert.Equal(2, node1.Accounts.Count);
            Assert.Empty(node2.Accounts);
            await SessionsGoOnAsync(node1, node2);
            await using var proxy = await Proxy.StartAsync(node1.Port, node2.Port);
            var forwarded = await ForwardingAsync(proxy);

            await using var crowd = new Crowd(proxy, 4);
            crowd.Begin();
            await crowd.MoreAsync(40);
            var killed = crowd.Now;
            await node1.KillAsync();
            var back = await crowd.FirstAfterAsync(killed);
            await crowd.MoreAsync(40);
            Say($"node killed: the next receipt after {back.TotalSeconds:F2} s");
            Assert.True(back < NodeBound, back.ToString());

            var gone = crowd.Now;
            await primary.StopAsync("immediate");
            await standby.PromoteAsync();
            var promoted = crowd.Now;
            var writing = await crowd.FirstAfterAsync(promoted);
            await crowd.MoreAsync(40);
            Say($"primary killed: promoted after {(promoted - gone).TotalSeconds:F2} s, the next receipt {(promoted + writing - gone).TotalSeconds:F2} s after the kill");
            Assert.True(promoted + writing - gone < PrimaryBound, (promoted + writing - gone).ToString());
            await crowd.EndAsync();

            var given = crowd.Receipts.ToList();
            Say($"{given.Count} receipts, {given.Count(receipt => receipt.Tries > 1)} of them asked for more than once");
            Assert.True(given.Count >= 120);
            Assert.Empty(crowd.Unexpected);
            Assert.Equal(given.Count, given.Select(receipt => receipt.Code).Distinct().Count());
            var stored = await standby.ReceiptsAsync();
            Assert.DoesNotContain(given, receipt => !stored.Contains(HashOf(receipt.Code)));
            // Each letter is there once, however often it was sent: those of the crowd and of ForwardingAsync.
            Assert.Equal((long)stored.Count, await standby.ExecuteAsync("SELECT COUNT(DISTINCT id) FROM letters"));
            Assert.Equal(given.Count + forwarded, stored.Count);

            // The node that died comes back and finds the server that is the primary now.
            await using var again = await ServedDesk.StartAsync(folders[0], [.. options, "--port", node1.Port.ToString(CultureInfo.InvariantCulture)]);
            using (var reader = new Browser(new Uri(again.Address)))
                Assert.Equal(200, (await reader.SubmitAsync(await reader.GetAsync("/follow"), "form.stack", ("code", given[0].Code))).Status);

            var lines = proxy.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(lines.Length >= given.Count * 2, $"the proxy logged {lines.Length} lines");
            Assert.All(proxy.EverythingWritten.Concat([node1.Said, node2.Said, again.Said]), text => Assert.DoesNotContain("127.7.", text, StringComparison.Ordinal));
            Assert.All(given, receipt => Assert.DoesNotContain(receipt.Code, proxy.Log + node1.Said + node2.Said, StringComparison.Ordinal));
        }

        await standby.DisposeAsync();
        Directory.Delete(shared, recursive: true);
    }

    private const int Limit = 30;

    private static async Task SessionsGoOnAsync(ServedDesk node1, ServedDesk node2)
    {
        var (login, password) = node1.Accounts.First();
        using var first = new Browser(new Uri(node1.Address));
        using var second = new Browser(new Uri(node2.Address));
        var page = await first.GetAsync("/staff/sign-in");
        // The form of one node, with its token, is sent to the other.
        foreach (var (name, value) in first.Cookies) second.Cookies[name] = value;
        Assert.Equal(200, (await second.SubmitAsync(page, "form.narrow", ("login", login), ("password", password))).Status);
        foreach (var (name, value) in second.Cookies) first.Cookies[name] = value;
        Assert.Equal(200, (await first.GetAsync("/staff")).Status);
        Assert.Equal(200, (await second.GetAsync("/staff")).Status);
        first.Cookies.Remove("opinion-staff");
        Assert.Equal(302, (await first.GetAsync("/staff")).Status);
    }

    // What the proxy says of the asking address counts, what the asker claims does not: one address is held back, whatever it writes there.
    private static async Task<int> ForwardingAsync(Proxy proxy)
    {
        using var one = proxy.Visit(IPAddress.Parse("127.7.99.99"));
        var statuses = new List<int>();
        for (var letter = 0; letter < (Limit * 2) + 2; letter++)
        {
            var form = await one.FormAsync("同一个地址写的第" + letter + "封信，路灯坏了。");
            statuses.Add((await one.PostAsync(form!, $"10.0.0.{letter + 1}")).Status);
            if (statuses[^1] == 429) break;
        }

        // Each node counts for itself; the proxy gives them turns, so at most twice the limit passes.
        Assert.Equal(429, statuses[^1]);
        Assert.InRange(statuses.Count, 31, 62);
        Assert.All(statuses[..^1], status => Assert.Equal(200, status));
        Assert.NotEmpty(one.SetCookies);
        Assert.All(one.SetCookies, cookie => Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase));
        return statuses.Count - 1;
    }

    private static string HashOf(string shown)
    {
        var code = new string([.. shown.Where(char.IsLetterOrDigit)]);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
    }

    private void Say(FormattableString line)
    {
        var text = line.ToString(CultureInfo.InvariantCulture);
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
