using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Hotline;

/// <summary>Why a row is set aside.</summary>
/// <param name="Column">The column it is about; empty where it is about the whole row.</param>
/// <param name="Word">One of <see cref="SetAsideReasons"/>.</param>
/// <param name="Reason">The reason, in words.</param>
public sealed record RowRefusal(string Column, string Word, string Reason);

/// <summary>What a row of a hotline's sheet turned out to be: a letter or a refusal, one of the two.</summary>
public readonly record struct RowResult(IncomingLetter? Letter, RowRefusal? Refusal);

/// <summary>Turns rows into letters. Pure: the same row, office and moment give the same result.</summary>
/// <param name="map">How columns become letters; all its columns are among <paramref name="columns"/>.</param>
/// <param name="columns">The sheet's columns.</param>
/// <param name="office">The office, for its time zone and its districts.</param>
/// <param name="now">The present moment.</param>
public sealed class HotlineRow(ColumnMap map, IReadOnlyList<string> columns, Office office, DateTimeOffset now)
{
    /// <summary>How far ahead of the office's clock a call may lie: clocks differ, dates of next month are slips.</summary>
    public static readonly TimeSpan FutureAllowed = TimeSpan.FromDays(1);

    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch.AddDays(1);

    private readonly Dictionary<string, int> _positions = columns.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);

    /// <summary>Reads one row.</summary>
    public RowResult Read(TableRow row)
    {
        if (row.Cells.Count != columns.Count) return Refuse("", SetAsideReasons.CellCount, $"the row has {row.Cells.Count} cells, the header {columns.Count}");

        var key = Text(row, map.Key);
        var title = Text(row, map.Title);
        var body = Text(row, map.Body);
        var place = Text(row, map.Place);
        var contact = new Contact(Given(row, map.Contact?.Name), Given(row, map.Contact?.Phone), Given(row, map.Contact?.Email));
        var refusal = Check(map.Key, key, LetterText.TitleLimit, required: true) ?? Check(map.Title, title, LetterText.TitleLimit) ?? Check(map.Body, body, LetterText.BodyLimit, required: true)
            ?? Check(map.Place, place, LetterText.TitleLimit) ?? Check(map.Contact?.Name, contact.Name, LetterText.TitleLimit)
            ?? Check(map.Contact?.Phone, contact.Phone, LetterText.TitleLimit) ?? Check(map.Contact?.Email, contact.Email, LetterText.TitleLimit);
        if (refusal is not null) return new RowResult(null, refusal);

        var cell = row.Cells[_positions[map.Received.Column]];
        if (cell.IsEmpty) return Refuse(map.Received.Column, SetAsideReasons.NoDate, "there is no date");
        if ((cell.WallClock ?? map.TimeOf(cell.Text.Trim())) is not { } wallClock) return Refuse(map.Received.Column, SetAsideReasons.UnknownDate, "no such date in any of the map's formats");
        // Near the ends of the calendar a zone cannot be applied.
        if (wallClock.Year < Earliest.Year || wallClock.Year > now.Year + 1) return Refuse(map.Received.Column, wallClock.Year < Earliest.Year ? SetAsideReasons.DateTooEarly : SetAsideReasons.DateInFuture, $"a date before {Earliest.Year} or in the future");
        var arrived = office.Calendar.FromOffice(DateTime.SpecifyKind(wallClock, DateTimeKind.Unspecified));
        if (arrived < Earliest) return Refuse(map.Received.Column, SetAsideReasons.DateTooEarly, $"a date before {Earliest.Year}");
        if (arrived > now + FutureAllowed) return Refuse(map.Received.Column, SetAsideReasons.DateInFuture, "a date in the future");

        // A hotline's sheet has no field in which the caller agrees, so nothing of it is ever published.
        var letter = new IncomingLetter(Channel.Hotline, key, arrived, title, body)
        {
            Place = place,
            District = DistrictOf(Text(row, map.District)),
            Contact = contact.IsEmpty ? null : contact,
            Publish = false,
        };
        return letter.Problem() is { } problem ? Refuse("", SetAsideReasons.Of(problem), Describe(problem, LetterText.BodyLimit)) : new RowResult(letter, null);
    }

    /// <summary>The district a cell names by code or name; null for none and for one that is not the office's.</summary>
    private string? DistrictOf(string text) => text.Length == 0 ? null : office.Districts.FirstOrDefault(district =>
        string.Equals(district.Code, text, StringComparison.OrdinalIgnoreCase) || string.Equals(district.Name.Zh, text, StringComparison.Ordinal)
        || string.Equals(district.Name.En, text, StringComparison.OrdinalIgnoreCase))?.Code;

    private string Text(TableRow row, string? column) => column is null ? "" : row.Cells[_positions[column]].Text.Trim();

    private string? Given(TableRow row, string? column) => Text(row, column) is { Length: > 0 } text ? text : null;

    private static RowRefusal? Check(string? column, string? text, int limit, bool required = false) =>
        LetterText.Check(text, limit, required) is { } problem ? new RowRefusal(column ?? "", SetAsideReasons.Of(problem), Describe(problem, limit)) : null;

    private static string Describe(TextProblem problem, int limit) => problem switch
    {
        TextProblem.Empty => "the cell is empty",
        TextProblem.TooLong => $"the cell is longer than {limit} characters",
        TextProblem.NullCharacter => "the cell holds U+0000",
        TextProblem.LoneSurrogate => "the cell holds half of a surrogate pair",
        _ => throw new ArgumentOutOfRangeException(nameof(problem)),
    };

    private static RowResult Refuse(string column, string word, string reason) => new(null, new RowRefusal(column, word, reason));
}
