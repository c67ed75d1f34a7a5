using System.Buffers;
using Opinion.Analysis.Segmentation;

namespace Opinion.Analysis.Redaction;

/// <summary>A stretch that may be a name, and how likely it is one where it stands (0 to 1).</summary>
/// <param name="Start">First character.</param>
/// <param name="End">One past the last.</param>
/// <param name="Likelihood">From 0 to 1; while it is being weighed, the logarithm of a score.</param>
/// <param name="Whole">Whether it has a given name.</param>
/// <param name="Body">Whether the word after it makes a firm, an estate or a place of it.</param>
internal readonly record struct NameCandidate(int Start, int End, double Likelihood, bool Whole, bool Body = false);

/// <summary>
/// Weighs names against words. Every way to cut a run of Han characters into words of the list and persons' names has a
/// probability: a word its frequency, a name that of its characters times that of a name being there at all, which cues
/// before and titles after it raise. The likelihood of a name is the share of the ways it is part of, computed by the
/// forward-backward algorithm. The class model of J. Gao, M. Li, A. Wu, C.-N. Huang, "Chinese word segmentation and
/// named entity recognition: a pragmatic approach", Computational Linguistics 31 (2005), with persons as its only class
/// and words taken as independent. Looks at most at <see cref="LongestWord"/> characters from any place: linear.
/// </summary>
internal sealed class NameLattice(SurnameTable surnames, NameTable names, WordList words)
{
    private const int LongestWord = 4;

    // Logarithms, chosen on the half of the labels meant for it. About one word in 700 of a letter is a name.
    private const double Bare = -6.5;
    private const double PersonTitle = 8.0;
    private const double OfficeTitle = 6.0;
    private const double FamilyWithTitle = -2.0;
    private const double FamilyWithShortTitle = -4.0;
    private const double FamilyNamed = -1.5;
    private const double FamiliarName = -8.0;
    private const double Standing = 2.0;
    private const double Described = 3.5;
    private const double BeforeBody = -6.0;
    private const double SeldomLast = -6.0;
    private const double BeforeEstate = -3.0;
    private const double AfterPlace = -2.5;
    private const double Unfamiliar = -4.0;
    private const double AskedAlone = 5.0;
    private const int UsualWord = 3000;
    private const double MostPrior = 2.0;
    private const double LeastLikelihood = 0.002;

    private readonly double _total = Math.Log(words.Total);

    /// <summary>Weighs the names of one run of Han characters.</summary>
    /// <param name="text">The text, normalised and folded.</param>
    /// <param name="start">First character of the run.</param>
    /// <param name="end">One past its last.</param>
    /// <param name="cues">For every place of the text what the words before it add to the logarithm of the odds of a name.</param>
    /// <param name="found">Takes the candidates with a likelihood worth telling.</param>
    internal void Weigh(string text, int start, int end, float[] cues, List<NameCandidate> found)
    {
        int length = end - start;
        int first = found.Count;
        AddCandidates(text, start, end, cues, found);
        if (found.Count == first) return;
        double[] forward = ArrayPool<double>.Shared.Rent(length + 1);
        double[] backward = ArrayPool<double>.Shared.Rent(length + 1);
        double[] wordScores = ArrayPool<double>.Shared.Rent(length * LongestWord);
        try
        {
            ScoreWords(text.AsSpan(start, length), wordScores);
            int most = found.Count;
            Array.Fill(forward, double.NegativeInfinity, 0, length + 1);
            Array.Fill(backward, double.NegativeInfinity, 0, length + 1);
            forward[0] = 0;
            int name = first;
            for (int at = 0; at < length; at++)
            {
                for (int n = 1; n <= LongestWord && at + n <= length; n++) Add(ref forward[at + n], forward[at] + wordScores[(at * LongestWord) + n - 1]);
                for (; name < most && found[name].Start - start == at; name++) Add(ref forward[found[name].End - start], forward[at] + found[name].Likelihood);
            }

            backward[length] = 0;
            name = most - 1;
            for (int at = length - 1; at >= 0; at--)
            {
                for (int n = 1; n <= LongestWord && at + n <= length; n++) Add(ref backward[at], backward[at + n] + wordScores[(at * LongestWord) + n - 1]);
                for (; name >= first && found[name].Start - start == at; name--) Add(ref backward[at], backward[found[name].End - start] + found[name].Likelihood);
            }

            int kept = first;
            for (name = first; name < most; name++)
            {
                NameCandidate candidate = found[name];
                double likelihood = Math.Exp(forward[candidate.Start - start] + candidate.Likelihood + backward[candidate.End - start] - forward[length]);
                if (likelihood >= LeastLikelihood) found[kept++] = candidate with { Likelihood = Math.Min(1, likelihood) };
            }

            found.RemoveRange(kept, most - kept);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(forward);
            ArrayPool<double>.Shared.Return(backward);
            ArrayPool<double>.Shared.Return(wordScores);
        }
    }

