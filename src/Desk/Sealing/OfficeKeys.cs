using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>
/// The office's secret keys, kept in <c>DIR/keys/office-keys.json</c>, outside the database and outside every backup.
/// Losing the file means that no contact and no original text can be opened again.
/// </summary>
public sealed class OfficeKeys
{
    /// <summary>The file's name below the data folder.</summary>
    public const string FileName = "office-keys.json";

    private const int KeyBytes = 32;
    private readonly string _path;
    private readonly Lock _reading = new();
    private volatile KeyFile _file;
    private DateTime _written;

    private OfficeKeys(KeyFile file, string path)
    {
        (_file, _path) = (file, path);
        _written = File.GetLastWriteTimeUtc(path);
    }

    /// <summary>The key from which receipt codes are derived. It never rotates, else a repeat would get another receipt.</summary>
    public ReadOnlySpan<byte> Receipts => _file.Receipts;

    /// <summary>The key under which channel keys are kept.</summary>
    public ReadOnlySpan<byte> ChannelKeys => _file.ChannelKeys;

    /// <summary>The key that seals now.</summary>
    public (string Id, byte[] Key) Current
    {
        get
        {
            ReadIfChanged();
            var file = _file;
            return (file.Sealing[^1].Id, file.Sealing[^1].Key);
        }
    }

    /// <summary>The ids of all sealing keys, the oldest first.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            ReadIfChanged();
            return [.. _file.Sealing.Select(key => key.Id)];
        }
    }

    /// <summary>Finds a sealing key by its id; null where it is not here.</summary>
    public byte[]? Find(string id)
    {
        if (In(_file, id) is { } known) return known;
        ReadIfChanged();
        return In(_file, id);
    }

    /// <summary>
    /// Adds a new sealing key, which seals from now on; the old ones stay and open what they sealed. A running desk on this
    /// folder sees it at its next letter. The file is replaced whole, or stays as it was.
    /// </summary>
    /// <returns>The new key's id.</returns>
    /// <exception cref="StoreException">The key file is missing or cannot be read or written.</exception>
    public static string Rotate(string dataFolder)
    {
        var (old, path) = (Load(dataFolder)._file, PathIn(dataFolder));
        var number = old.Sealing.Select(key => key.Id.StartsWith('k') && int.TryParse(key.Id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).Max() + 1;
        var id = string.Create(CultureInfo.InvariantCulture, $"k{number}");
        var temporary = Write(path, old with { Sealing = [.. old.Sealing, new SealingKey(id, RandomNumberGenerator.GetBytes(KeyBytes))] });
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new StoreException($"The key file {path} cannot be written: {error.Message}", error);
        }

        return id;
    }

    /// <summary>Reads the office's keys.</summary>
    /// <param name="dataFolder">The office's data folder.</param>
    /// <exception cref="StoreException">The file is missing or cannot be read; the message names it.</exception>
    public static OfficeKeys Load(string dataFolder)
    {
        var path = PathIn(dataFolder);
        if (!File.Exists(path)) throw new StoreException($"The key file {path} is missing. Put it back from your copy: without it no contact and no original text can be opened.");
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), KeyFileJson.Default.KeyFile);
            if (file is null || file.Sealing.Count == 0) throw new StoreException($"The key file {path} holds no sealing key.");
            if (file.Receipts.Length != KeyBytes || file.ChannelKeys.Length != KeyBytes || file.Sealing.Any(key => key.Key.Length != KeyBytes))
                throw new StoreException($"The key file {path} holds a key that is not {KeyBytes} bytes long.");
            return new OfficeKeys(file, path);
        }
        catch (JsonException error)
        {
            throw new StoreException($"The key file {path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Makes new keys for a new office and writes the file, readable by this user only.</summary>
    /// <exception cref="StoreException">There was a key file already.</exception>
    public static OfficeKeys Create(string dataFolder)
    {
        var path = PathIn(dataFolder);
        if (File.Exists(path)) throw new StoreException($"The key file {path} exists already.");
        return CreateOrLoad(dataFolder);
    }

    /// <summary>The same where several nodes may found one office at once: the keys of whichever was first are everybody's.</summary>
    internal static OfficeKeys CreateOrLoad(string dataFolder)
    {
        var path = PathIn(dataFolder);
        if (File.Exists(path)) return Load(dataFolder);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = new KeyFile(RandomNumberGenerator.GetBytes(KeyBytes), RandomNumberGenerator.GetBytes(KeyBytes),
            [new SealingKey("k1", RandomNumberGenerator.GetBytes(KeyBytes))]);
        // Two processes may found one office at once: each writes a file of its own, and the first to move it wins.
        var temporary = Write(path, file);
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
            return Load(dataFolder);
        }

        return new OfficeKeys(file, path);
    }

    /// <summary>Where the key file of a data folder stands.</summary>
    public static string PathIn(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), "keys", FileName);

    private static byte[]? In(KeyFile file, string id) => file.Sealing.FirstOrDefault(key => string.Equals(key.Id, id, StringComparison.Ordinal))?.Key;

    private static string Write(string path, KeyFile file)
    {
        var temporary = path + "." + Guid.NewGuid().ToString("N");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(temporary, options);
        JsonSerializer.Serialize(stream, file, KeyFileJson.Default.KeyFile);
        stream.Flush(flushToDisk: true);
        return temporary;
    }

    // The keys were rotated by the command while this program runs. A file that is gone or broken changes nothing here:
    // what was read stays in use, and the next start says what is wrong.
    private void ReadIfChanged()
    {
        lock (_reading)
        {
            var written = File.GetLastWriteTimeUtc(_path);
            if (written == _written) return;
            _written = written;
            try
            {
                _file = Load(Path.GetDirectoryName(Path.GetDirectoryName(_path))!)._file;
            }
            catch (Exception error) when (error is StoreException or IOException or UnauthorizedAccessException)
            {
                return;
            }
        }
    }
}

internal sealed record SealingKey(string Id, byte[] Key);

internal sealed record KeyFile(byte[] Receipts, byte[] ChannelKeys, IReadOnlyList<SealingKey> Sealing);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeyFile))]
internal sealed partial class KeyFileJson : JsonSerializerContext;
