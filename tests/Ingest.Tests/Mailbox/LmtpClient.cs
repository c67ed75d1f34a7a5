using System.Net;
using System.Net.Sockets;
using System.Text;
using Opinion.Ingest.Mailbox;
using Opinion.Ingest.Mailbox.Lmtp;

namespace Opinion.Ingest.Tests.Mailbox;

/// <summary>A raw connection to a real listener, which can be as rude as a test wants.</summary>
internal sealed class LmtpClient : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private StreamReader _reader = null!;

    public static async Task<LmtpClient> ConnectAsync(int port, bool greet = true)
    {
        var client = new LmtpClient();
        await client._client.ConnectAsync(IPAddress.Loopback, port);
        client._reader = new StreamReader(client._client.GetStream(), Encoding.UTF8, leaveOpen: true);
        if (!greet) return client;
        Assert.StartsWith("220 ", await client.AnswerAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 SIZE", await client.AskAsync("LHLO test"), StringComparison.Ordinal);
        return client;
    }

    public Task SayAsync(string text) => _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    public Task SayAsync(byte[] bytes) => _client.GetStream().WriteAsync(bytes).AsTask();

    /// <summary>One answer's last line; null where the connection ended.</summary>
    public async Task<string?> AnswerAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length < 4 || line[3] != '-') return line;
        }

        return null;
    }

    public async Task<string?> AskAsync(string line)
    {
        await SayAsync(line + "\r\n");
        return await AnswerAsync();
    }

    public async Task BeginAsync(string sender = "canary@mail.example", string recipient = "desk@office.example")
    {
        Assert.StartsWith("250", await AskAsync($"MAIL FROM:<{sender}>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await AskAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await AskAsync("DATA"), StringComparison.Ordinal);
    }

    /// <summary>Sends one whole mail and gives the answer.</summary>
    public async Task<string?> SendAsync(byte[] mail, string sender = "canary@mail.example")
    {
        await BeginAsync(sender);
        await SayAsync([.. mail, .. ".\r\n"u8]);
        return await AnswerAsync();
    }

    /// <summary>Breaks the connection as a machine that goes down does.</summary>
    public void Reset()
    {
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>An office with a running listener.</summary>
internal sealed class LmtpOffice : IAsyncDisposable
{
    private LmtpOffice(MailOffice office) => Office = office;

    public MailOffice Office { get; }

    public int Port => Office.Get<LmtpListener>().Port!.Value;

    public static async Task<LmtpOffice> OpenAsync(string? connection, MailboxOptions? options = null)
    {
        var office = await MailOffice.OpenAsync(connection, (options ?? new MailboxOptions()) with { LmtpPort = 0 });
        await office.Get<LmtpListener>().StartAsync(default);
        return new LmtpOffice(office);
    }

    public async ValueTask DisposeAsync()
    {
        await Office.Get<LmtpListener>().StopAsync(default);
        await Office.DisposeAsync();
    }
}
