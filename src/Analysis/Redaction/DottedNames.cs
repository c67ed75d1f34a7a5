namespace Opinion.Analysis.Redaction;

/// <summary>Names that are no family name and given name of Han characters alone: 买买提·艾力, 陈X, 李**. Linear in the text.</summary>
internal static class DottedNames
{
    private const int LongestPart = 6;

    // Characters that write the sounds of Uyghur, Kazakh, Tibetan, Mongolian names; estates and firms with a dot have others.
    private const string Sounds = "阿艾买提木江尔古丽娜孜依布拉力克热吾甫吐逊赛麦斯卡哈巴合叶库尼亚肉迪玉努扎西卓玛次仁多吉格桑旺堆巴特乌云其木苏日娅汗别苏德列";

    /// <summary>Finds them. <paramref name="cues"/> holds for every place what the words before it say for a name.</summary>
    internal static void Scan(string text, float[] cues, List<PersonalSpan> found)
    {
        for (int dot = text.AsSpan().IndexOfAny('·', '•', '・'); dot >= 0;)
        {
            int start = dot;
            while (start > 0 && dot - start < LongestPart && NameScanner.IsHan(text[start - 1]) && cues[start] == 0) start--;
            int end = dot + 1;
            while (end < text.Length && end - dot <= LongestPart && NameScanner.IsHan(text[end])) end++;
            bool cue = cues[start] >= 3;
            if (dot - start >= 1 && end - dot >= 2)
            {
                int left = SoundsBefore(text, start, dot);
                int right = SoundsAfter(text, dot + 1, end);
                if (cue && dot - start <= 5) found.Add(new PersonalSpan(start, right >= 2 ? dot + 1 + right : end, PersonalKind.Name));
                else if (left >= 2 && right >= 2) found.Add(new PersonalSpan(dot - left, dot + 1 + right, PersonalKind.Name));
            }

            int next = text.AsSpan(dot + 1).IndexOfAny('·', '•', '・');
            dot = next < 0 ? -1 : dot + 1 + next;
        }
    }

    private static int SoundsBefore(string text, int start, int dot)
    {
        int at = dot;
        while (at > start && Sounds.Contains(text[at - 1], StringComparison.Ordinal)) at--;
        return dot - at;
    }

    private static int SoundsAfter(string text, int start, int end)
    {
        int at = start;
        while (at < end && Sounds.Contains(text[at], StringComparison.Ordinal)) at++;
        return at - start;
    }
}
