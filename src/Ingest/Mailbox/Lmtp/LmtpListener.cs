using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Opinion.Desk.Doors;

namespace Opinion.Ingest.Mailbox.Lmtp;

/// <summary>
/// Listens for the office's mail server on loopback, and nowhere else: whoever speaks LMTP is believed about nothing, but may
/// hand in mail. A client that is slow holds up no other; more sessions than there may be are asked to come back.
/// </summary>
public sealed partial class LmtpListener(MailboxOptions options, MailboxDoor door, TakeMail take, DoorTally tally, TimeProvider clock, ILogger<LmtpListener> log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<long, Task> _sessions = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _number;

    /// <summary>The port it listens on; null where it does not.</summary>
    public int? Port { get; private set; }

    /// <summary>Begins to listen, where a port is set.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.LmtpPort is not { } port) return Task.CompletedTask;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
        return Task.CompletedTask;
    }

    /// <summary>Ends: a mail that is being stored is stored and answered, one that is half sent is not.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        _listener?.Stop();
        await Task.WhenAny(Task.WhenAll([_accepting, .. _sessions.Values]), Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(_stop.Token);
                var number = ++_number;
                // The session begins only when it stands in the list, so that it is taken out after that.
                var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _sessions[number] = ServeAsync(begin.Task, client.GetStream(), number);
                begin.SetResult();
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                if (_stop.IsCancellationRequested) return;
                LogFailed(log, error.GetType().Name);
            }
        }
    }

    private async Task ServeAsync(Task begin, Stream stream, long number)
    {
        await begin;
        try
        {
            var speaks = new LmtpStream(stream, options.Patience, clock);
            if (_sessions.Count > options.Sessions)
            {
                await speaks.SayAsync("421 4.3.2 too many sessions, come back later\r\n", _stop.Token);
                return;
            }

            await new LmtpSession(speaks, new LmtpMailbox(door, take, tally, clock, log), options, clock).ServeAsync(_stop.Token);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException or LmtpTooSlowException)
        {
            // The client went, the host stops, or nobody reads the answers: what was not answered is sent again.
        }
        catch (Exception error)
        {
            LogFailed(log, error.GetType().Name);
        }
        finally
        {
            // The stream owns the connection.
            await stream.DisposeAsync();
            _sessions.TryRemove(number, out _);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "An LMTP session failed: {Error}")]
    private static partial void LogFailed(ILogger log, string error);
}
