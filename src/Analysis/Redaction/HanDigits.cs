using System.Buffers;

namespace Opinion.Analysis.Redaction;

/// <summary>Digits written in Han characters, as people write a number they would say: 一三八零零…, 幺三八 零零幺三. Linear in the text.</summary>
internal static class HanDigits
{
    private const string Han = "〇一二三四五六七八九零幺么两壹贰叁肆伍陆柒捌玖洞拐勾O";
    private const string Ascii = "01234567890112123456789" + "0790";
    private const int Fewest = 7;

    private static readonly SearchValues<char> AnyHan = SearchValues.Create("〇一二三四五六七八九零幺么两壹贰叁肆伍陆柒捌玖");

    /// <summary>The text with Han digits as ASCII where seven or more digits stand together; as long as the text.</summary>
    internal static string ToAscii(string text)
    {
        if (!text.AsSpan().ContainsAny(AnyHan)) return text;
        char[]? changed = null;
        for (int at = 0; at < text.Length;)
        {
            if (!IsDigit(text, at))
            {
                at++;
                continue;
            }

            int end = RunEnd(text, at, out int digits);
            int last = digits >= Fewest ? LastToRead(text, at, end) : at;
            for (int i = at; i < last; i++)
            {
                int digit = Han.IndexOf(text[i], StringComparison.Ordinal);
                if (digit >= 0) (changed ??= text.ToCharArray())[i] = Ascii[digit];
            }

            at = end;
        }

        return changed is null ? text : new string(changed);
    }

    // 13812345678一直打不通, 一三八…五六一直打不通: the 一 after a whole number is a word.
    private static int LastToRead(string text, int start, int end)
    {
        int digits = 0;
        int ascii = 0;
        bool mobile = false;
        for (int i = start; i < end; i++)
        {
            int digit = char.IsAsciiDigit(text[i]) ? text[i] - '0' : Han.IndexOf(text[i], StringComparison.Ordinal) is int at and >= 0 ? Ascii[at] - '0' : -1;
            if (digit < 0) continue;
            ascii = char.IsAsciiDigit(text[i]) ? ascii + 1 : 0;
            if (ascii >= Fewest) return start;
            if (digits == 0) mobile = digit == 1;
            if (digits == 1) mobile &= digit >= 3;
            digits++;
            if (digits == 11 && mobile && end - i <= 3) return i + 1;
        }

        return end;
    }

    // Groups of three or more may be parted by one sign; 一、二、三 is a list and no number.
    private static int RunEnd(string text, int start, out int digits)
    {
        int end = GroupEnd(text, start);
        digits = end - start;
        while (digits >= 3 && end + 1 < text.Length && text[end] is ' ' or '-' or '.' or '·' or '—' && IsDigit(text, end + 1))
        {
            int next = GroupEnd(text, end + 1);
            if (next - end - 1 < 3) break;
            digits += next - end - 1;
            end = next;
        }

        return end;
    }

    private static int GroupEnd(string text, int at)
    {
        int end = at;
        while (end < text.Length && IsDigit(text, end)) end++;
        return end;
    }

    // The letter O is a zero only beside digits.
    private static bool IsDigit(string text, int at) =>
        char.IsAsciiDigit(text[at])
        || (text[at] == 'O' ? at > 0 && (char.IsAsciiDigit(text[at - 1]) || text[at - 1] == 'O') && at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] == 'O')
            : text[at] > '\u2FFF' && Han.Contains(text[at], StringComparison.Ordinal));
}
