namespace Opinion.Analysis.Redaction;

/// <summary>Finds marks that hold letters: e-mail addresses, plates, passports, permits, WeChat and QQ handles. Linear in the text.</summary>
internal static class HandleScanner
{
    private const int LongestHandle = 30;

    internal static void Scan(string text, RegionTable regions, List<PersonalSpan> found)
    {
        ScanMail(text, found);
        for (int at = 0; at < text.Length;)
        {
            if (regions.IsPlate(text[at]) && PlateEnd(text, at) is int plateEnd and > 0)
            {
                found.Add(new PersonalSpan(at, plateEnd, PersonalKind.Plate));
                at = plateEnd;
                continue;
            }

            if (!char.IsAsciiLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            int end = at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-')) end++;
            ScanToken(text, at, end, found);
            at = end;
        }
    }

    // Stretches between two @ signs are looked at twice at most.
    private static void ScanMail(string text, List<PersonalSpan> found)
    {
        for (int sign = text.IndexOf('@', StringComparison.Ordinal); sign >= 0; sign = text.IndexOf('@', sign + 1))
        {
            int left = sign;
            while (left > 0 && text[left - 1] == ' ' && sign - left < 2) left--;
            int start = left;
            while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '%' or '+' or '-')) start--;
            int right = sign + 1;
            while (right < text.Length && text[right] == ' ' && right - sign < 3) right++;
            int end = right;
            int lastDot = -1;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '.'))
            {
                if (text[end] == '.')
                {
                    if (end == right || text[end - 1] == '.') break;
                    lastDot = end;
                }

                end++;
            }

            if (end > right && text[end - 1] == '.')
            {
                // A full stop after the address is not part of it.
                end--;
                lastDot = text.AsSpan(right, end - right).LastIndexOf('.');
                lastDot = lastDot < 0 ? -1 : right + lastDot;
            }

            if (start == left || lastDot < 0 || end - lastDot < 3 || !char.IsAsciiLetter(text[lastDot + 1])) continue;
            found.Add(new PersonalSpan(start, end, PersonalKind.Email));
        }
    }

    // Province, letter, then five signs (six for electric cars), or four and one of 挂学警港澳; a dot may stand after the letter.
    private static int PlateEnd(string text, int at)
    {
        int letter = at + 1;
        if (letter < text.Length && text[letter] == ' ') letter++;
        if (letter >= text.Length || !char.IsAsciiLetter(text[letter])) return 0;
        int start = letter + 1;
        while (start < text.Length && start - letter < 3 && text[start] is '·' or '•' or '.' or '-' or ' ' or '・') start++;
        int end = start;
        int digits = 0;
        while (end < text.Length && end - start < 7 && char.IsAsciiLetterOrDigit(text[end]))
        {
            if (char.IsAsciiDigit(text[end])) digits++;
            end++;
        }

        int length = end - start;
        bool tail = end < text.Length && text[end] is '挂' or '学' or '警' or '港' or '澳' or '试' or '超';
        if (digits == 0) return 0;
        if (length is 5 or 6) return tail && length == 5 ? end + 1 : end;
        return length == 4 && tail ? end + 1 : 0;
    }

    private static void ScanToken(string text, int start, int end, List<PersonalSpan> found)
    {
        ReadOnlySpan<char> token = text.AsSpan(start, end - start);
        if (IsDocument(token, out PersonalKind kind))
        {
            found.Add(new PersonalSpan(start, end, kind));
        }
        else if (IsHongKongId(text, start, out int idEnd))
        {
            found.Add(new PersonalSpan(start, idEnd, PersonalKind.ResidentId));
        }
        else
        {
            ScanAnnounced(text, start, end, found);
        }
    }

    /// <summary>Shapes that need no keyword: mainland passports, permits for Hong Kong, Macau and Taiwan.</summary>
    private static bool IsDocument(ReadOnlySpan<char> token, out PersonalKind kind)
    {
        kind = PersonalKind.Passport;
        int letters = 0;
        while (letters < token.Length && char.IsAsciiLetter(token[letters])) letters++;
        ReadOnlySpan<char> digits = token[letters..];
        if (letters is 0 or > 2 || digits.ContainsAnyExceptInRange('0', '9')) return false;
        char first = char.ToUpperInvariant(token[0]);
        if (first is 'C' or 'W' or 'H' or 'M' or 'T' or 'L') kind = PersonalKind.TravelPermit;
        if (letters == 1)
        {
            return (digits.Length == 8 && first is 'C' or 'D' or 'E' or 'G' or 'H' or 'K' or 'L' or 'M' or 'P' or 'S' or 'T' or 'W')
                || (digits.Length == 10 && first is 'H' or 'M');
        }

        return digits.Length == 7 && first is 'C' or 'D' or 'E' or 'H' or 'K' or 'M' or 'P' or 'S';
    }

    // A123456(7): one or two letters, six digits, a check character in brackets.
    private static bool IsHongKongId(string text, int start, out int end)
    {
        int at = start;
        while (at < text.Length && at - start < 2 && char.IsAsciiLetter(text[at])) at++;
        int letters = at - start;
        while (at < text.Length && at - start - letters < 6 && char.IsAsciiDigit(text[at])) at++;
        end = at + 3;
        return letters > 0 && at - start - letters == 6 && end <= text.Length
            && text[at] == '(' && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] is 'A' or 'a') && text[at + 2] == ')';
    }

    private static void ScanAnnounced(string text, int start, int end, List<PersonalSpan> found)
    {
        ReadOnlySpan<char> token = text.AsSpan(start, end - start);
        int digits = 0;
        foreach (char c in token)
        {
            if (char.IsAsciiDigit(c)) digits++;
        }

        if (token.Length > LongestHandle) return;
        if (token.Length is >= 6 && digits >= 5)
        {
            PersonalKind? kind = Keywords.Before(text, start, Keywords.Passport) ? PersonalKind.Passport
                : Keywords.Before(text, start, Keywords.Permit) ? PersonalKind.TravelPermit
                : Keywords.Before(text, start, Keywords.Document) ? PersonalKind.ResidentId : null;
            if (kind is PersonalKind known)
            {
                found.Add(new PersonalSpan(start, end, known));
                return;
            }
        }

        // "vx13800138000", "QQ123456": the keyword and the handle make one token.
        foreach (string word in (ReadOnlySpan<string>)["weixin", "wechat", "vx", "wx", "qq", "v"])
        {
            ReadOnlySpan<char> handle = token[Math.Min(word.Length, token.Length)..];
            if (!token.StartsWith(word, StringComparison.OrdinalIgnoreCase) || handle.Length < 5) continue;
            bool number = !handle.ContainsAnyExceptInRange('0', '9');
            if (!(number || (word.Length > 1 && digits >= 2))) continue;
            if (word is "v" && handle.Length < 8) continue;
            found.Add(new PersonalSpan(start + word.Length, end, word is "qq" ? PersonalKind.QQ : PersonalKind.WeChat));
            return;
        }

        if (token.Length < 5 || !char.IsAsciiLetter(token[0])) return;
        bool qq = Keywords.Before(text, start, Keywords.QQ);
        if (!qq && !Keywords.Before(text, start, Keywords.WeChat)) return;
        // A word such as "android" in 微信android版 is no handle.
        bool marked = digits > 0 || token.ContainsAny('_', '-') || end == text.Length || text[end] < '\u4E00' || text[end] > '\u9FFF' || (start > 0 && text[start - 1] is ':' or '号' or '是' or '为' or '=' or '(' or ' ');
        bool isKeyword = token.Equals("wechat", StringComparison.OrdinalIgnoreCase) || token.Equals("weixin", StringComparison.OrdinalIgnoreCase);
        if (marked && !isKeyword) found.Add(new PersonalSpan(start, end, qq ? PersonalKind.QQ : PersonalKind.WeChat));
    }
}
