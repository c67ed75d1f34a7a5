using System.Text;

namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>
/// Takes a mail apart into its nested parts (RFC 2046, section 5.1), line by line and each line once. What is broken is read
/// as mail programs read it: a missing closing boundary ends with the part around it, a boundary that is not named or never
/// comes is looked for in the body, and what has none at all is one body.
/// </summary>
internal sealed class MimeReader
{
    /// <summary>The deepest nesting that is read.</summary>
    public const int MostDepth = 20;

    /// <summary>The most parts that are read.</summary>
    public const int MostParts = 500;

    private const int LongestBoundary = 200;
    private const int MostGuesses = 3;
    private static readonly Delimiter End = new(-1, Closes: true);

    private readonly ReadOnlyMemory<byte> _mail;
    private readonly List<byte[]> _open = [];
    private int _at;
    private int _parts;
    private int _guesses;

    private MimeReader(ReadOnlyMemory<byte> mail) => _mail = mail;

    /// <summary>Reads a mail.</summary>
    /// <exception cref="MailUnreadableException">It is nested too deeply, or has too many parts or too long headers.</exception>
    public static MimePart Read(ReadOnlyMemory<byte> mail) => new MimeReader(mail).ReadPart(0, out _);

    private MimePart ReadPart(int depth, out Delimiter end)
    {
        if (depth > MostDepth) throw new MailUnreadableException(MailProblem.NestedTooDeeply);
        if (++_parts > MostParts) throw new MailUnreadableException(MailProblem.TooManyParts);
        var headers = MailHeaders.Read(_mail.Span, ref _at, (at, length) => Match(at, length) is not null);
        var type = HeaderParameters.Parse(headers.Raw("Content-Type"));
        var begin = _at;
        if (type.Value.StartsWith("multipart/", StringComparison.Ordinal))
        {
            if (type["boundary"]?.TrimEnd() is { Length: > 0 and <= LongestBoundary } boundary && ReadParts(Encoding.UTF8.GetBytes(boundary), depth, out end) is { } parts)
                return new MimePart(headers, type, ReadOnlyMemory<byte>.Empty, parts);
            _at = begin;
            if (GuessBoundary() is { } guessed && ReadParts(guessed, depth, out end) is { } found)
                return new MimePart(headers, type, ReadOnlyMemory<byte>.Empty, found);
            _at = begin;
        }

        var body = Skip(out end);
        return new MimePart(headers, type, body, []);
    }

    // Null where the boundary never comes; then what was read is to be read in another way.
    private List<MimePart>? ReadParts(byte[] boundary, int depth, out Delimiter end)
    {
        var level = _open.Count;
        var parts = new List<MimePart>();
        _open.Add(boundary);
        Skip(out end);
        var found = end.Level == level;
        while (end.Level == level && !end.Closes) parts.Add(ReadPart(depth + 1, out end));
        _open.RemoveAt(level);
        if (!found) return null;
        // What follows the closing boundary belongs to nothing.
        if (end.Level == level) Skip(out end);
        return parts;
    }

    // Up to the next line that is a boundary of this part or of one around it, or the end.
    private ReadOnlyMemory<byte> Skip(out Delimiter end)
    {
        var mail = _mail.Span;
        var begin = _at;
        var last = _at;
        while (_at < mail.Length)
        {
            var (length, next) = MailHeaders.Line(mail, _at);
            if (Match(_at, length) is { } delimiter)
            {
                _at = next;
                end = delimiter;
                return _mail[begin..last];
            }

            // The line end before a boundary belongs to the boundary.
            last = _at + length;
            _at = next;
        }

        end = End;
        return _mail[begin..];
    }

    private Delimiter? Match(int at, int length)
    {
        if (length < 3 || _open.Count == 0) return null;
        var line = _mail.Span.Slice(at, length);
        if (line[0] != '-' || line[1] != '-') return null;
        line = line[2..].TrimEnd(" \t"u8);
        for (var level = _open.Count - 1; level >= 0; level--)
        {
            var boundary = _open[level].AsSpan();
            if (!line.StartsWith(boundary)) continue;
            var rest = line[boundary.Length..];
            if (rest.IsEmpty) return new Delimiter(level, Closes: false);
            if (rest.SequenceEqual("--"u8)) return new Delimiter(level, Closes: true);
        }

        return null;
    }

    // The first line that looks like a boundary and is followed by a field.
    private byte[]? GuessBoundary()
    {
        if (++_guesses > MostGuesses) return null;
        var mail = _mail.Span;
        for (var at = _at; at < mail.Length;)
        {
            var (length, next) = MailHeaders.Line(mail, at);
            if (Match(at, length) is not null) return null;
            var line = mail.Slice(at, length).TrimEnd(" \t"u8);
            if (line.Length is > 3 and < LongestBoundary && line[0] == '-' && line[1] == '-' && next < mail.Length && mail[next..].StartsWith("Content-"u8)) return line[2..].ToArray();
            at = next;
        }

        return null;
    }

    private readonly record struct Delimiter(int Level, bool Closes);
}
