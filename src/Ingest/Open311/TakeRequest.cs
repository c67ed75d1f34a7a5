using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Open311;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Ingest.Open311;

/// <summary>What a sender is given for a request.</summary>
/// <param name="Number">Its public number; null where a token is given in its place.</param>
/// <param name="Token">A token that leads to the number; null where the number is given.</param>
/// <param name="Receipt">The receipt, for the writer alone.</param>
public sealed record TakenRequest(string? Number, string? Token, Receipt Receipt);

/// <summary>
/// Takes a request in as a letter. The same thing sent twice is one letter: the same parameters by the same application
/// with the same <c>Idempotency-Key</c>, at any time; without that header, within one to two hours. See
/// docs/decisions/0014-what-counts-as-a-repeat-at-open311.md.
/// </summary>
public sealed class TakeRequest(ReceiveLetter receive, FollowLetter follow, OpenRequests requests, OfficeDirectory offices, OfficeKeys keys, DoorTally tally, TimeProvider clock)
{
    /// <summary>The longest <c>Idempotency-Key</c>.</summary>
    public const int RepeatKeyLimit = 200;

    private const int TokenLength = 24;

    /// <summary>Takes one request in.</summary>
    /// <param name="application">Who sends it.</param>
    /// <param name="fields">Its parameters.</param>
    /// <param name="setup">What the office has set up.</param>
    /// <param name="jurisdiction">The jurisdiction it is sent to; null where there is only the office.</param>
    /// <param name="repeatKey">The <c>Idempotency-Key</c> header; null where there is none.</param>
    /// <param name="cancel">Given up before its turn has come, it is not stored; after that it is.</param>
    /// <exception cref="ProblemException">Something is wrong with it; nothing was stored.</exception>
    public async Task<TakenRequest> HandleAsync(long application, PostedFields fields, DoorSetup setup, Jurisdiction? jurisdiction, string? repeatKey, CancellationToken cancel)
    {
        if (repeatKey is { Length: > RepeatKeyLimit }) throw new ProblemException(Problem.Bad("Idempotency-Key 太长。", "The Idempotency-Key is too long."));
        var now = clock.GetUtcNow();
        var office = await offices.GetAsync(cancel);
        var channelKey = await ChannelKeyAsync(application, fields, repeatKey, now, cancel);
        var token = TokenOf(channelKey);
        IncomingLetter letter;
        try
        {
            letter = new RequestForm(office, setup).Read(fields, jurisdiction, channelKey, new RequestOrigin(application, null, token), now);
        }
        catch (ProblemException)
        {
            tally.Count(Channel.Open311, DoorOutcome.Refused);
            throw;
        }

        var receipt = await receive.HandleAsync(letter, cancel);
        tally.Count(Channel.Open311, receipt);
        // The letter is durable; what follows only reads.
        var number = setup.NumbersLater ? null : await NumberAsync(receipt, cancel);
        return new TakenRequest(number, number is null ? token : null, receipt);
    }

    // Where the store went away in the moment after, the sender has a token instead, and asks for the number later.
    private async Task<string?> NumberAsync(Receipt receipt, CancellationToken cancel)
    {
        try
        {
            return await requests.NumberOfAsync(receipt.Code, cancel);
        }
        catch (System.Data.Common.DbException error) when (StoreFaults.Of(error) is not null)
        {
            return null;
        }
    }

    private async Task<string> ChannelKeyAsync(long application, PostedFields fields, string? repeatKey, DateTimeOffset now, CancellationToken cancel)
    {
        var same = string.Create(CultureInfo.InvariantCulture, $"{application}\n{fields.Hash()}\n");
        if (!string.IsNullOrWhiteSpace(repeatKey)) return same + "key\n" + repeatKey;
        var hour = now.ToUnixTimeSeconds() / 3600;
        // A repeat just after the hour is still one.
        var before = same + "hour\n" + (hour - 1).ToString(CultureInfo.InvariantCulture);
        return await follow.FindAsync(ReceiptCode.Derive(keys.Receipts, Channel.Open311, before).Text, cancel) is not null ? before : same + "hour\n" + hour.ToString(CultureInfo.InvariantCulture);
    }

    // Derived, so that a repeat has the same one; from another text than the receipt code, so that neither tells of the other.
    private string TokenOf(string channelKey) => Convert.ToHexStringLower(HMACSHA256.HashData(keys.Receipts, Encoding.UTF8.GetBytes("open311-token\n" + channelKey)))[..TokenLength];
}
