using System.Text;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Similarity;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds marks of a person in a text and covers them. The text is normalised first (full-width digits, zero-width
/// characters), and the spans found are mapped back to it. Hand-written scanners that look at a bounded stretch
/// from any place: no input makes them slow. Numbers lean towards covering too much; 400 and 800 lines and short
/// service numbers (110, 12345) are no person's and stay. Immutable and thread-safe.
/// </summary>
public sealed class Redactor
{
    private const int MostRounds = 3;

    // Far longer than any letter; only made-up text needs more than one round there.
    private const int LongText = 1 << 18;

    private static readonly PhraseTable<bool> LabelTable = new((true, string.Join(' ', Enum.GetValues<PersonalKind>().Select(Label))));

    private readonly RegionTable _regions;
    private readonly ChineseFolding _folding;
    private readonly NameScanner _names;

    /// <summary>Makes a redactor of loaded tables.</summary>
    /// <param name="regions">Regions of ID numbers and plates.</param>
    /// <param name="surnames">Family names.</param>
    /// <param name="words">Tells names from words such as 黄山.</param>
    /// <param name="names">How likely characters are in names.</param>
    /// <param name="folding">Reads Traditional characters as Simplified ones.</param>
    public Redactor(RegionTable regions, SurnameTable surnames, WordList words, NameTable names, ChineseFolding folding)
    {
        _regions = regions;
        _folding = folding;
        _names = new NameScanner(surnames, names, words);
    }

    /// <summary>The label that stands in the place of a mark, such as 〔手机号〕.</summary>
    public static string Label(PersonalKind kind) => kind switch
    {
        PersonalKind.ResidentId => "〔身份证号〕",
        PersonalKind.Mobile => "〔手机号〕",
        PersonalKind.Landline => "〔固定电话〕",
        PersonalKind.BankCard => "〔银行卡号〕",
        PersonalKind.Plate => "〔车牌号〕",
        PersonalKind.Passport => "〔护照号〕",
        PersonalKind.TravelPermit => "〔通行证号〕",
        PersonalKind.Email => "〔电子邮箱〕",
        PersonalKind.WeChat => "〔微信号〕",
        PersonalKind.QQ => "〔QQ号〕",
        PersonalKind.Name => "〔姓名〕",
        PersonalKind.Address => "〔住址〕",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The personal marks of a text.</summary>
    /// <param name="text">Any UTF-16 text.</param>
    /// <returns>Non-empty spans of the original text, in order, without overlap. Marks that overlap are one span of the first kind in the order of <see cref="PersonalKind"/>.</returns>
    public IReadOnlyList<PersonalSpan> Find(string text)
    {
        List<PersonalSpan> found = FindOnce(text);
        // What stood beside a mark may be one itself once the mark is a label, and redacting twice must change nothing.
        int rounds = text.Length > LongText ? 1 : MostRounds;
        for (int round = 0; round < rounds && found.Count > 0; round++)
        {
            List<PersonalSpan> more = FindOnce(Redact(text, found));
            if (more.Count == 0) break;
            found.AddRange(Unredacted(more, found));
            found = Merge(found);
        }

        return found;
    }

    /// <summary>The text with every personal mark replaced by its label.</summary>
    public string Redact(string text) => Redact(text, Find(text));

    /// <summary>The text with the given spans replaced by their labels.</summary>
    /// <param name="text">The text that the spans were found in.</param>
    /// <param name="spans">What <see cref="Find"/> returned for it.</param>
    public static string Redact(string text, IReadOnlyList<PersonalSpan> spans)
    {
        if (spans.Count == 0) return text;
        var redacted = new StringBuilder(text.Length);
        int at = 0;
        foreach (PersonalSpan span in spans)
        {
            redacted.Append(text, at, span.Start - at).Append(Label(span.Kind));
            at = span.End;
        }

        return redacted.Append(text, at, text.Length - at).ToString();
    }

    private List<PersonalSpan> FindOnce(string text)
    {
        NormalizedText normalized = NormalizedText.Of(text);
        string read = HideLabels(_folding.Fold(normalized.Value));
        var found = new List<PersonalSpan>();
        NumberScanner.Scan(read, _regions, found);
        HandleScanner.Scan(read, found);
        MailScanner.Scan(read, found);
        PlateScanner.Scan(read, _regions, found);
        _names.Scan(read, found);
        AddressScanner.Scan(read, found);
        for (int i = 0; i < found.Count; i++)
        {
            TextRange range = normalized.ToOriginal(new TextRange(found[i].Start, found[i].End));
            found[i] = new PersonalSpan(range.Start, range.End, found[i].Kind);
        }

        return Merge(found);
    }

    // The words of a label are none of the writer's: 〔身份证号〕 must not announce the number after it.
    private static string HideLabels(string text)
    {
        if (!text.Contains('〔', StringComparison.Ordinal)) return text;
        char[]? hidden = null;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '〔' || !LabelTable.TryMatch(text, at, out int length, out _)) continue;
            hidden ??= text.ToCharArray();
            hidden.AsSpan(at, length).Fill('〕');
            at += length - 1;
        }

        return hidden is null ? text : new string(hidden);
    }

    /// <summary>Spans of a redacted text as spans of the text it was made of.</summary>
    private static IEnumerable<PersonalSpan> Unredacted(List<PersonalSpan> spans, List<PersonalSpan> labels)
    {
        int label = 0;
        int shift = 0;
        foreach (PersonalSpan span in spans)
        {
            // The shift is what original offsets are ahead of redacted ones by, after all labels that end before the place.
            int start = Original(span.Start, atEnd: false);
            yield return new PersonalSpan(start, Original(span.End, atEnd: true), span.Kind);
        }

        int Original(int at, bool atEnd)
        {
            while (label < labels.Count)
            {
                int begin = labels[label].Start - shift;
                int end = begin + Label(labels[label].Kind).Length;
                if (at <= begin) break;
                // Inside a label: the whole mark belongs to the span.
                if (at < end) return atEnd ? labels[label].End : labels[label].Start;
                shift += labels[label].End - labels[label].Start - (end - begin);
                label++;
            }

            return at + shift;
        }
    }

    // Of overlapping marks nothing may show, so they become one.
    private static List<PersonalSpan> Merge(List<PersonalSpan> found)
    {
        found.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Kind.CompareTo(b.Kind));
        var merged = new List<PersonalSpan>(found.Count);
        foreach (PersonalSpan span in found)
        {
            if (merged.Count > 0 && span.Start < merged[^1].End)
            {
                PersonalSpan last = merged[^1];
                merged[^1] = new PersonalSpan(last.Start, Math.Max(last.End, span.End), last.Kind < span.Kind ? last.Kind : span.Kind);
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged;
    }
}
