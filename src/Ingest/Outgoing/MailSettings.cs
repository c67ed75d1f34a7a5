using System.Net.Mail;
using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Outgoing;

/// <summary>
/// How the office sends mail: <c>DIR/mail.json</c>, or the file named by <c>OPINION_MAIL</c>. Without it no mail is sent.
/// Unknown members are errors.
/// </summary>
/// <param name="Host">The office's own mail server.</param>
/// <param name="From">The address mail comes from.</param>
/// <param name="Site">The address under which people reach the desk, http or https.</param>
/// <param name="Port">Its port.</param>
/// <param name="StartTls">Whether the connection must be encrypted; only a server on this machine may do without.</param>
/// <param name="User">The name to sign in with; null where the server asks for none.</param>
/// <param name="PasswordFile">A file that holds the password alone, absolute or beside the settings.</param>
/// <param name="Mailboxes">Further addresses of the office under which letters arrive, beside <paramref name="From"/>.</param>
public sealed record MailSettings(string Host, string From, string Site, int Port = 25, bool StartTls = true, string? User = null, string? PasswordFile = null, IReadOnlyList<string>? Mailboxes = null)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "mail.json";

    /// <summary>The password; null where there is none.</summary>
    [JsonIgnore]
    public string? Password { get; private init; }

    /// <summary>Reads the settings; null where there are none.</summary>
    /// <exception cref="InputFileException">They cannot be used; the message says why.</exception>
    public static async Task<MailSettings?> LoadAsync(string dataFolder, CancellationToken cancel)
    {
        var path = Environment.GetEnvironmentVariable("OPINION_MAIL") is { Length: > 0 } named ? named : Path.Combine(dataFolder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            var settings = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancel), MailJson.Default.MailSettings) ?? throw new InputFileException(path, "the settings are null");
            if (settings.Problem() is { } problem) throw new InputFileException(path, problem);
            if (settings.PasswordFile is null) return settings;
            var secret = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, settings.PasswordFile);
            return settings with { Password = (await File.ReadAllTextAsync(secret, cancel)).TrimEnd('\r', '\n') };
        }
        catch (JsonException error)
        {
            throw new InputFileException(path, "these are no mail settings: " + error.Message, error.LineNumber + 1, inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException(path, "the file or its password file cannot be read: " + error.Message, inner: error);
        }
    }

    /// <summary>The first thing wrong, in words, or null.</summary>
    public string? Problem()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown) return "\"host\" is no host";
        if (Port is < 1 or > 65535) return "\"port\" is no port";
        if (!IsAddress(From)) return "\"from\" is no plain e-mail address";
        if (Mailboxes is not null && !Mailboxes.All(IsAddress)) return "\"mailboxes\" holds something that is no plain e-mail address";
        if (!Uri.TryCreate(Site, UriKind.Absolute, out var site) || (site.Scheme != Uri.UriSchemeHttps && site.Scheme != Uri.UriSchemeHttp)) return "\"site\" is no http or https address";
        if ((User is null) != (PasswordFile is null)) return "\"user\" and \"passwordFile\" belong together";
        if (!StartTls && User is not null) return "a password is sent only over an encrypted connection: set \"startTls\"";
        if (!StartTls && Host is not ("localhost" or "127.0.0.1" or "::1")) return "without \"startTls\" only a server on this machine may be used";
        return null;
    }

    /// <summary>Whether a text is one plain address: ASCII, no name beside it, no comment, no line break, nothing a header could be made of.</summary>
    public static bool IsAddress(string? text) => text is { Length: > 2 and <= 254 } && text.All(c => c is > ' ' and < '\u007F' and not ('"' or '<' or '>' or ',' or ';' or ':' or '(' or ')' or '\\' or '[' or ']'))
        && MailAddress.TryCreate(text, out var parsed) && string.Equals(parsed.Address, text, StringComparison.Ordinal);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(MailSettings))]
internal sealed partial class MailJson : JsonSerializerContext;