    private static void Add(ref double sum, double term)
    {
        double low = Math.Min(sum, term);
        double high = Math.Max(sum, term);
        // Less than a part in a thousand million does not show.
        sum = high - low < 20 ? high + Math.Log(1 + Math.Exp(low - high)) : high;
    }

    private void ScoreWords(ReadOnlySpan<char> run, double[] scores)
    {
        for (int at = 0; at < run.Length; at++)
        {
            for (int n = 1; n <= LongestWord; n++)
            {
                double score = double.NegativeInfinity;
                if (at + n <= run.Length)
                {
                    ReadOnlySpan<char> word = run.Slice(at, n);
                    int frequency = words.Frequency(word);
                    // Every character may stand by itself, known or not.
                    if (frequency == 0 && n == 1) frequency = 1;
                    if (n > 1 && frequency < UsualWord && NameCues.Words.TryMatch(run, at, out int known, out _) && known == n) frequency = UsualWord;
                    if (frequency > 0 && !(n > 1 && IsName(word, frequency))) score = Math.Log(frequency) - _total;
                }

                scores[(at * LongestWord) + n - 1] = score;
            }
        }
    }

    /// <summary>
    /// Whether what the list tags as a person is a private person's name in truth, or a family name with its title. Well
    /// known names (over a thousand times in the corpus of the list) are those of history and stay words.
    /// </summary>
    private bool IsName(ReadOnlySpan<char> word, int frequency)
    {
        if (frequency > 1000 || !words.IsPersonName(word)) return false;
        int family = surnames.LengthAt(word);
        if (family == 0) return false;
        ReadOnlySpan<char> given = word[family..];
        if (given.Length is 0 or > 2) return false;
        // The list tags many words of two characters as persons (许可, 范畴); only after these family names it is to be believed.
        if (word.Length == 2 && !"王李张刘杨赵吴徐孙郭朱".Contains(word[0], StringComparison.Ordinal)) return false;
        return NameCues.Titles.TryMatch(given, 0, out int length, out _) ? length == given.Length : AreUsual(given);
    }

    private bool AreUsual(ReadOnlySpan<char> given)
    {
        foreach (char c in given)
        {
            if (!names.IsUsual(c)) return false;
        }

        return true;
    }

    private void AddCandidates(string text, int start, int end, float[] cues, List<NameCandidate> found)
    {
        for (int at = start; at < end; at++)
        {
            if (text[at] is '小' or '老' or '阿' && at + 2 <= end && surnames.LengthAt(text.AsSpan(at + 1, 1)) == 1)
            {
                // 老马说 is somebody, 老马路 is a street.
                double next = TitleAt(text, at + 2, out _) ? 2 : at + 2 < end && !"说在是的给让找来去和与叫把被也就都问".Contains(text[at + 2], StringComparison.Ordinal) ? -3 : 0;
                found.Add(new NameCandidate(at, at + 2, FamiliarName + next + Math.Min(cues[at], 3) + names.Family(text[at + 1]), false));
            }

            int most = surnames.LengthAt(text.AsSpan(at, Math.Min(2, end - at)));
            if (most == 0)
            {
                // 姓名:阿依古丽 - what stands alone after such a word is a name whatever it begins with.
                if (cues[at] is >= 7 and not NameCues.Signed && end - at is >= 2 and <= 4 && at > 0 && !IsNoName(text, at, end) && (cues[at] >= NameCues.Asked || !NameScanner.IsHan(text[at - 1])))
                {
                    found.Add(new NameCandidate(at, end, Unfamiliar - (6 * (end - at)) + (IsAskedAlone(text, at, end, end, cues[at]) ? AskedAlone : 0), true));
                }

                continue;
            }

            // 王张国平: some bear the family names of both parents.
            if (most == 1 && cues[at] >= NameCues.Asked && end - at == 4 && surnames.LengthAt(text.AsSpan(at + 1, 1)) == 1) AddWith(text, start, at, end, 2, cues[at], found);

            // 欧阳 is a family name, and so is the first character of 司马 in some names.
            for (int family = most; family >= 1; family--)
            {
                if (family == 1 && most == 2 && surnames.LengthAt(text.AsSpan(at, 1)) == 0) continue;
                AddWith(text, start, at, end, family, cues[at], found);
            }
        }
    }

