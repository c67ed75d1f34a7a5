using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Faults;
using Opinion.Running;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Cli.Tests.Faults;

/// <summary>The fault "slow client, half a body then reset": others are served meanwhile, and nothing of theirs is stored.</summary>
public sealed class SlowClientTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Slow_silent_and_broken_clients_hold_up_nobody_and_store_nothing()
    {
        var many = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 2000 : 300;
        await using var node = await ServedDesk.StartAsync();
        using var store = DeskStore.OnSqlite(node.DataFolder);
        var held = await Invariants.RememberAsync(store);
        var writers = new Writers();
        using var writer = writers.Come(node);
        var (action, fields) = Browser.Fill(await writer.GetAsync("/write"), "form.stack", ("Body", "这封信只寄来一半：路灯不亮，请维修。"));
        var body = Browser.Encode(fields);
        var head = string.Create(CultureInfo.InvariantCulture,
            $"POST {action} HTTP/1.1\r\nHost: 127.0.0.1:{node.Port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\nCookie: {string.Join("; ", writer.Cookies.Select(cookie => cookie.Key + "=" + cookie.Value))}\r\n\r\n");

        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < many; i++)
            {
                var socket = await ConnectAsync();
                // A third says nothing, a third half a head, a third half a body.
                var said = (i % 3) switch { 0 => "", 1 => head[..(head.Length / 2)], _ => head + body[..(body.Length / 2)] };
                if (said.Length > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(said));
                sockets.Add(socket);
            }

            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 5; i++) await writers.WriteAsync(node, $"慢连接之间的第{i}封信：路灯不亮，请维修。");
            output.WriteLine($"5 letters in {watch.Elapsed.TotalSeconds:0.0} s beside {many} slow connections");
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);

            // Half a body, then the connection is reset; and half a body at a byte a second, until the desk lets go.
            for (var i = 0; i < 50; i++)
            {
                using var broken = await ConnectAsync();
                await broken.SendAsync(Encoding.ASCII.GetBytes(head + body[..(1 + (i * (body.Length - 2) / 50))]));
                broken.LingerState = new LingerOption(true, 0);
                broken.Close();
            }

            // From elsewhere: the others have used up what one address may send.
            using var drip = await ConnectAsync("127.0.7.9");
            await drip.SendAsync(Encoding.ASCII.GetBytes(head + body[..10]));
            Assert.Contains("408", await UntilLetGoAsync(drip, "x"), StringComparison.Ordinal);
            using var slowHead = await ConnectAsync();
            await slowHead.SendAsync("GET / HTTP/1.1\r\nX-Slow: "u8.ToArray());
            Assert.Contains("408", await UntilLetGoAsync(slowHead, "x"), StringComparison.Ordinal);

            await writers.WriteAsync(node, "最后一封信：路灯不亮，请维修。");
            Assert.False(node.HasExited);
            await held.HoldAsync(store, writers.Receipts, 6);
            // Nobody's haste is an operator's problem.
            Assert.DoesNotContain("Unhandled", node.Said, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }

        async Task<Socket> ConnectAsync(string from = "127.0.0.1")
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(IPAddress.Loopback, node.Port);
            return socket;
        }
    }

    // Says a little every second and gives what the desk says before it closes the connection.
    private static async Task<string> UntilLetGoAsync(Socket socket, string more)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var answer = new byte[16_384];
        var reading = socket.ReceiveAsync(answer, SocketFlags.None, patience.Token).AsTask();
        while (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, Task.Delay(1000, patience.Token));
            if (reading.IsCompleted) break;
            await socket.SendAsync(Encoding.ASCII.GetBytes(more), SocketFlags.None, patience.Token);
        }

        return Encoding.UTF8.GetString(answer, 0, await reading);
    }
}
