using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Clarifications;

/// <summary>The duty editor answers a claim in public, with sources; without one it cannot be saved. Each open matter that asked is replied to.</summary>
public sealed class PublishClarification(DeskStore store, LetterReader reader, AuditLog audit, TimeProvider clock)
{
    /// <summary>Publishes.</summary>
    /// <param name="editor">The duty editor.</param>
    /// <param name="claimId">The claim answered; null for one the editor words.</param>
    /// <param name="wording">The wording of a new claim.</param>
    /// <param name="known">What is known.</param>
    /// <param name="unknown">What is not known yet.</param>
    /// <param name="sources">Web addresses, one a line; at least one, http or https.</param>
    /// <param name="cancel">Cancels the work.</param>
    public async Task<Refusal?> HandleAsync(StaffMember editor, string? claimId, string? wording, string? known, string? unknown, string? sources, CancellationToken cancel)
    {
        if (editor.Role != Role.Editor) return Refusal.NotYourRole;
        if (string.IsNullOrEmpty(claimId) && Refusals.ForText(wording, LetterText.TitleLimit) is { } noWording) return noWording;
        if ((Refusals.ForText(known, LetterText.ReplyLimit) ?? Refusals.ForText(unknown, LetterText.ReplyLimit, required: false) ?? Refusals.ForText(sources, LetterText.ReplyLimit)) is { } wrong) return wrong;
        var addresses = sources!.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length == 0 || addresses.Any(address => !Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))) return Refusal.NoSource;

        // The wording comes from what people wrote: no name, number or door may go out with it.
        var redacted = string.IsNullOrEmpty(claimId) ? reader.Redact(wording!.Trim()) : null;
        if (string.IsNullOrEmpty(claimId) && redacted is null) return Refusal.CannotRedact;

        await using var session = await store.WriteAsync(cancel);
        var claim = claimId;
        if (string.IsNullOrEmpty(claim))
        {
            claim = ReceiptCode.RandomNumber();
            await session.ExecuteAsync("INSERT INTO claims (id, wording) VALUES (@id, @wording)", cancel, ("id", claim), ("wording", redacted));
        }
        else if (await session.CountAsync("SELECT COUNT(*) FROM claims WHERE id = @id", cancel, ("id", claim)) == 0)
        {
            return Refusal.NotFound;
        }

        var now = clock.GetUtcNow();
        var id = ReceiptCode.RandomNumber();
        await session.ExecuteAsync("INSERT INTO clarifications (id, claim_id, known, unknown, sources, published_at) VALUES (@id, @claim, @known, @unknown, @sources, @now)", cancel,
            ("id", id), ("claim", claim), ("known", known!.Trim()), ("unknown", unknown?.Trim() ?? ""), ("sources", string.Join('\n', addresses)), ("now", now.ToUnixTimeMilliseconds()));
        await audit.WriteAsync(session, editor.Id, "clarification-published", id, null, null, cancel);
        await ReplyToAskersAsync(session, editor, claim, id, cancel);
        await session.CommitAsync(cancel);
        return null;
    }

    // The one job that goes from a claim to matters: it replies to those who asked, and returns nothing to anybody.
    private async Task ReplyToAskersAsync(StoreSession session, StaffMember editor, string claim, string clarification, CancellationToken cancel)
    {
        var open = await session.QueryAsync("SELECT letter_id FROM matters WHERE claim_id = @claim AND state = 'open'", row => row.GetString(0), cancel, ("claim", claim));
        foreach (var letter in open)
        {
            await MatterHistory.AppendAsync(session, letter, clock.GetUtcNow(),
                new HistoryEntry(HistoryKind.ClarificationSent, editor.Id, Visible: true, Detail: clarification), cancel);
        }
    }
}
