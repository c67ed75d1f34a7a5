using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Opinion.Ingest.Tests.Outgoing;

/// <summary>A small real mail server (python3-aiosmtpd) on a free loopback port that keeps its mails in a Maildir.</summary>
internal sealed class RealMailServer : IDisposable
{
    private readonly Process _process;
    private readonly string _maildir;

    private RealMailServer(Process process, int port, string maildir) => (_process, Port, _maildir) = (process, port, maildir);

    public int Port { get; }

    public static async Task<RealMailServer> StartAsync(string folder)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var maildir = Path.Combine(folder, "maildir");
        var start = new ProcessStartInfo("/usr/bin/python3", ["-m", "aiosmtpd", "-n", "-l", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox", maildir]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var server = new RealMailServer(Process.Start(start)!, port, maildir);
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return server;
            }
            catch (SocketException) when (tries < 600 && !server._process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>The mails it has, as they arrived.</summary>
    public IReadOnlyList<string> Mails => [.. Directory.GetFiles(Path.Combine(_maildir, "new")).Order(StringComparer.Ordinal).Select(file => File.ReadAllText(file))];

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>How a false mail server ends a mail.</summary>
internal enum MailEnd
{
    DiesAfterData,
    RefusesForNow,
    RefusesForGood,
}

/// <summary>A raw socket that speaks just enough SMTP to take a whole mail, and then ends it as a test wants.</summary>
internal sealed class FalseMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly MailEnd _end;
    private readonly Task _serving;

    public FalseMailServer(MailEnd end)
    {
        _end = end;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The mails whose last byte it has.</summary>
    public List<string> Taken { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side went, or the test is over.
            }
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        await SayAsync(stream, "220 false ESMTP");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (!line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await SayAsync(stream, line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) && _end == MailEnd.RefusesForGood ? "550 no such mailbox canary@example.org" : "250 ok");
                continue;
            }

            await SayAsync(stream, "354 go on");
            var mail = new StringBuilder();
            while (await reader.ReadLineAsync(_stop.Token) is { } text && text != ".") mail.AppendLine(text);
            Taken.Add(mail.ToString());
            if (_end == MailEnd.DiesAfterData) return;
            await SayAsync(stream, "451 later canary@example.org");
        }
    }

    private async Task SayAsync(NetworkStream stream, string line) => await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), _stop.Token);
}
