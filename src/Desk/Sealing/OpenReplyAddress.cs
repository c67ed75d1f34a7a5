using Opinion.Desk.Audit;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>
/// Opens where one letter's writer wants the reply, for the program that sends it and for no person. The audit line is
/// durable before anything is read; if it cannot be written, nothing is read. It stands under the department whose words
/// are sent, with an action of its own: a reply that is delivered is no look of an officer into somebody's contact data,
/// and must not be counted as one.
/// </summary>
public sealed class OpenReplyAddress(DeskStore store, SealedLetters sealedLetters, AuditLog audit)
{
    /// <summary>Opens the e-mail address; null where the writer left none, or it was erased.</summary>
    /// <exception cref="SealBrokenException">The contact does not open.</exception>
    internal async Task<string?> HandleAsync(string letterId, string number, string? department, CancellationToken cancel)
    {
        await using (var session = await store.ReadAsync(cancel))
        {
            if (!await SealedLetters.HasContactAsync(session, letterId, cancel)) return null;
        }

        await audit.WriteAsync(Matters.MatterHistory.Desk, AuditLog.ReplyAddressOpened, number, department, null, cancel);
        await using (var session = await store.ReadAsync(cancel))
        {
            return (await sealedLetters.OpenContactAsync(session, letterId, cancel))?.Email?.Trim() is { Length: > 0 } address ? address : null;
        }
    }
}
