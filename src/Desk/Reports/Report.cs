using System.Text.Json.Serialization;

namespace Opinion.Desk.Reports;

/// <summary>One line of a published table; the count is null where it is hidden.</summary>
/// <param name="Key">A code that names the row in all weeks.</param>
/// <param name="Count">The count rounded to five; null where it is hidden.</param>
/// <param name="Label">Words where the key is no code of the scheme, such as a topic's title.</param>
/// <param name="State">A state, such as a topic's.</param>
public sealed record ReportRow(string Key, long? Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Label = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? State = null);

/// <summary>One published table.</summary>
public sealed record ReportTable(string Name, IReadOnlyList<ReportRow> Rows);

/// <summary>One published figure with the formula it comes from; the value is null where it is hidden. Rates are whole percent, days have one decimal.</summary>
public sealed record ReportMeasure(string Name, decimal? Value, string Formula);

/// <summary>The weekly report as published: the same for leadership, press and public.</summary>
/// <param name="Week">The ISO week, such as 2026-W46.</param>
/// <param name="Released">When it was released, UTC.</param>
/// <param name="Received">Letters that arrived in the week, rounded to 5; null where hidden.</param>
/// <param name="Tables">The sections' tables. They cannot be left out.</param>
/// <param name="Measures">The sections' figures. They cannot be left out.</param>
/// <param name="Errata">What was found wrong since.</param>
public sealed record Report(string Week, DateTimeOffset Released, long? Received, IReadOnlyList<ReportTable> Tables, IReadOnlyList<ReportMeasure> Measures, IReadOnlyList<string> Errata);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
