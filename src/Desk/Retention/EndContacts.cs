using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Retention;

/// <summary>
/// Data ends: contact data goes when the matter is closed and the time in which the writer may object is over. Run daily;
/// run twice, it does nothing the second time.
/// </summary>
public sealed class EndContacts(DeskStore store, OfficeDirectory offices, EraseLetters erase, TimeProvider clock)
{
    /// <summary>Erases the contact data that is due.</summary>
    /// <returns>How many letters lost theirs.</returns>
    public async Task<int> HandleAsync(CancellationToken cancel)
    {
        var office = await offices.GetAsync(cancel);
        var now = clock.GetUtcNow();
        var ended = new List<string>();
        await using (var session = await store.WriteAsync(cancel))
        {
            // A matter closed less than the objection days ago, even were they all calendar days, cannot be due.
            var due = await SealedLetters.ContactsPastAsync(session, now.AddDays(-office.Settings.ObjectionDays).ToUnixTimeMilliseconds(), cancel);
            foreach (var letter in due)
            {
                var closed = await session.CountAsync("SELECT closed_at FROM matters WHERE letter_id = @letter", cancel, ("letter", letter));
                if (DisputeAnswer.MayStill(office, DateTimeOffset.FromUnixTimeMilliseconds(closed), now)) continue;
                ended.Add(letter);
            }

            await erase.HandleAsync(session, ended, ErasedPart.Contact, MatterHistory.Desk, now, cancel);
            await session.CommitAsync(cancel);
        }

        // Also where nothing was due: an erasure of the day may have left its bytes in a log that a reader held.
        await store.ForgetErasedAsync(cancel);
        return ended.Count;
    }
}
