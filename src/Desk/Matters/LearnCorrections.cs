using Opinion.Analysis.Classification;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Matters;

/// <summary>
/// The corrections that people made, as training examples: the redacted twin as the sorter would read it, and the subject it
/// was given. What was withdrawn or whose text has ended teaches nothing any more. No example says whose letter it was.
/// </summary>
public sealed class LearnCorrections(DeskStore store, OfficeDirectory offices)
{
    /// <summary>All corrections whose subject still stands in the scheme, oldest letter first.</summary>
    public async Task<IReadOnlyList<TrainingExample>> HandleAsync(CancellationToken cancel)
    {
        var scheme = (await offices.GetAsync(cancel)).Scheme;
        await using var session = await store.ReadAsync(cancel);
        var corrections = await session.QueryAsync(
            "SELECT l.title, l.body, t.subject FROM training_examples t JOIN letters l ON l.id = t.letter_id WHERE l.state = 'assigned' AND l.body <> '' ORDER BY l.id",
            row => new TrainingExample(LetterReader.WordsOf(row.GetString(0) + "\n" + row.GetString(1)), row.GetString(2)), cancel);
        return [.. corrections.Where(example => scheme.Find(example.Label) is not null)];
    }
}
