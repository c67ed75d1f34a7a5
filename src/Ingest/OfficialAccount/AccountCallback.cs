using System.Globalization;
using System.Security.Cryptography;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>What stands in the address of a call.</summary>
public sealed record CallbackQuery(string? Signature, string? Timestamp, string? Nonce, string? Echo = null, string? MessageSignature = null);

/// <summary>What a call is answered with.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="Xml">Whether it is XML; plain text otherwise.</param>
/// <param name="NewLetter">Whether a letter was stored that waits to be carried on.</param>
public sealed record CallbackResult(int Status, string Body, bool Xml = false, bool NewLetter = false);

/// <summary>
/// The calls of the official account's platform, without the web around them: checks the signature, reads the message,
/// plain or encrypted, and writes the reply in the same way. Whatever is not signed with the office's token is refused
/// before anything of it is read. An account with an AES key takes no plain message.
/// </summary>
public sealed class AccountCallback(OfficialAccountFile file, AnswerAccountMessage answer, DoorSwitch doors, DoorTally tally, TimeProvider clock)
{
    /// <summary>What the platform takes for "nothing to say".</summary>
    public const string Nothing = "success";

    private const int LongestPart = 256;
    private static readonly CallbackResult NotSetUp = new(503, "The official account is not set up, or its door is closed.");
    private static readonly CallbackResult NotSigned = new(403, "The signature is wrong.");

    /// <summary>Answers the platform's check of the address: the echo as it came.</summary>
    public async Task<CallbackResult> CheckAsync(CallbackQuery query, CancellationToken cancel)
    {
        if (Settings() is not { } settings || !await doors.IsOpenAsync(Channel.OfficialAccount, cancel)) return NotSetUp;
        return IsSigned(settings, query) && query.Echo is { Length: > 0 and <= LongestPart } echo ? new CallbackResult(200, echo) : NotSigned;
    }

    /// <summary>Answers a message.</summary>
    /// <param name="query">What stands in the address.</param>
    /// <param name="body">The body, at most <see cref="AccountXml.BodyLimit"/> bytes.</param>
    /// <param name="cancel">Cancels it; a caller that hangs up is no reason to, for it comes again and wants the same answer.</param>
    public async Task<CallbackResult> AnswerAsync(CallbackQuery query, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        if (Settings() is not { } settings) return NotSetUp;
        if (!IsSigned(settings, query)) return NotSigned;
        var cipher = CipherOf(settings);
        AccountMessage message;
        try
        {
            var plain = body;
            if (cipher is not null)
            {
                var encrypted = AccountXml.ReadEncrypted(body.Span);
                if (!AccountSignature.Fits(query.MessageSignature, settings.Token, query.Timestamp!, query.Nonce!, encrypted)) return NotSigned;
                plain = cipher.Decrypt(encrypted);
            }

            message = AccountXml.ReadMessage(plain.Span);
        }
        catch (Exception error) when (error is AccountXmlException or AccountCipherException)
        {
            tally.Count(Channel.OfficialAccount, DoorOutcome.Refused);
            return new CallbackResult(400, error.Message);
        }

        var said = await answer.HandleAsync(message, cancel);
        if (said.Text is not { } text) return new CallbackResult(200, Nothing);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var reply = AccountXml.WriteReply(message, text, now);
        return new CallbackResult(200, cipher is null ? reply : Encrypt(cipher, settings, reply, now), Xml: true, said.NewLetter);
    }

    private static string Encrypt(AccountCipher cipher, OfficialAccountSettings settings, string reply, long now)
    {
        var encrypted = cipher.Encrypt(reply);
        var timestamp = now.ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        return AccountXml.WriteEncrypted(encrypted, AccountSignature.Of(settings.Token, timestamp, nonce, encrypted), timestamp, nonce);
    }

    // Settings that cannot be used are as good as none; the doors page says what is wrong with them.
    private OfficialAccountSettings? Settings()
    {
        try
        {
            return file.Read();
        }
        catch (InputFileException)
        {
            return null;
        }
    }

    internal static AccountCipher? CipherOf(OfficialAccountSettings settings) => settings.EncodingAesKey is { } key ? new AccountCipher(key, settings.AppId!) : null;

    internal static bool IsSigned(OfficialAccountSettings settings, CallbackQuery query) =>
        query is { Timestamp: { Length: > 0 and <= LongestPart } timestamp, Nonce: { Length: > 0 and <= LongestPart } nonce, Signature: { Length: > 0 and <= LongestPart } }
        && AccountSignature.Fits(query.Signature, settings.Token, timestamp, nonce);
}
