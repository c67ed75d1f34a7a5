namespace Opinion.Analysis.Redaction;

/// <summary>Finds marks of letters and digits: passports, permits, identity numbers of other places, WeChat and QQ handles. Linear in the text.</summary>
internal static class HandleScanner
{
    private const int LongestHandle = 30;

    // What follows 微信 or QQ and is no handle.
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "wechat", "weixin", "android", "iphone", "windows", "harmony", "alipay", "online", "applet", "service", "public", "mobile", "official", "version", "email", "phone", "number", "group",
    };

    internal static void Scan(string text, List<PersonalSpan> found)
    {
        for (int at = 0; at < text.Length;)
        {
            if (!char.IsAsciiLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            int end = at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-' or '*')) end++;
            if (end - at <= LongestHandle) ScanToken(text, at, end, found);
            at = end;
        }
    }

    private static void ScanToken(string text, int start, int end, List<PersonalSpan> found)
    {
        ReadOnlySpan<char> token = text.AsSpan(start, end - start);
        if (IsDocument(token, out PersonalKind kind))
        {
            found.Add(new PersonalSpan(start, end, kind));
        }
        else if (IsIslandId(token) || IsOldPermanentResidentId(token))
        {
            found.Add(new PersonalSpan(start, end, PersonalKind.ResidentId));
        }
        else if (SpacedDocument(text, start, end, out int documentEnd, out kind))
        {
            found.Add(new PersonalSpan(start, documentEnd, kind));
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

    // E 12345678, E1234 5678: the letters and then the digits in a few groups.
    private static bool SpacedDocument(string text, int start, int end, out int last, out PersonalKind kind)
    {
        Span<char> joined = stackalloc char[14];
        int length = 0;
        kind = default;
        last = end;
        if (!char.IsAsciiLetter(text[start]) || end - start > 10) return false;
        foreach (char c in text.AsSpan(start, end - start))
        {
            if (char.IsAsciiLetterOrDigit(c)) joined[length++] = c;
        }

        for (int groups = 0; groups < 4; groups++)
        {
            int next = last;
            if (next + 1 < text.Length && text[next] is ' ' or '.' or '·' && char.IsAsciiDigit(text[next + 1])) next++;
            else if (groups > 0 || length == end - start) break;
            while (next < text.Length && length < joined.Length && char.IsAsciiDigit(text[next])) joined[length++] = text[next++];
            if (next < text.Length && char.IsAsciiLetterOrDigit(text[next])) return false;
            last = next;
            bool said = Keywords.Before(text, start, Keywords.Passport) || Keywords.Before(text, start, Keywords.Permit) || Keywords.Before(text, start, Keywords.Document);
            // Without a keyword only the usual letters of a passport; T 12345678 may be anything.
            if (IsDocument(joined[..length], out kind) && (said || char.ToUpperInvariant(joined[0]) is 'E' or 'G')) return true;
        }

        return false;
    }

    /// <summary>Identity number of Taiwan: a letter, 1, 2, 8 or 9, eight digits, the last of them a check digit.</summary>
    private static bool IsIslandId(ReadOnlySpan<char> token)
    {
        if (token.Length != 10 || !char.IsAsciiLetter(token[0]) || token[1] is not ('1' or '2' or '8' or '9')) return false;
        if (token[1..].ContainsAnyExceptInRange('0', '9')) return false;
        const string Order = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
        int letter = 10 + Order.IndexOf(char.ToUpperInvariant(token[0]), StringComparison.Ordinal);
        int sum = (letter / 10) + (letter % 10 * 9);
        for (int i = 1; i < 10; i++) sum += (token[i] - '0') * (i == 9 ? 1 : 9 - i);
        return sum % 10 == 0;
    }

    // USA110190010123: the card of foreign permanent residents until 2023: country, place, date of birth, check digit.
    private static bool IsOldPermanentResidentId(ReadOnlySpan<char> token)
    {
        if (token.Length != 15 || token[3..].ContainsAnyExceptInRange('0', '9')) return false;
        for (int i = 0; i < 3; i++)
        {
            if (!char.IsAsciiLetter(token[i])) return false;
        }

        int month = ((token[9] - '0') * 10) + token[10] - '0';
        int day = ((token[11] - '0') * 10) + token[12] - '0';
        return month is >= 1 and <= 12 && day is >= 1 and <= 31;
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

        bool wxid = token.Length >= 8 && token.StartsWith("wxid", StringComparison.OrdinalIgnoreCase) && (token[4] is '_' or '-' || digits >= 2);
        if (wxid)
        {
            found.Add(new PersonalSpan(start, end, PersonalKind.WeChat));
            return;
        }

        bool saysQQ = Keywords.Before(text, start, Keywords.QQ);
        bool said = saysQQ || Keywords.Before(text, start, Keywords.WeChat);
        if (said && token.Length >= 6 && digits > 0 && digits < token.Length)
        {
            found.Add(new PersonalSpan(start, end, saysQQ ? PersonalKind.QQ : PersonalKind.WeChat));
            return;
        }

        // "vx13800138000", "QQ123456": the keyword and the handle make one token.
        foreach (string word in (ReadOnlySpan<string>)["weixin", "wechat", "vx", "wx", "qq", "v"])
        {
            ReadOnlySpan<char> handle = token[Math.Min(word.Length, token.Length)..];
            if (!token.StartsWith(word, StringComparison.OrdinalIgnoreCase) || handle.Length < 5) continue;
            bool number = !handle.ContainsAnyExceptInRange('0', '9');
            // vxabcdef: hardly any other word begins so; QQ is a number.
            if (!(number || (word.Length > 1 && (digits >= 2 || word is not "qq")) || Words.Contains(token.ToString()))) continue;
            if (word is "v" && handle.Length < 8) continue;
            found.Add(new PersonalSpan(start + word.Length, end, word is "qq" ? PersonalKind.QQ : PersonalKind.WeChat));
            return;
        }

        // Digits alone are the number scanner's.
        if (token.Length < 5 || digits == token.Length || !token.ContainsAnyExceptInRange('*', '9')) return;
        if (!said) return;
        // 微信app and 微信android版 are no handles; a handle has six signs at least.
        bool marked = digits > 0 || token.ContainsAny('_', '-', '*') || end == text.Length || !NameScanner.IsHan(text[end])
            || (start > 0 && text[start - 1] is ':' or '号' or '是' or '为' or '=' or '(' or ' ') || token.Length >= 6;
        if (marked && !Words.Contains(token.ToString())) found.Add(new PersonalSpan(start, end, saysQQ ? PersonalKind.QQ : PersonalKind.WeChat));
    }
}
