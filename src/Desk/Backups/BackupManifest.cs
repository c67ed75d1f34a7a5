using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Backups;

/// <summary>One file of a backup.</summary>
/// <param name="Path">Its path in the backup, with <c>/</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The hash of its bytes.</param>
public sealed record BackedUpFile(string Path, long Bytes, string Sha256);

/// <summary>What a backup says of itself, in <c>manifest.json</c>.</summary>
/// <param name="Format">The version of this form of backup.</param>
/// <param name="Office">The installation's id.</param>
/// <param name="Engine"><c>sqlite</c> or <c>postgres</c>; a backup goes back to the engine it is of.</param>
/// <param name="Taken">The moment it shows.</param>
/// <param name="Expires">When it is to be deleted: nothing that was erased outlives this.</param>
/// <param name="Erasures">How many erasures the store knew of at that moment.</param>
/// <param name="Store">What the store held.</param>
/// <param name="Files">Every file but the manifest itself.</param>
/// <param name="LeftOut">What lies in the data folder and is in no backup.</param>
public sealed record BackupManifest(int Format, string Office, string Engine, DateTimeOffset Taken, DateTimeOffset Expires, int Erasures, StoreCopy Store, IReadOnlyList<BackedUpFile> Files, IReadOnlyList<string> LeftOut)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The version this program writes and reads.</summary>
    public const int ThisFormat = 1;

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be used; the message names the file.</exception>
    public static BackupManifest Read(string backup)
    {
        var path = Path.Combine(backup, FileName);
        if (!File.Exists(path)) throw new StoreException($"{path}: there is no such file, so this is no finished backup.");
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.BackupManifest) ?? throw new StoreException($"{path}: it is empty.");
            return manifest.Format == ThisFormat ? manifest
                : throw new StoreException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}: it has format {manifest.Format}, this program reads {ThisFormat}."));
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path}: {error.Message}", error);
        }
    }

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.BackupManifest);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
