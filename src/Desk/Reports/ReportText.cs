using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opinion.Desk.Reports;

/// <summary>
/// A released report as JSON, CSV and Markdown. Each is a function of the released report alone, so that the same bytes come
/// from the web and from the command, today and in a year. Names are codes; the page gives them in the reader's language.
/// </summary>
public static class ReportText
{
    /// <summary>As JSON, the form that DESIGN.md keeps stable; one line, ended.</summary>
    public static string Json(Report report) => JsonSerializer.Serialize(report, ReportJson.Default.Report) + "\n";

    /// <summary>As CSV: part, table, key, value, label, state, formula; one row for each cell and figure. Hidden values are empty.</summary>
    public static string Csv(Report report)
    {
        var text = new StringBuilder("part,table,key,value,label,state,formula\r\n");
        Row("week", "", report.Week, "", report.Released.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), "", "");
        foreach (var measure in report.Measures) Row("measure", "", measure.Name, Plain(measure.Value), "", "", measure.Formula);
        foreach (var table in report.Tables)
        {
            foreach (var row in table.Rows) Row("table", table.Name, row.Key, Plain(row.Count), row.Label ?? "", row.State ?? "", "");
        }

        foreach (var erratum in report.Errata) Row("erratum", "", "", "", erratum, "", "");
        return text.ToString();

        void Row(params string[] cells) => text.AppendJoin(',', cells.Select(Quoted)).Append("\r\n");
    }

    /// <summary>As Markdown: figures with their formulas, then each table. Hidden values are dashes.</summary>
    public static string Markdown(Report report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# 周报 Weekly report {report.Week}\n\n{report.Released.ToUniversalTime():yyyy-MM-dd HH:mm} UTC\n\n")
            .Append(CultureInfo.InvariantCulture, $"{ReportNames.Rounding.Zh} {ReportNames.Rounding.En}\n\n")
            .Append("## measures\n\n| figure | value | formula |\n| --- | ---: | --- |\n");
        foreach (var measure in report.Measures) text.Append(CultureInfo.InvariantCulture, $"| `{measure.Name}` | {ReportNames.Shown(measure.Value)} | {Cell(measure.Formula)} |\n");
        foreach (var table in report.Tables)
        {
            var labelled = table.Rows.Any(row => row.Label is not null || row.State is not null);
            text.Append(CultureInfo.InvariantCulture, $"\n## {table.Name}\n\n").Append(labelled ? "| key | count | title | state |\n| --- | ---: | --- | --- |\n" : "| key | count |\n| --- | ---: |\n");
            foreach (var row in table.Rows)
                text.Append(CultureInfo.InvariantCulture, $"| `{row.Key}` | {ReportNames.Shown(row.Count)} |").Append(labelled ? $" {Cell(row.Label)} | {Cell(row.State)} |\n" : "\n");
        }

        if (report.Errata.Count > 0) text.Append("\n## errata\n\n");
        foreach (var erratum in report.Errata) text.Append("- ").Append(Cell(erratum)).Append('\n');
        return text.ToString();
    }

    private static string Plain(decimal? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Cell(string? words) => (words ?? "").ReplaceLineEndings(" ").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);

    private static string Quoted(string words)
    {
        var cell = FormulaCells.Defused(words);
        return cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
