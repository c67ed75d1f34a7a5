using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Opinion.Desk.Letters;

/// <summary>
/// The code by which a writer follows a letter: 26 characters of Crockford's base 32 (130 bits), derived by HMAC-SHA-256
/// from channel and channel key, so that a repeat delivery gets the same code. Only its SHA-256 is stored.
/// </summary>
public readonly partial record struct ReceiptCode
{
    /// <summary>Characters in a code, without the hyphens.</summary>
    public const int Length = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private readonly string _code;

    private ReceiptCode(string code) => _code = code;

    /// <summary>The 26 characters.</summary>
    public string Text => _code;

    /// <summary>The code as it is shown: groups of five, the last of six.</summary>
    public string Shown => string.Join('-', _code[..5], _code[5..10], _code[10..15], _code[15..20], _code[20..]);

    /// <summary>What is stored of it.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.ASCII.GetBytes(_code));

    /// <summary>Derives the code of a letter.</summary>
    public static ReceiptCode Derive(ReadOnlySpan<byte> key, Channel channel, string channelKey)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(channel.NameOf() + "\n" + channelKey), mac);
        return new ReceiptCode(Encode(mac, Length));
    }

    /// <summary>Reads a code as a person types it: any case, with or without hyphens and spaces, O for 0, I and L for 1.</summary>
    public static bool TryParse(string? typed, out ReceiptCode code)
    {
        code = default;
        if (LetterText.Check(typed, 100, required: true) is not null) return false;
        var text = new StringBuilder(Length);
        foreach (var c in typed!.Normalize(NormalizationForm.FormKC).ToUpperInvariant())
        {
            if (c is '-' or '\u2010' or '\u2013' or '\u2014' || char.IsWhiteSpace(c)) continue;
            var letter = c switch { 'O' => '0', 'I' or 'L' => '1', _ => c };
            if (!Alphabet.Contains(letter, StringComparison.Ordinal)) return false;
            text.Append(letter);
        }

        if (text.Length != Length) return false;
        code = new ReceiptCode(text.ToString());
        return true;
    }

    /// <summary>Whatever in a text has the form of a code, as it stands there, each once.</summary>
    public static IReadOnlyList<string> FindIn(string text) => [.. Form().Matches(text).Select(match => match.Value).Distinct(StringComparer.OrdinalIgnoreCase).Where(code => TryParse(code, out _))];

    /// <summary>The text with something else in place of every code: codes are the writer's alone, whoever reads one can act as the writer.</summary>
    public static string HideIn(string text, string instead) => Form().Replace(text, match => TryParse(match.Value, out _) ? instead : match.Value);

    /// <summary>A random number of 12 characters for public addresses; it tells nothing and is never a receipt code.</summary>
    public static string RandomNumber() => Encode(RandomNumberGenerator.GetBytes(8), 12);

    /// <inheritdoc/>
    public override string ToString() => "(receipt)";

    // Five, five, five, five and six characters, or all of them in a row, with nothing else of that kind beside them.
    [GeneratedRegex("(?<![0-9A-Za-z])(?:[0-9A-Za-z]{5}[ -]){4}[0-9A-Za-z]{6}(?![0-9A-Za-z])|(?<![0-9A-Za-z])[0-9A-Z]{26}(?![0-9A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    private static string Encode(ReadOnlySpan<byte> bytes, int characters)
    {
        var text = new StringBuilder(characters);
        int bits = 0, held = 0, next = 0;
        while (text.Length < characters)
        {
            if (held < 5)
            {
                bits = ((bits << 8) | bytes[next++]) & 0xFFFF;
                held += 8;
            }

            text.Append(Alphabet[(bits >> (held - 5)) & 31]);
            held -= 5;
        }

        return text.ToString();
    }
}
