using System.Globalization;
using System.Text;

namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>A field with parameters, such as a type or a disposition: RFC 2045, section 5.1, with the continuations and charsets of RFC 2231.</summary>
internal sealed class HeaderParameters
{
    private const int Most = 100;
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private HeaderParameters(string value) => Value = value;

    /// <summary>What stands before the parameters, in lower case.</summary>
    public string Value { get; }

    /// <summary>A parameter; null where there is none.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Reads a field; a missing one has no value and no parameters.</summary>
    public static HeaderParameters Parse(string? field)
    {
        var tokens = Split(field ?? "");
        var parsed = new HeaderParameters(tokens.Count == 0 ? "" : tokens[0].Trim().ToLowerInvariant());
        var pieces = new Dictionary<string, SortedDictionary<int, (string Text, bool Encoded)>>(StringComparer.OrdinalIgnoreCase);
        foreach (var token in tokens.Skip(1).Take(Most))
        {
            var equals = token.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) continue;
            var name = token[..equals].Trim();
            var value = Unquote(token[(equals + 1)..].Trim());
            var star = name.IndexOf('*', StringComparison.Ordinal);
            if (star < 0)
            {
                parsed._values.TryAdd(name, EncodedWords.Decode(value));
                continue;
            }

            var encoded = name.EndsWith('*');
            var number = name[(star + 1)..].TrimEnd('*');
            if (number.Length > 0 && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)) continue;
            var index = number.Length == 0 ? 0 : int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
            if (!pieces.TryGetValue(name[..star], out var list)) pieces[name[..star]] = list = [];
            list.TryAdd(index, (value, encoded));
        }

        foreach (var (name, list) in pieces) parsed._values[name] = Join(list);
        return parsed;
    }

    private static string Join(SortedDictionary<int, (string Text, bool Encoded)> pieces)
    {
        string? charset = null;
        var bytes = new List<byte>();
        var next = 0;
        foreach (var (index, (text, encoded)) in pieces)
        {
            // A piece is missing: what follows belongs to nothing.
            if (index != next++) break;
            var rest = text;
            if (encoded && index == 0 && text.Split('\'', 3) is [var label, _, var value]) (charset, rest) = (label, value);
            if (encoded) Percent(rest, bytes);
            else bytes.AddRange(Encoding.UTF8.GetBytes(rest));
        }

        return MailCharsets.Decode(bytes.ToArray(), charset);
    }

    private static void Percent(string text, List<byte> bytes)
    {
        var raw = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '%' && i + 2 < raw.Length && byte.TryParse(raw.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.Add(raw[i]);
            }
        }
    }

    // At semicolons that stand in no quotes and no comment; comments are left out.
    private static List<string> Split(string field)
    {
        var tokens = new List<string>();
        var token = new StringBuilder();
        var (quoted, comment) = (false, 0);
        for (var i = 0; i < field.Length && tokens.Count <= Most; i++)
        {
            var c = field[i];
            if (quoted || comment > 0)
            {
                if (c == '\\' && i + 1 < field.Length)
                {
                    if (quoted) token.Append(c).Append(field[i + 1]);
                    i++;
                    continue;
                }

                if (quoted) token.Append(c);
                if (quoted && c == '"') quoted = false;
                else if (!quoted && c == '(') comment++;
                else if (!quoted && c == ')') comment--;
            }
            else if (c == ';')
            {
                tokens.Add(token.ToString());
                token.Clear();
            }
            else if (c == '(')
            {
                comment++;
            }
            else
            {
                quoted = c == '"';
                token.Append(c);
            }
        }

        tokens.Add(token.ToString());
        return tokens;
    }

    private static string Unquote(string value)
    {
        if (value.Length == 0 || value[0] != '"') return value;
        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length && value[i] != '"'; i++)
        {
            // Names of files from Windows hold single backslashes that escape nothing.
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is '"' or '\\') i++;
            text.Append(value[i]);
        }

        return text.ToString();
    }
}
