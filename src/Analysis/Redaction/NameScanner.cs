using System.Runtime.InteropServices;
using Opinion.Analysis.Segmentation;

namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds persons' names: where the writer names somebody (我叫…, 联系人:…), with a title (…先生, …老师), and bare ones that
/// are likelier names than words. What is a name in one place of a text is one in its other places, and so is its
/// neighbour in a list. Linear in the text.
/// </summary>
internal sealed class NameScanner(SurnameTable surnames, NameTable names, WordList words)
{
    private const double Enough = 0.5;

    // How a second place of the same name, the same characters before 公司 elsewhere, and a neighbour in a list change the odds.
    private const double SameName = 60;
    private const double SameBody = 100;
    private const double Neighbour = 10;

    private const string Greetings = "您好";

    private readonly NameLattice _lattice = new(surnames, names, words);

    internal void Scan(string text, List<PersonalSpan> found)
    {
        float[] cues = FindCues(text);
        var candidates = new List<NameCandidate>();
        for (int at = 0; at < text.Length;)
        {
            if (!IsHan(text[at]))
            {
                at++;
                continue;
            }

            int end = at + 1;
            while (end < text.Length && IsHan(text[end])) end++;
            _lattice.Weigh(text, at, end, cues, candidates);
            at = end;
        }

        Choose(text, candidates, found);
        DottedNames.Scan(text, cues, found);
        MaskedNames.Scan(text, surnames, names, cues, found);
        MaskedNames.ScanApart(text, surnames, names, found);
    }

    internal static bool IsHan(char c) => c is >= '\u3400' and <= '\u9FFF';

    private static float[] FindCues(string text)
    {
        var cues = new float[text.Length + 1];
        for (int at = 0; at < text.Length; at++)
        {
            if (!IsHan(text[at])) continue;
            if (NameCues.Before.TryMatch(text, at, out int length, out float strength))
            {
                int start = at + length;
                // The signature stands after the closing words, often on the next line.
                bool closing = (text[at] is '敬' && text[at + 1] != '爱') || (text[at] == '此' && length > 2);
                while (start < text.Length && start - at - length < 6 && IsBetween(text[start], closing)) start++;
                if (closing) strength = NameCues.Signed;
                else if (strength >= 7 && (NameCues.AsksByItself(text.AsSpan(at, length)) || (start > at + length && text[start - 1] is not '为'))) strength = NameCues.Asked;
                cues[start] = Math.Max(cues[start], strength);
            }

            if (at + 1 < text.Length && text[at + 1] is '是' or '系' && (text[at] == '我' || (text[at] == '人' && at > 0 && text[at - 1] == '本'))) AddOwnClause(text, at + 2, cues);
            if (text[at] is '您' or '你' && at + 1 < text.Length && text[at + 1] == '好') AddGreeting(text, at, cues);
        }

        AddSignature(text, cues);
        return cues;
    }

    private static bool IsBetween(char c, bool closing) =>
        c is ':' or ' ' or '是' or '为' or '叫' or '(' or '"' or '“' or '\u3000' or '\t' || (closing && (char.IsWhiteSpace(c) || c is '!' or ',' or '.' or '。'));

    // 我是某县某村三组张三,…: the clause in which somebody says who he is ends with his name, if it has one.
    private static void AddOwnClause(string text, int start, float[] cues)
    {
        const int Longest = 24;
        int end = start;
        while (end < text.Length && end - start <= Longest && (IsHan(text[end]) || char.IsAsciiLetterOrDigit(text[end]))) end++;
        if (end - start is < 4 or > Longest) return;
        for (int length = 2; length <= 3; length++) cues[end - length] = Math.Max(cues[end - length], 3.5f);
    }

    // 王建国您好 and 尊敬的王建国: a letter or an answer opens with the name alone.
    private static void AddGreeting(string text, int at, float[] cues)
    {
        int start = at;
        while (start > 0 && at - start < 4 && IsHan(text[start - 1])) start--;
        if (at - start is >= 2 and <= 4 && !NameCues.IsSeldomLast(text[at - 1]) && (start == 0 || !IsHan(text[start - 1]))) cues[start] = Math.Max(cues[start], 9f);
    }

