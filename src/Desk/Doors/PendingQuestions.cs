using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Desk.Letters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Doors;

/// <summary>A question that was answered at once, while its writer may still say that a person shall read it.</summary>
/// <param name="Key">The channel's own key of the message that asked it: the key of its letter, if it becomes one.</param>
/// <param name="Text">The question; null once it has become a letter, which alone holds it from then on.</param>
/// <param name="Arrived">When it arrived.</param>
public sealed record PendingQuestion(string Key, string? Text, DateTimeOffset Arrived);

/// <summary>
/// Questions that the bank answered at once and that wait for their writer's word. One for each writer, the last; found by a
/// keyed hash of the account's id, which stands on no letter and goes with the question. All it says is sealed, and gone
/// after <see cref="Kept"/>, or <see cref="KeptAfter"/> it became a letter, so long only that the same word sent twice gets the same receipt.
/// </summary>
public sealed class PendingQuestions(DeskStore store, Sealer sealer, OfficeKeys keys, TimeProvider clock)
{
    /// <summary>How long the writer may ask for a person.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(48);

    /// <summary>How long what is left of a question is kept once it has become a letter.</summary>
    public static readonly TimeSpan KeptAfter = TimeSpan.FromHours(1);

    /// <summary>Keeps a question; one asked before by the same writer is forgotten.</summary>
    public async Task PutAsync(Channel channel, string askedBy, PendingQuestion question, CancellationToken cancel)
    {
        var by = Hash(channel, askedBy);
        // Its key decides alone, so letters need not wait for it.
        await using var session = await store.WriteSharedAsync(cancel);
        await SealedQuestions.PutAsync(session, by, Seal(by, question), Ends(Kept), cancel);
        await session.CommitAsync(cancel);
    }

    /// <summary>The question that waits for this writer's word; null where none does.</summary>
    /// <exception cref="SealBrokenException">It does not open.</exception>
    public async Task<PendingQuestion?> FindAsync(Channel channel, string askedBy, CancellationToken cancel)
    {
        var by = Hash(channel, askedBy);
        return await BoxAsync(by, cancel) is { } box ? Open(by, box) : null;
    }

    /// <summary>Forgets what a question says once it has become a letter. Another question asked meanwhile stays.</summary>
    public async Task BecameLetterAsync(Channel channel, string askedBy, PendingQuestion question, CancellationToken cancel)
    {
        var by = Hash(channel, askedBy);
        if (await BoxAsync(by, cancel) is not { } box || Open(by, box) is not { Text: not null } now || !string.Equals(now.Key, question.Key, StringComparison.Ordinal)) return;
        await using (var session = await store.WriteSharedAsync(cancel))
        {
            if (await SealedQuestions.ReplaceAsync(session, by, box, Seal(by, question with { Text = null }), Ends(KeptAfter), cancel) == 0) return;
            await session.CommitAsync(cancel);
        }

        await store.ForgetSoonAsync(cancel);
    }

    /// <summary>Erases what was kept long enough.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EndAsync(CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        var ended = await SealedQuestions.EndAsync(session, clock.GetUtcNow().ToUnixTimeMilliseconds(), cancel);
        await session.CommitAsync(cancel);
        if (ended > 0) await store.ForgetSoonAsync(cancel);
        return ended;
    }

    private async Task<SealedBox?> BoxAsync(byte[] by, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await SealedQuestions.FindAsync(session, by, clock.GetUtcNow().ToUnixTimeMilliseconds(), cancel);
    }

    private long Ends(TimeSpan kept) => (clock.GetUtcNow() + kept).ToUnixTimeMilliseconds();

    private SealedBox Seal(byte[] by, PendingQuestion question) => sealer.Seal(JsonSerializer.Serialize(question, PendingJson.Default.PendingQuestion), SealedQuestions.BindingOf(by));

    private PendingQuestion? Open(byte[] by, SealedBox box) => JsonSerializer.Deserialize(sealer.Open(box, SealedQuestions.BindingOf(by)), PendingJson.Default.PendingQuestion);

    private byte[] Hash(Channel channel, string askedBy) => HMACSHA256.HashData(keys.ChannelKeys, Encoding.UTF8.GetBytes("asked-by\n" + channel.NameOf() + "\n" + askedBy));
}

[JsonSerializable(typeof(PendingQuestion))]
internal sealed partial class PendingJson : JsonSerializerContext;
