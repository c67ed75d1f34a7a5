using System.Buffers;
using System.Text;

namespace Opinion.Ingest.Mailbox.Lmtp;

/// <summary>The other side took longer than it may.</summary>
internal sealed class LmtpTooSlowException : Exception;

/// <summary>
/// Lines and mails out of a connection's bytes. A line ends in CR LF, and only CR LF, a dot and CR LF end a mail: a bare line
/// feed is part of the text, so that nobody can hide a second mail in one.
/// </summary>
internal sealed class LmtpStream(Stream stream, TimeSpan patience, TimeProvider clock)
{
    /// <summary>The longest command line that is read, in bytes.</summary>
    public const int LongestLine = 4_096;

    private readonly byte[] _buffer = new byte[32 * 1024];
    private int _at;
    private int _end;

    /// <summary>Whether a further command has come already: then answers may go out together (RFC 2920).</summary>
    public bool HasMore => _at < _end;

    /// <summary>Reads one line; null at the connection's end, empty where it was too long.</summary>
    public async Task<string?> LineAsync(CancellationToken cancel)
    {
        var line = new ArrayBufferWriter<byte>(256);
        var tooLong = false;
        while (true)
        {
            if (_at == _end && !await FillAsync(cancel)) return null;
            var found = _buffer.AsSpan(_at, _end - _at).IndexOf((byte)'\n');
            var part = _buffer.AsSpan(_at, found < 0 ? _end - _at : found);
            if (line.WrittenCount + part.Length > LongestLine) tooLong = true;
            else line.Write(part);
            _at = found < 0 ? _end : _at + found + 1;
            if (found >= 0) return tooLong ? "" : Encoding.UTF8.GetString(line.WrittenSpan.TrimEnd((byte)'\r'));
        }
    }

    /// <summary>Reads a mail up to its final dot, with doubled dots undone.</summary>
    /// <returns>The mail; null where it was larger than the limit. It is read to its end then, too.</returns>
    /// <exception cref="EndOfStreamException">The connection ended before the mail did.</exception>
    public async Task<ReadOnlyMemory<byte>?> MailAsync(int limit, CancellationToken cancel)
    {
        var mail = new ArrayBufferWriter<byte>(16 * 1024);
        var state = State.LineStart;
        var tooLarge = false;
        while (true)
        {
            if (_at == _end && !await FillAsync(cancel)) throw new EndOfStreamException();
            var ended = Take(mail, ref state);
            if (mail.WrittenCount > limit)
            {
                tooLarge = true;
                mail = new ArrayBufferWriter<byte>(16 * 1024);
            }
            else if (tooLarge)
            {
                mail.ResetWrittenCount();
            }

            if (ended) return tooLarge ? (ReadOnlyMemory<byte>?)null : mail.WrittenMemory;
        }
    }

    /// <summary>Sends text.</summary>
    public async Task SayAsync(string text, CancellationToken cancel)
    {
        using var limit = Limit(cancel);
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LmtpTooSlowException();
        }
    }

    // Takes what is in the buffer; true when the mail has ended in it.
    private bool Take(ArrayBufferWriter<byte> mail, ref State state)
    {
        var room = mail.GetSpan((2 * (_end - _at)) + 2);
        var written = 0;
        while (_at < _end)
        {
            var c = _buffer[_at++];
            switch (state)
            {
                case State.LineStart when c == '.':
                    state = State.Dot;
                    continue;
                case State.Dot when c == '\r':
                    state = State.DotReturn;
                    continue;
                case State.DotReturn when c == '\n':
                    mail.Advance(written);
                    return true;
                case State.DotReturn:
                    room[written++] = (byte)'\r';
                    state = State.Return;
                    break;
                default:
                    break;
            }

            room[written++] = c;
            state = c == '\r' ? State.Return : c == '\n' && state == State.Return ? State.LineStart : State.Text;
        }

        mail.Advance(written);
        return false;
    }

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        using var limit = Limit(cancel);
        try
        {
            (_at, _end) = (0, await stream.ReadAsync(_buffer, limit.Token));
            return _end > 0;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LmtpTooSlowException();
        }
    }

    private TiedSource Limit(CancellationToken cancel)
    {
        // The clock's own timer, tied to what may end the session earlier.
        var limit = new TiedSource(patience, clock);
        limit.Tie(cancel);
        return limit;
    }

    private enum State
    {
        Text,
        Return,
        LineStart,
        Dot,
        DotReturn,
    }

    private sealed class TiedSource(TimeSpan delay, TimeProvider clock) : CancellationTokenSource(delay, clock)
    {
        private CancellationTokenRegistration _tie;

        public void Tie(CancellationToken other) => _tie = other.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), this);

        protected override void Dispose(bool disposing)
        {
            if (disposing) _tie.Dispose();
            base.Dispose(disposing);
        }
    }
}
