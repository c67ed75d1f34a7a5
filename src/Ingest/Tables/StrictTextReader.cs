using System.Text;

namespace Opinion.Ingest.Tables;

/// <summary>
/// Decodes text without ever replacing what does not decode: everything before the first invalid byte is delivered, then
/// <see cref="DecoderFallbackException"/> is thrown. So whoever counts rows knows in which one it stands. A byte order
/// mark at the start is left out. Does not own the stream.
/// </summary>
internal sealed class StrictTextReader : TextReader
{
    private const char Mark = '\uFFFF';

    private readonly Stream _stream;
    private readonly Decoder _decoder;
    private readonly MarkingFallback _fallback = new();
    private readonly byte[] _bytes = new byte[1 << 15];
    private readonly char[] _chars;
    private int _next;
    private int _end;
    private bool _begun;
    private bool _atEnd;
    private bool _broken;

    public StrictTextReader(Stream stream, string encoding)
    {
        _stream = stream;
        var decoding = Encoding.GetEncoding(encoding, EncoderFallback.ExceptionFallback, _fallback);
        _decoder = decoding.GetDecoder();
        _chars = new char[decoding.GetMaxCharCount(_bytes.Length)];
    }

    public override int Peek() => Fill() ? _chars[_next] : -1;

    public override int Read() => Fill() ? _chars[_next++] : -1;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty || !Fill()) return 0;
        var count = Math.Min(buffer.Length, _end - _next);
        _chars.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    private bool Fill()
    {
        while (_next == _end)
        {
            if (_broken) throw new DecoderFallbackException("The bytes are not valid in the encoding.");
            if (_atEnd) return false;
            var read = _stream.Read(_bytes);
            _atEnd = read == 0;
            _next = 0;
            _end = _decoder.GetChars(_bytes, 0, read, _chars, 0, flush: _atEnd);
            if (_fallback.Used)
            {
                _broken = true;
                // U+FFFF itself may stand in the text before; then the row named is an earlier one, and the file is refused all the same.
                _end = Math.Max(0, Array.IndexOf(_chars, Mark, 0, _end));
            }

            if (!_begun && _end > 0)
            {
                _begun = true;
                if (_chars[0] == '\uFEFF') _next = 1;
            }
        }

        return true;
    }

    private sealed class MarkingFallback : DecoderFallback
    {
        public bool Used { get; private set; }

        public override int MaxCharCount => 1;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer(this);

        private sealed class Buffer(MarkingFallback owner) : DecoderFallbackBuffer
        {
            private bool _pending;

            public override int Remaining => _pending ? 1 : 0;

            public override bool Fallback(byte[] bytesUnknown, int index)
            {
                owner.Used = true;
                _pending = true;
                return true;
            }

            public override char GetNextChar()
            {
                if (!_pending) return '\0';
                _pending = false;
                return Mark;
            }

            public override bool MovePrevious() => false;

            public override void Reset() => _pending = false;
        }
    }
}
