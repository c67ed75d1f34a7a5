using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Desk;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>
/// What the platform of the office's official account and this desk know of each other: <c>DIR/keys/official-account.json</c>,
/// or the file named by <c>OPINION_OFFICIAL_ACCOUNT</c>. It stands in no store and in no backup. Unknown members are errors.
/// </summary>
/// <param name="Token">The token that signs every call: 3 to 32 letters and digits.</param>
/// <param name="AppId">The account's AppId; needed for encrypted calls.</param>
/// <param name="EncodingAesKey">43 letters and digits; null where calls come in plain.</param>
public sealed record OfficialAccountSettings(string Token, string? AppId = null, string? EncodingAesKey = null)
{
    /// <summary>The file's name in the folder of the office's keys.</summary>
    public const string FileName = "official-account.json";

    /// <summary>The variable that names another file.</summary>
    public const string Variable = "OPINION_OFFICIAL_ACCOUNT";

    private const long FileLimit = 16 << 10;

    /// <summary>Where the settings of a data folder stand.</summary>
    public static string PathIn(string dataFolder) => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Path.Combine(dataFolder, "keys", FileName);

    /// <summary>Reads the settings; null where there are none.</summary>
    /// <exception cref="InputFileException">They cannot be used; the message says why and repeats no value.</exception>
    public static OfficialAccountSettings? Load(string path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            if (new FileInfo(path).Length > FileLimit) throw new InputFileException(path, "the settings are too long");
            var settings = JsonSerializer.Deserialize(File.ReadAllBytes(path), OfficialAccountJson.Default.OfficialAccountSettings) ?? throw new InputFileException(path, "the settings are null");
            return settings.Problem() is { } problem ? throw new InputFileException(path, problem) : settings;
        }
        catch (JsonException error)
        {
            throw new InputFileException(path, "these are no settings of an official account", error.LineNumber + 1, inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException(path, "the file cannot be read: " + error.GetType().Name, inner: error);
        }
    }

    /// <summary>The first thing wrong, in words, or null.</summary>
    public string? Problem()
    {
        if (Token.Length is < 3 or > 32 || !Token.All(char.IsAsciiLetterOrDigit)) return "\"token\" is not 3 to 32 letters and digits";
        if (AppId is not null && (AppId.Length is < 1 or > 64 || !AppId.All(char.IsAsciiLetterOrDigit))) return "\"appId\" is not made of letters and digits";
        if (EncodingAesKey is null) return null;
        if (EncodingAesKey.Length != AccountCipher.EncodedKeyLength || !EncodingAesKey.All(char.IsAsciiLetterOrDigit)) return $"\"encodingAesKey\" is not {AccountCipher.EncodedKeyLength} letters and digits";
        return AppId is null ? "\"encodingAesKey\" needs \"appId\"" : null;
    }

    /// <inheritdoc/>
    public override string ToString() => "(settings of the official account)";
}

/// <summary>The settings as they stand in the file now: changed there, they count from the next call on.</summary>
public sealed class OfficialAccountFile(OpenedDesk desk)
{
    private readonly Lock _gate = new();
    private (DateTime Written, long Length) _state;
    private OfficialAccountSettings? _settings;

    /// <summary>Where the file stands.</summary>
    public string Location { get; } = OfficialAccountSettings.PathIn(desk.DataFolder);

    /// <summary>The settings; null where there are none.</summary>
    /// <exception cref="InputFileException">They cannot be used.</exception>
    public OfficialAccountSettings? Read()
    {
        var file = new FileInfo(Location);
        var state = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        lock (_gate)
        {
            if (state == _state) return _settings;
            _settings = OfficialAccountSettings.Load(Location);
            _state = state;
            return _settings;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(OfficialAccountSettings))]
internal sealed partial class OfficialAccountJson : JsonSerializerContext;
