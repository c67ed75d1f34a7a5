namespace Opinion.Analysis.Redaction;

/// <summary>Finds names of which somebody hid a part: 周x兰, 何*明, 王**, 李××. The family name still tells. Linear in the text.</summary>
internal static class MaskedNames
{
    internal static void Scan(string text, SurnameTable surnames, NameTable names, float[] cues, List<PersonalSpan> found)
    {
        for (int at = 0; at + 1 < text.Length; at++)
        {
            if (!IsHidden(text[at + 1]) || !NameScanner.IsHan(text[at]) || surnames.LengthAt(text.AsSpan(at, 1)) != 1) continue;
            int end = at + 1;
            while (end < text.Length && end - at <= 3 && IsHidden(text[end])) end++;
            int hidden = end - at - 1;
            // A long row hides something else, and 高x宽 is a size.
            if (hidden > 2 || (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))) continue;
            bool given = hidden == 1 && end < text.Length && NameScanner.IsHan(text[end]) && !NameCues.Titles.IsAt(text, end);
            bool usual = given && names.IsUsual(text[end]);
            bool common = names.Family(text[at]) > -6f;
            bool announced = cues[at] >= 3 || NameCues.Titles.IsAt(text, end);
            bool alone = end == text.Length || !NameScanner.IsHan(text[end]);
            if (announced || (common && (usual || alone) && (at == 0 || !IsHidden(text[at - 1])))) found.Add(new PersonalSpan(at, usual ? end + 1 : end, PersonalKind.Name));
        }
    }

    /// <summary>张 三: a name of two characters drawn apart, as in a list of signatures, with nothing else on either side.</summary>
    internal static void ScanApart(string text, SurnameTable surnames, NameTable names, List<PersonalSpan> found)
    {
        for (int at = 0; at + 2 < text.Length; at++)
        {
            if (!(text[at + 1] is ' ' or '\u3000') || !NameScanner.IsHan(text[at]) || (at > 0 && NameScanner.IsHan(text[at - 1]))) continue;
            if (surnames.LengthAt(text.AsSpan(at, 1)) != 1 || names.Family(text[at]) < -7f) continue;
            int given = at + 2;
            while (given < text.Length && given - at < 6 && text[given] is ' ' or '\u3000') given++;
            if (given >= text.Length || !names.IsUsual(text[given])) continue;
            if (given + 1 == text.Length || !NameScanner.IsHan(text[given + 1]) || NameCues.Titles.IsAt(text, given + 1)) found.Add(new PersonalSpan(at, given + 1, PersonalKind.Name));
        }
    }

    private static bool IsHidden(char c) => c is '*' or 'x' or 'X' or '×' or '○' or '〇' or '●' or '□';
}
