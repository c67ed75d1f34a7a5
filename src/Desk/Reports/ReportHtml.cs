using System.Globalization;
using System.Net;
using System.Text;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Reports;

/// <summary>A released report as one page that needs nothing else, Chinese and English side by side, to print or to send on.</summary>
public static class ReportHtml
{
    /// <summary>The page.</summary>
    /// <param name="report">The released report.</param>
    /// <param name="office">The office whose names stand in it.</param>
    public static string Of(Report report, Office office)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $$"""
            <!DOCTYPE html>
            <html lang="zh-CN">
            <head>
            <meta charset="utf-8">
            <title>{{Text(office.Settings.Name.Zh)}} 周报 {{report.Week}}</title>
            <style>body{font-family:sans-serif;max-width:50rem;margin:2rem auto}table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.25rem .5rem;text-align:left}td.n{text-align:right}@page{size:A4}</style>
            </head>
            <body>
            <h1>{{Text(office.Settings.Name.Zh)}} 周报 {{report.Week}}</h1>
            <p lang="en">{{Text(office.Settings.Name.En)}}, weekly report</p>
            <p>{{report.Released.ToUniversalTime():yyyy-MM-dd HH:mm}} UTC</p>
            <p>{{Both(ReportNames.Rounding)}}</p>
            <table data-table="measures"><thead><tr><th>数字 Figure</th><th>值 Value</th><th>算法 Formula</th></tr></thead><tbody>

            """);
        foreach (var measure in report.Measures)
            html.Append(CultureInfo.InvariantCulture, $"<tr data-key=\"{Text(measure.Name)}\"><td>{Both(ReportNames.Measure(measure.Name))}</td><td class=\"n\">{ReportNames.Shown(measure.Value)}</td><td>{Both(ReportNames.Formula(measure))}</td></tr>\n");
        html.Append("</tbody></table>\n");
        foreach (var table in report.Tables)
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>{Both(ReportNames.Table(table.Name))}</h2>\n<table data-table=\"{Text(table.Name)}\"><tbody>\n");
            foreach (var row in table.Rows)
                html.Append(CultureInfo.InvariantCulture, $"<tr data-key=\"{Text(row.Key)}\"><td>{Both(ReportNames.Row(office, table.Name, row))}</td><td class=\"n\">{ReportNames.Shown(row.Count)}</td>{(row.State is null ? "" : $"<td>{Text(row.State)}</td>")}</tr>\n");
            html.Append("</tbody></table>\n");
        }

        html.Append("<h2>勘误 <span lang=\"en\">Errata</span></h2>\n");
        html.Append(report.Errata.Count == 0 ? "<p>无 <span lang=\"en\">None</span></p>\n" : string.Concat(report.Errata.Select(erratum => $"<p>{Text(erratum)}</p>\n")));
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static string Both(Name name) => name.Zh == name.En ? Text(name.Zh) : $"{Text(name.Zh)} <span lang=\"en\">{Text(name.En)}</span>";

    private static string Text(string words) => WebUtility.HtmlEncode(words);
}
