using System.Text;

namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>The header fields of a mail or of one of its parts, in their order.</summary>
internal sealed class MailHeaders
{
    private const int MostFields = 1_000;
    private const int MostBytes = 256 * 1024;

    private readonly List<(string Name, byte[] Value)> _fields = [];

    private MailHeaders()
    {
    }

    /// <summary>Reads fields up to the empty line, which is consumed, or up to a line that is no field.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="at">Where the fields begin; afterwards where the body does.</param>
    /// <param name="isEnd">Whether a line, without its end, is one that ends the part.</param>
    /// <exception cref="MailUnreadableException">They are too many or too long.</exception>
    public static MailHeaders Read(ReadOnlySpan<byte> mail, ref int at, Func<int, int, bool>? isEnd = null)
    {
        var headers = new MailHeaders();
        var begin = at;
        string? name = null;
        var value = new List<byte>();
        while (at < mail.Length)
        {
            var (length, next) = Line(mail, at);
            var line = mail.Slice(at, length);
            if (isEnd is not null && isEnd(at, length)) break;
            if (next - begin > MostBytes || headers._fields.Count >= MostFields) throw new MailUnreadableException(MailProblem.HeadersTooLong);
            if (length == 0)
            {
                at = next;
                break;
            }

            if (line[0] is (byte)' ' or (byte)'\t')
            {
                if (name is not null) value.AddRange(line);
            }
            else if (line.IndexOf((byte)':') is > 0 and var colon && IsName(line[..colon].TrimEnd((byte)' ')))
            {
                headers.Add(name, value);
                name = Encoding.ASCII.GetString(line[..colon].TrimEnd((byte)' '));
                value.AddRange(line[(colon + 1)..]);
            }
            else if (at != begin || !(line.StartsWith("From "u8) || line.StartsWith(">From "u8)))
            {
                // No field and no empty line before it: some programs forget it, and the body begins here.
                break;
            }

            at = next;
        }

        headers.Add(name, value);
        return headers;
    }

    /// <summary>A line's length without its end, and where the next one begins.</summary>
    public static (int Length, int Next) Line(ReadOnlySpan<byte> mail, int at)
    {
        var end = mail[at..].IndexOf((byte)'\n');
        if (end < 0) return (mail.Length - at, mail.Length);
        return (end > 0 && mail[at + end - 1] == '\r' ? end - 1 : end, at + end + 1);
    }

    /// <summary>The first field of a name, its bytes read as text and nothing decoded; null where there is none.</summary>
    public string? Raw(string name)
    {
        foreach (var field in _fields)
        {
            if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase)) return MailCharsets.Guess(field.Value).Trim();
        }

        return null;
    }

    /// <summary>All fields of a name, as <see cref="Raw"/> reads them.</summary>
    public IEnumerable<string> AllRaw(string name) => _fields.Where(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase)).Select(field => MailCharsets.Guess(field.Value).Trim());

    /// <summary>The first field of a name with its encoded words decoded; null where there is none.</summary>
    public string? Text(string name) => Raw(name) is { } raw ? EncodedWords.Decode(raw) : null;

    /// <summary>The first field of a name as it came; empty where there is none.</summary>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        foreach (var field in _fields)
        {
            if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase)) return field.Value;
        }

        return [];
    }

    /// <summary>Whether there is a field of that name.</summary>
    public bool Has(string name) => _fields.Exists(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether there is no field at all.</summary>
    public bool IsEmpty => _fields.Count == 0;

    private void Add(string? name, List<byte> value)
    {
        if (name is not null) _fields.Add((name, [.. value]));
        value.Clear();
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > 100) return false;
        foreach (var c in name)
        {
            if (c is <= (byte)' ' or >= 0x7F) return false;
        }

        return true;
    }
}
