using Opinion.Analysis.Classification;
using Opinion.Analysis.Redaction;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Letters;

/// <summary>The subject the desk gives a letter.</summary>
/// <param name="Subject">A code of the scheme; null where the desk is not sure enough and a person sorts.</param>
/// <param name="Confidence">Calibrated, from 0 to 1.</param>
/// <param name="Words">The words that led to it, strongest first.</param>
public sealed record SubjectSorting(string? Subject, double Confidence, IReadOnlyList<string> Words);

/// <summary>
/// What reads letters: the redactor, the subject sorter and the need sorter. Built once from the dictionaries and, where
/// the office has trained one, its model; shared by all threads.
/// </summary>
/// <param name="redactor">Null where it could not be loaded: then every letter waits for a person.</param>
/// <param name="trained">The office's own model; null where none was trained or it could not be used.</param>
/// <param name="lexicon">Sorts where there is no model; null where it could not be loaded.</param>
/// <param name="needs">Finds what the writer needs; null where it could not be loaded: then letters wait, for danger among them would not be seen.</param>
public sealed partial class LetterReader(Redactor? redactor, TextSorter? trained, SubjectLexicon? lexicon, NeedSorter? needs)
{
    /// <summary>Whether letters can be redacted at all.</summary>
    public bool CanRedact => redactor is not null;

    /// <summary>Whether letters can be sorted: without the need sorter urgent danger would go by unseen, so they wait.</summary>
    public bool CanSort => needs is not null;

    /// <summary>Whether the office's own model sorts, rather than the lexicon.</summary>
    public bool HasModel => trained is not null;

    /// <summary>The redacted twin of a text; null where there is no redactor.</summary>
    public string? Redact(string text) => redactor?.Redact(WithoutCodes(text));

    /// <summary>
    /// What staff write inside the desk (notes, reasons), with personal data hidden: it is read by others than the
    /// officer who opened a contact, and it outlives the contact. Telephone numbers of offices may stand. Null without a redactor.
    /// </summary>
    public string? RedactInside(string text) => Redact(text, PersonalKind.Landline);

    /// <summary>What staff write to the writer, with personal data hidden; an office's telephone number and address may stand. Null without a redactor.</summary>
    public string? RedactToWriter(string text) => Redact(text, PersonalKind.Landline, PersonalKind.Address);

    /// <summary>Whether a redacted text speaks of urgent danger. Without a need sorter nobody can say; the doctor tells the operator.</summary>
    public bool IsUrgent(string twin) => needs?.Classify(twin).Need == Need.UrgentDanger;

    /// <summary>What the writer of a redacted text needs.</summary>
    /// <exception cref="InvalidOperationException">There is no need sorter; ask <see cref="CanSort"/> first.</exception>
    public NeedResult NeedOf(string twin) => needs?.Classify(twin) ?? throw new InvalidOperationException("There is no need sorter.");

    /// <summary>
    /// Sorts a redacted text into the scheme, from the top down as long as a subject's probability, summed with all below
    /// it, reaches the office's threshold. A letter that is clearly about housing but not clearly about one kind of it is sorted as housing.
    /// </summary>
    public SubjectSorting SubjectOf(string twin, Office office)
    {
        // A text that is not Chinese is for a person to sort.
        var words = WordsOf(twin);
        var result = !IsChinese(words) ? null : trained is not null ? trained.Classify(words) : lexicon?.Classify(words);
        if (result is null) return new SubjectSorting(null, 0, []);
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (label, probability) in result.Probabilities)
        {
            foreach (var subject in office.Scheme.PathOf(label)) sums[subject.Code] = sums.GetValueOrDefault(subject.Code) + probability;
        }

        string? best = null;
        var confidence = 0.0;
        while (true)
        {
            var next = office.Scheme.Subjects.Where(subject => string.Equals(subject.Parent, best, StringComparison.Ordinal)).MaxBy(subject => sums.GetValueOrDefault(subject.Code));
            if (next is null) break;
            var sum = Math.Min(1, sums.GetValueOrDefault(next.Code));
            if (best is null) confidence = sum;
            if (sum < office.Settings.SortingThreshold) break;
            (best, confidence) = (next.Code, sum);
        }

        return new SubjectSorting(best, confidence, [.. result.Reasons.Select(reason => reason.Word).Take(6)]);
    }

    /// <summary>The text that is sorted and trained on: the twin without the marks of what was hidden, which say nothing about the subject.</summary>
    internal static string WordsOf(string twin) => HiddenMark().Replace(twin, " ");

    private static bool IsChinese(string text)
    {
        var letters = text.Count(char.IsLetter);
        return text.Count(c => c is >= '\u3400' and <= '\u9FFF') * 2 >= letters && letters > 0;
    }

    [System.Text.RegularExpressions.GeneratedRegex("〔[^〕]{1,12}〕")]
    private static partial System.Text.RegularExpressions.Regex HiddenMark();

    private string? Redact(string text, params PersonalKind[] keep) =>
        redactor is null ? null : Redactor.Redact(text, [.. redactor.Find(text = WithoutCodes(text)).Where(span => !keep.Contains(span.Kind))]);

    // People copy their receipt code into what they write; in the twin it would let an officer act as the writer.
    private static string WithoutCodes(string text) => ReceiptCode.HideIn(text, "〔收据码〕");
}
