using Opinion.Desk.Letters;
using Opinion.Desk.Matters;

namespace Opinion.Desk.Open311;

/// <summary>Adds what an application says about its own request to the letter, as if its writer had added it.</summary>
public sealed class AddUpdate(AddToLetter add)
{
    /// <summary>Adds an update.</summary>
    /// <param name="letterId">The letter.</param>
    /// <param name="updateId">The application's own number of the update.</param>
    /// <param name="text">Its words.</param>
    /// <param name="cancel">Cancels it; nothing is added then.</param>
    /// <returns>Whether an update of this number had been added before, and nothing was now; why it was refused otherwise; null where it was added.</returns>
    public async Task<(bool Repeated, Refusal? Refusal)> HandleAsync(string letterId, string updateId, string? text, CancellationToken cancel)
    {
        var repeated = false;
        var refusal = await add.HandleAsync(letterId, text, async session =>
        {
            repeated = await session.ExecuteAsync("INSERT INTO open311_updates (letter_id, update_id) VALUES (@letter, @update) ON CONFLICT DO NOTHING", cancel, ("letter", letterId), ("update", updateId)) == 0;
            return repeated ? Refusal.NotFound : null;
        }, cancel);
        return repeated ? (true, null) : (false, refusal);
    }
}
