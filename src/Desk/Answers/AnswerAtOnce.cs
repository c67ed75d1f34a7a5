using System.Security.Cryptography;
using System.Text;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Similarity;
using Opinion.Desk.Letters;

namespace Opinion.Desk.Answers;

/// <summary>
/// Finds the prepared answer that may be sent at once to a plain question: the desk is sure that it is a question (danger,
/// complaints and the rest always become letters) and the match reaches <see cref="MatchResult.SentAtOnce"/>. Reads the redacted
/// question alone. The index of the bank is kept in memory and made anew when the bank has changed, looked at every half
/// minute; the entry that is sent is read from the store at that moment, so none goes out past its review date.
/// </summary>
public sealed class AnswerAtOnce(AnswerBank bank, LetterReader reader, Segmenter segmenter, DictionaryFolder dictionaries, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Lazy<ChineseFolding> _folding = new(() => ChineseFolding.Load(dictionaries));
    private volatile Reading? _last;

    /// <summary>The entry to send; null where a person shall read the question.</summary>
    /// <param name="question">The question as it was written; it is redacted before anything else reads it.</param>
    /// <param name="cancel">Cancels it.</param>
    public async Task<BankEntry?> FindAsync(string question, CancellationToken cancel)
    {
        if (!reader.CanSort || reader.Redact(question) is not { } twin || reader.NeedOf(twin).Need != Need.Question) return null;
        var index = await IndexAsync(cancel);
        if (index.Count == 0) return null;
        var match = index.Match(LetterReader.WordsOf(twin), 1);
        return match.Confidence >= MatchResult.SentAtOnce && match.Answers is [var best, ..] ? await bank.FindUsableAsync(best.Id, cancel) : null;
    }

    /// <summary>Reads the bank, so that the first question need not wait for it.</summary>
    /// <returns>The number of its entries.</returns>
    public async Task<int> PrepareAsync(CancellationToken cancel) => (await IndexAsync(cancel)).Count;

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private async Task<AnswerIndex> IndexAsync(CancellationToken cancel)
    {
        var last = _last;
        if (last is not null && clock.GetElapsedTime(last.At) < Fresh) return last.Index;
        // One reads; the others go on with what was read before, and wait only where there is nothing yet.
        if (!await _reading.WaitAsync(last is null ? Timeout.Infinite : 0, cancel)) return last!.Index;
        try
        {
            if (_last is { } now && now != last) return now.Index;
            var entries = await bank.ListAsync(cancel);
            var state = StateOf(entries);
            var index = last is not null && last.State.AsSpan().SequenceEqual(state) ? last.Index
                : AnswerIndex.Build(entries.Select(entry => new AnswerEntry(entry.Id, entry.Question, entry.Alternatives, entry.Answer)), segmenter, _folding.Value);
            _last = new Reading(clock.GetTimestamp(), state, index);
            return index;
        }
        finally
        {
            _reading.Release();
        }
    }

    private static byte[] StateOf(IReadOnlyList<BankEntry> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries) hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\u001F', [entry.Id, entry.Question, entry.Answer, .. entry.Alternatives]) + "\u001E"));
        return hash.GetHashAndReset();
    }

    private sealed record Reading(long At, byte[] State, AnswerIndex Index);
}
