namespace Opinion.Analysis.Redaction;

/// <summary>What makes a run of ASCII digits a number of some kind.</summary>
internal static class NumberRules
{
    // There is no clock here. A fixed upper bound is enough to tell a date of birth from any other digits.
    private const int FirstBirthYear = 1880;
    private const int LastBirthYear = 2040;

    private static ReadOnlySpan<int> IdWeights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>GB 11643-1999: 17 digits and a check character by ISO 7064 MOD 11-2, a known region, a date of birth.</summary>
    internal static bool IsResidentId(ReadOnlySpan<char> id, RegionTable regions)
    {
        if (id.Length != 18) return false;
        // The card of a foreign permanent resident since 2023 has a 9 before the province and a country after it.
        if (id[0] == '9' ? !regions.IsRegion(id[1], id[2]) : !regions.IsRegion(id[0], id[1])) return false;
        int year = Number(id[6..10]);
        if (year is < FirstBirthYear or > LastBirthYear || !IsDate(year, Number(id[10..12]), Number(id[12..14]))) return false;
        int sum = 0;
        for (int i = 0; i < 17; i++) sum += (id[i] - '0') * IdWeights[i];
        return id[17] == "10X98765432"[sum % 11];
    }

    /// <summary>The form until 1999: region, date of birth with a year of two digits, sequence; no check digit.</summary>
    internal static bool IsOldResidentId(ReadOnlySpan<char> id, RegionTable regions) =>
        id.Length == 15 && regions.IsRegion(id[0], id[1]) && IsDate(1900 + Number(id[6..8]), Number(id[8..10]), Number(id[10..12]));

    /// <summary>A mainland mobile number: 11 digits from 13 to 19, and 92 and 98, which are set aside for the same use.</summary>
    internal static bool IsMobile(ReadOnlySpan<char> d) =>
        d.Length == 11 && ((d[0] == '1' && d[1] is >= '3' and <= '9') || (d[0] == '9' && d[1] is '2' or '8'));

    /// <summary>A mobile number with the country's prefix 86 or 0086.</summary>
    internal static bool IsPrefixedMobile(ReadOnlySpan<char> d) =>
        (d.Length == 13 && d.StartsWith("86", StringComparison.Ordinal) && IsMobile(d[2..]))
        || (d.Length == 15 && d.StartsWith("0086", StringComparison.Ordinal) && IsMobile(d[4..]));

    /// <summary>A fixed-line number with its area code, with or without the country's prefix.</summary>
    internal static bool IsLandline(ReadOnlySpan<char> d)
    {
        if (d.StartsWith("0086", StringComparison.Ordinal)) d = d[4..];
        else if (d.StartsWith("86", StringComparison.Ordinal) && d.Length >= 12) d = d[2..];
        else if (d.Length == 0 || d[0] != '0') return false;
        if (d.Length > 0 && d[0] == '0') d = d[1..];
        if (d.Length < 9) return false;
        int area = d[0] switch { '1' => d[1] == '0' ? 2 : 0, '2' => 2, >= '3' and <= '9' => 3, _ => 0 };
        if (area == 0) return false;
        ReadOnlySpan<char> local = d[area..];
        return local[0] is >= '2' and <= '8' && (local.Length == 8 || (area == 3 && local.Length == 7));
    }

    /// <summary>
    /// A payment card: length and first digits of an issuer (ISO/IEC 7812; UnionPay 62 and the older mainland ranges,
    /// Visa, Mastercard, JCB, American Express, Diners Club, Discover) and the check digit of Luhn (1960).
    /// </summary>
    internal static bool IsCard(ReadOnlySpan<char> d)
    {
        if (d.Length is < 13 or > 19) return false;
        int two = Number(d[..2]);
        int four = Number(d[..4]);
        bool issuer = d.Length switch
        {
            13 => d[0] == '4',
            14 => two is 36 or 38 or 39 || four is >= 3000 and <= 3059,
            15 => two is 34 or 37,
            16 => d[0] == '4' || two is >= 51 and <= 55 or 62 or 60 or 65 or 35 or 64 or 81 or 90 or 94 or 95 or 98 or 68 or 69 or 84 or 87
                || four is >= 2221 and <= 2720,
            _ => (d[0] == '4' && d.Length == 19) || two is 62 or 60 or 95 or 90 or 94 or 98 or 68 or 69 or 84 or 87 or 81 or 56 or 58 or 40 || d[..3] is "103" or "100",
        };
        return issuer && PassesLuhn(d);
    }

    /// <summary>A number of a firm's free or shared-cost line (400, 800): no person's, so it stays readable.</summary>
    internal static bool IsServiceLine(ReadOnlySpan<char> d) =>
        d.Length == 10 && (d.StartsWith("400", StringComparison.Ordinal) || d.StartsWith("800", StringComparison.Ordinal));

    private static bool PassesLuhn(ReadOnlySpan<char> d)
    {
        int sum = 0;
        for (int i = 0; i < d.Length; i++)
        {
            int digit = d[^(i + 1)] - '0';
            if (i % 2 == 1) digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return sum % 10 == 0;
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        int number = 0;
        foreach (char digit in digits) number = (number * 10) + digit - '0';
        return number;
    }

    private static bool IsDate(int year, int month, int day) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
}