    private void AddWith(string text, int start, int at, int end, int family, double cue, List<NameCandidate> found)
    {
        double score = family == 2 ? NameTable.CompoundFamily : names.Family(text[at]);
        // 欧阳慕容先生 is one name, whose given name is a family name elsewhere; two readings of it would share the likelihood.
        bool isGiven = at - start >= 2 && surnames.LengthAt(text.AsSpan(at - 2, 2)) == 2;
        if (TitleAt(text, at + family, out bool shortTitle) && !isGiven)
        {
            found.Add(new NameCandidate(at, at + family, score + (shortTitle ? FamilyWithShortTitle : FamilyWithTitle) + Math.Min(cue, 1), false));
        }
        else if (at > 0 && text[at - 1] == '姓' && (at + family >= end || text[at + family] is '的' or '先' or '女' or '男' or '老' or '业' or '工' or '师'))
        {
            found.Add(new NameCandidate(at, at + family, score + FamilyNamed, false));
        }

        for (int given = 1; given <= 2 && at + family + given <= end; given++)
        {
            int after = at + family + given;
            double prior = Bare + cue;
            bool body = false;
            if (NameCues.Titles.TryMatch(text, after, out _, out bool personal)) prior += personal ? PersonTitle : OfficeTitle;
            else if (TitleAt(text, after, out _)) prior += OfficeTitle;
            else if (body = after < end && (NameCues.IsSuffix(text[after]) || NameCues.Bodies.IsAt(text, after))) prior += BeforeBody;
            // 金水镇, 张庄村.
            double ending = NameCues.IsSeldomLast(text[after - 1]) ? SeldomLast : 0;
            if (!body && NameCues.LeadsToEstate(text, after, end)) prior += BeforeEstate;
            if (at > 0 && text[at - 1] is '省' or '市' or '县' or '区' or '镇' or '州') prior += AfterPlace;
            if (at == start && after == end) prior += Standing;
            if (NameCues.IsDescribed(text, after)) prior += Described;
            prior = Math.Min(prior, MostPrior) + (IsAskedAlone(text, at, after, end, cue) ? AskedAlone : 0);
            found.Add(new NameCandidate(at, after, score + prior + ending + names.Given(text.AsSpan(at + family, given)), true, body));
        }
    }

    // 我叫高峰。 联系人:文艺 - where a name is asked for, what stands there alone is one, though it may be a word elsewhere.
    private static bool IsAskedAlone(string text, int at, int after, int end, double cue) =>
        cue >= NameCues.Signed && after == end && end - at <= 3 && text[at] is not ('我' or '你' or '他' or '她') && !IsNoName(text, at, end) && !NameCues.IsSuffix(text[end - 1]) && !NameCues.Bodies.IsAt(text, end - 2);

    private static bool IsNoName(string text, int at, int end) => NameCues.NoNames.TryMatch(text, at, out int length, out _) && at + length == end;

    /// <summary>Whether a title begins at a place, with or without 副 before it; one of a single character is short.</summary>
    private static bool TitleAt(string text, int at, out bool isShort)
    {
        isShort = false;
        if (at < text.Length && text[at] == '副') return NameCues.Titles.IsAt(text, at + 1) || NameCues.Titles.IsAt(text, at);
        bool found = NameCues.Titles.TryMatch(text, at, out int length, out _);
        isShort = length == 1;
        return found;
    }
}
