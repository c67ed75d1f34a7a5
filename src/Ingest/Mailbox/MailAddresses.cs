using System.Text;
using Opinion.Ingest.Mailbox.Mime;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.Mailbox;

/// <summary>Reads who a mail is from, as far as RFC 5322 needs for one address with its name.</summary>
internal static class MailAddresses
{
    /// <summary>The first address of a field, and the name beside it.</summary>
    public static (string? Name, string? Address) First(string? field)
    {
        if (field is null) return (null, null);
        var (name, address, bare) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        var (quoted, comment, angle) = (false, 0, false);
        for (var i = 0; i < field.Length; i++)
        {
            var c = field[i];
            if (quoted)
            {
                if (c == '\\' && i + 1 < field.Length) name.Append(field[++i]);
                else if (c == '"') quoted = false;
                else name.Append(c);
            }
            else if (comment > 0)
            {
                if (c == '\\') i++;
                else comment += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
            else if (c == '"' && !angle)
            {
                quoted = true;
            }
            else if (c == '(')
            {
                comment++;
            }
            else if (c == '<')
            {
                angle = true;
                address.Clear();
            }
            else if (c == '>' && angle)
            {
                break;
            }
            // The next address, or the end of a group.
            else if (c is ',' or ';' && !angle)
            {
                if (bare.ToString().Contains('@', StringComparison.Ordinal)) break;
            }
            else if (angle)
            {
                address.Append(c);
            }
            else
            {
                bare.Append(c);
                name.Append(c);
            }
        }

        if (angle) return (NameOf(name.ToString()), Checked(address.ToString()));
        return (null, Checked(bare.ToString()));
    }

    /// <summary>An address as it is compared; null where it is none that mail can be sent to.</summary>
    public static string? Checked(string? address)
    {
        var text = address?.Trim();
        // A route before the address has meant nothing for thirty years.
        if (text is ['@', ..] && text.IndexOf(':', StringComparison.Ordinal) is > 0 and var route) text = text[(route + 1)..];
        return MailSettings.IsAddress(text) ? text : null;
    }

    private static string? NameOf(string name)
    {
        var text = MailCharsets.Clean(EncodedWords.Decode(name.Trim())).Replace('\n', ' ').Trim();
        return text.Length == 0 ? null : text;
    }
}