    // The last name of a letter, before its date and number, is the writer's.
    private static void AddSignature(string text, float[] cues)
    {
        const int Furthest = 80;
        int at = text.Length;
        while (at > 0 && text.Length - at < Furthest && (!IsHan(text[at - 1]) || text[at - 1] is '年' or '月' or '日' or '曰' or '号' || IsOfHanDate(text, at - 1))) at--;
        int end = at;
        while (at > 0 && end - at < 5 && IsHan(text[at - 1])) at--;
        // After closing words and with nothing behind it but a date, it is one whatever it begins with.
        if (end - at is >= 2 and <= 4) cues[at] = cues[at] >= NameCues.Signed ? NameCues.Asked : Math.Max(cues[at], 4f);
    }

    // 二〇一九年三月五日: a Han digit before 年, 月 or 日, or before another such digit. 张三 on a line of its own is none.
    private static bool IsOfHanDate(string text, int at) =>
        IsDateDigit(text[at]) && at + 1 < text.Length && (text[at + 1] is '年' or '月' or '日' or '号' || (IsDateDigit(text[at + 1]) && IsOfHanDate(text, at + 1)));

    private static bool IsDateDigit(char c) => c is '〇' or '○' or '零' or '一' or '二' or '三' or '四' or '五' or '六' or '七' or '八' or '九' or '十';

    private static void Choose(string text, List<NameCandidate> candidates, List<PersonalSpan> found)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        var bodies = new Dictionary<string, int>(StringComparer.Ordinal);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> bodyLookup = bodies.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (NameCandidate candidate in candidates)
        {
            if (candidate.Whole && candidate.Likelihood >= 0.8) lookup.Add(text.AsSpan(candidate.Start, candidate.End - candidate.Start));
            // Above zero where most places of the characters are the front of a firm or an estate.
            if (candidate.Whole) CollectionsMarshal.GetValueRefOrAddDefault(bodyLookup, text.AsSpan(candidate.Start, candidate.End - candidate.Start), out _) += candidate.Body ? 1 : -1;
        }

        double[] odds = new double[candidates.Count];
        for (int i = 0; i < odds.Length; i++)
        {
            NameCandidate candidate = candidates[i];
            odds[i] = candidate.Likelihood / Math.Max(1e-9, 1 - candidate.Likelihood);
            if (!candidate.Whole) continue;
            ReadOnlySpan<char> name = text.AsSpan(candidate.Start, candidate.End - candidate.Start);
            if (bodyLookup.TryGetValue(name, out int places) && places > 0) odds[i] /= SameBody;
            else if (lookup.Contains(name)) odds[i] *= SameName;
        }

        int[] byEnd = new int[text.Length + 1];
        Sweep(text, candidates, odds, byEnd, forward: true);
        Sweep(text, candidates, odds, byEnd, forward: false);
        int last = 0;
        for (int i = 0; i < candidates.Count;)
        {
            // Of candidates that overlap the likeliest stands for all; the longer one where they are alike.
            int best = -1;
            int end = candidates[i].End;
            int next = i;
            for (; next < candidates.Count && candidates[next].Start < end; next++)
            {
                if (odds[next] < Enough / (1 - Enough) || candidates[next].Start < last) continue;
                if (best >= 0 && odds[next] <= odds[best]) continue;
                best = next;
            }

            if (best >= 0)
            {
                found.Add(new PersonalSpan(candidates[best].Start, candidates[best].End, PersonalKind.Name));
                last = candidates[best].End;
            }

            i = Math.Max(next, i + 1);
        }
    }

    // 张三、李四 and 张三和李四: a name beside a joint has a name on the other side of it.
    private static void Sweep(string text, List<NameCandidate> candidates, double[] odds, int[] sure, bool forward)
    {
        Array.Clear(sure);
        int from = forward ? 0 : candidates.Count - 1;
        int step = forward ? 1 : -1;
        for (int i = from; i >= 0 && i < candidates.Count; i += step)
        {
            NameCandidate candidate = candidates[i];
            if (!candidate.Whole) continue;
            int joint = forward ? candidate.Start - 1 : candidate.End;
            int other = forward ? joint : joint + 1;
            if (joint >= 0 && joint < text.Length && NameCues.Joints.Contains(text[joint], StringComparison.Ordinal) && sure[other] > 0) odds[i] *= Neighbour;
            if (odds[i] >= 4) sure[forward ? candidate.End : candidate.Start] = 1;
        }
    }
}
