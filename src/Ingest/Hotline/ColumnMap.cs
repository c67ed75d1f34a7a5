using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Hotline;

/// <summary>Which column says when the call came in, and how it is written.</summary>
/// <param name="Column">The column.</param>
/// <param name="Formats">.NET format strings, such as <c>yyyy/M/d H:mm:ss</c>, tried in order; wall clock of the office, without a zone.</param>
public sealed record ReceivedColumn(string Column, IReadOnlyList<string> Formats);

/// <summary>Which columns say how the caller can be reached. Every one may be missing.</summary>
/// <param name="Name">The column with the caller's name.</param>
/// <param name="Phone">The column with a telephone number.</param>
/// <param name="Email">The column with an e-mail address.</param>
public sealed record ContactColumns(string? Name = null, string? Phone = null, string? Email = null);

/// <summary>
/// How the columns of an office's hotline export become letters: a JSON file the office keeps. Unknown members are
/// errors, so a slip of the pen does not silently leave contact data in the wrong place.
/// </summary>
/// <param name="Name">What this map is for, for the person who reads it.</param>
/// <param name="Key">The column with the hotline's own number of the call: a repeat of it is the same letter.</param>
/// <param name="Body">The column with the text.</param>
/// <param name="Received">When the call came in.</param>
/// <param name="Title">The column with the subject line.</param>
/// <param name="Place">The column with the place of the matter.</param>
/// <param name="District">The column with the district of the matter: its code or its name in either language.</param>
/// <param name="Contact">The columns with contact data.</param>
/// <param name="Ignore">Columns the office knows and does not want to be taken in.</param>
/// <param name="Encoding">The encoding of a CSV file; one of <see cref="Table.Encodings"/>.</param>
/// <param name="Sheet">The sheet of a workbook; the first where none is named.</param>
public sealed record ColumnMap(
    string Name, string Key, string Body, ReceivedColumn Received, string? Title = null, string? Place = null, string? District = null,
    ContactColumns? Contact = null, IReadOnlyList<string>? Ignore = null, string Encoding = "utf-8", string? Sheet = null)
{
    /// <summary>The largest map file, in bytes.</summary>
    public const int FileLimit = 64 << 10;

    // A moment whose day, month, hour, minute and second cannot be mistaken for each other.
    private static readonly DateTime Probe = new(2021, 12, 31, 17, 42, 53, DateTimeKind.Unspecified);

    /// <summary>Reads and checks a map.</summary>
    /// <exception cref="InputFileException">The file is missing or no map; the message says what is wrong.</exception>
    public static async Task<ColumnMap> LoadAsync(string path, CancellationToken cancel)
    {
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > FileLimit) throw new InputFileException(path, $"a map is at most {FileLimit >> 10} KiB");
            var map = await JsonSerializer.DeserializeAsync(stream, ColumnMapJson.Default.ColumnMap, cancel) ?? throw new InputFileException(path, "the map is null");
            if (map.Problem() is { } problem) throw new InputFileException(path, problem);
            return map;
        }
        catch (JsonException error)
        {
            throw new InputFileException(path, "this is no column map: " + error.Message, error.LineNumber + 1, inner: error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputFileException(path, "there is no such file", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException(path, "the file cannot be read: " + error.Message, inner: error);
        }
    }

    /// <summary>The first thing wrong with the map, in words, or null.</summary>
    public string? Problem()
    {
        var named = Mapped().Concat((Ignore ?? []).Select(column => (Member: "ignore", Column: column))).ToList();
        foreach (var (member, column) in named)
        {
            if (string.IsNullOrWhiteSpace(column) || !string.Equals(column, column.Trim(), StringComparison.Ordinal)) return $"\"{member}\" names a column that is empty or has white space around it";
        }

        if (named.GroupBy(pair => pair.Column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            return $"the column {twice.Key} is used more than once: {string.Join(", ", twice.Select(pair => pair.Member))}";
        if (!Table.Encodings.Contains(Encoding, StringComparer.Ordinal)) return $"\"encoding\" is none of {string.Join(", ", Table.Encodings)}";
        if (Received.Formats.Count == 0) return "\"received.formats\" names no format";
        foreach (var format in Received.Formats)
        {
            if (!IsUsable(format)) return $"\"received.formats\": \"{format}\" is no format from which a date can be read with certainty (year, month and day; H for 24 hours; no zone)";
        }

        return null;
    }

    /// <summary>The columns the map takes in, each with the member of the map that names it.</summary>
    internal IEnumerable<(string Member, string Column)> Mapped()
    {
        yield return ("key", Key);
        yield return ("body", Body);
        yield return ("received", Received.Column);
        if (Title is not null) yield return ("title", Title);
        if (Place is not null) yield return ("place", Place);
        if (District is not null) yield return ("district", District);
        if (Contact?.Name is not null) yield return ("contact.name", Contact.Name);
        if (Contact?.Phone is not null) yield return ("contact.phone", Contact.Phone);
        if (Contact?.Email is not null) yield return ("contact.email", Contact.Email);
    }

    /// <summary>Reads a time in one of the map's formats; null where none fits or there is no such day.</summary>
    internal DateTime? TimeOf(string text)
    {
        foreach (var format in Received.Formats)
        {
            if (TryRead(text, format, out var time)) return time;
        }

        return null;
    }

    private static bool IsUsable(string format)
    {
        if (format.Length < 2 || format.AsSpan().ContainsAny('z', 'K')) return false;
        if (format.Contains('h', StringComparison.Ordinal) && !format.Contains('t', StringComparison.Ordinal)) return false;
        try
        {
            return TryRead(Probe.ToString(format, System.Globalization.CultureInfo.InvariantCulture), format, out var read) && read.Date == Probe.Date;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool TryRead(string text, string format, out DateTime time) =>
        DateTime.TryParseExact(text, format, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out time);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(ColumnMap))]
internal sealed partial class ColumnMapJson : JsonSerializerContext;
