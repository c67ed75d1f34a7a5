using System.Buffers;

namespace Opinion.Analysis.Redaction;

/// <summary>Finds e-mail addresses, with @ or with (at) in its place. Linear: stretches between two signs are looked at twice at most.</summary>
internal static class MailScanner
{
    private const int LongestLocal = 64;
    private const int LongestDomain = 255;

    private static readonly SearchValues<char> Signs = SearchValues.Create("@([{<#");

    internal static void Scan(string text, List<PersonalSpan> found)
    {
        for (int sign = NextSign(text, 0, out int length); sign >= 0; sign = NextSign(text, sign + length, out length))
        {
            int left = sign;
            while (left > 0 && text[left - 1] == ' ' && sign - left < 2) left--;
            int start = left;
            // Somebody hides a part of the address with stars; the rest still tells.
            while (start > 0 && left - start < LongestLocal && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '%' or '+' or '-' or '*')) start--;
            int right = sign + length;
            int gap = right;
            while (right < text.Length && text[right] == ' ' && right - gap < 2) right++;
            int end = DomainEnd(text, right);
            if (start == left || end == 0) continue;
            found.Add(new PersonalSpan(start, end, PersonalKind.Email));
        }
    }

    private static int NextSign(string text, int from, out int length)
    {
        for (int at = from; at < text.Length; at++)
        {
            int next = text.AsSpan(at).IndexOfAny(Signs);
            if (next < 0) break;
            at += next;
            length = 1;
            if (text[at] == '@') return at;
            // zhang(at)example.com, zhang#example.com, zhang[at]example.com
            ReadOnlySpan<char> rest = text.AsSpan(at + 1);
            if (rest.StartsWith("at", StringComparison.OrdinalIgnoreCase) && rest.Length > 2 && rest[2] is ')' or ']' or '}' or '>' or '#')
            {
                length = 4;
                return at;
            }

            if (text[at] == '#') return at;
        }

        length = 0;
        return -1;
    }

    private static int DomainEnd(string text, int start)
    {
        int end = start;
        int lastDot = -1;
        while (end < text.Length && end - start < LongestDomain && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '.'))
        {
            if (text[end] == '.')
            {
                // qq.com.5 is the address and the number of the next point of a list.
                if (end == start || text[end - 1] == '.' || (lastDot >= 0 && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))) break;
                lastDot = end;
            }

            end++;
        }

        if (end > start && text[end - 1] == '.')
        {
            // A full stop after the address is not part of it.
            end--;
            lastDot = text.AsSpan(start, end - start).LastIndexOf('.');
            lastDot = lastDot < 0 ? -1 : start + lastDot;
        }

        return lastDot < 0 || end - lastDot < 3 || !char.IsAsciiLetter(text[lastDot + 1]) ? 0 : end;
    }
}
