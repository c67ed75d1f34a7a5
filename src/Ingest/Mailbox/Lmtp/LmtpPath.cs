using System.Globalization;

namespace Opinion.Ingest.Mailbox.Lmtp;

/// <summary>An address of MAIL FROM or RCPT TO with its parameters (RFC 5321, section 4.1.2).</summary>
/// <param name="Address">The address without its brackets and route; empty for the null sender.</param>
/// <param name="Parameters">What follows it.</param>
internal sealed record LmtpPath(string Address, IReadOnlyList<string> Parameters)
{
    /// <summary>Reads what follows the colon; null where it is none.</summary>
    public static LmtpPath? Parse(string text)
    {
        var rest = text.TrimStart();
        if (!rest.StartsWith('<')) return null;
        var quoted = false;
        for (var i = 1; i < rest.Length; i++)
        {
            var c = rest[i];
            if (c == '\\' && quoted) i++;
            else if (c == '"') quoted = !quoted;
            else if (c == '>' && !quoted)
            {
                var address = rest[1..i];
                if (address.StartsWith('@') && address.IndexOf(':', StringComparison.Ordinal) is > 0 and var route) address = address[(route + 1)..];
                return address.Any(char.IsControl) ? null : new LmtpPath(address, rest[(i + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return null;
    }

    /// <summary>The size the client announces; null where it announces none, -1 where it is no number.</summary>
    public long? Size => Parameters.FirstOrDefault(parameter => parameter.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase)) is { } size
        ? long.TryParse(size.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : -1 : null;

    /// <summary>The first parameter of MAIL that is not known; null where all are.</summary>
    public string? Unknown => Parameters.FirstOrDefault(parameter => parameter.ToUpperInvariant() is var name && name is not ("SMTPUTF8" or "BODY=7BIT" or "BODY=8BITMIME")
        && !name.StartsWith("SIZE=", StringComparison.Ordinal) && !name.StartsWith("RET=", StringComparison.Ordinal) && !name.StartsWith("ENVID=", StringComparison.Ordinal));
}
