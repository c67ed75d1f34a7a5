using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Cli.Analysis;
using Opinion.Dashboard.OpenData;
using Opinion.Desk.Offices;
using Opinion.Desk.Reports;
using Opinion.Desk.Storage;

namespace Opinion.Cli.Office;

/// <summary>
/// <c>opinion report --week 2026-W47 --format html|md|json|csv|pdf [--out FILE] --data DIR|--store CONNECTION</c>: a week's report as it was
/// released; a week that has ended and was not released yet is released. With <c>--correct CELL=COUNT --reason TEXT</c> an erratum. Exit code 2 for a bad argument or a week that has not ended.
/// </summary>
internal static class ReportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var week = new Option<string>("--week") { Description = "The ISO week, such as 2026-W47.", Required = true };
        var format = new Option<string>("--format") { Description = "html, md, json, csv or pdf.", DefaultValueFactory = _ => "md" };
        format.AcceptOnlyFromAmong([.. WeekForm.All.Select(form => form.Name)]);
        var to = new Option<string?>("--out") { Description = "A file to write; standard output where none is named.", HelpName = "FILE" };
        var correct = new Option<string[]>("--correct") { Description = "An erratum: the right count of a cell, such as closed=115; once for each cell that changes.", HelpName = "CELL=COUNT" };
        var reason = new Option<string?>("--reason") { Description = "Why it is corrected; published with it.", HelpName = "TEXT" };
        var command = new Command("report", "Gives a week's report, the same for everybody.") { week, format, to, correct, reason };
        var place = new OfficePlace().AddTo(command);
        command.SetAction((parsed, cancel) => parsed.GetValue(correct) is { Length: > 0 } cells
            ? CorrectAsync(parsed.GetRequiredValue(week), cells, parsed.GetValue(reason) ?? "", place.Of(parsed), cancel)
            : RunAsync(parsed.GetRequiredValue(week), parsed.GetRequiredValue(format), parsed.GetValue(to), place.Of(parsed), cancel));
        return command;
    }

    private static async Task<int> CorrectAsync(string name, string[] cells, string reason, (string Folder, string? Connection) place, CancellationToken cancel)
    {
        var week = WeekOf(name, place);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var cell in cells)
        {
            if (cell.Split('=') is not [{ Length: > 0 } key, var value] || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || !counts.TryAdd(key, count))
                throw new UsageException($"--correct: \"{cell}\" is not CELL=COUNT, such as closed=115, or stands twice");
        }

        try
        {
            await using var services = await OfficePlace.OpenAsync(place, cancel);
            if (await services.GetRequiredService<CorrectWeek>().HandleAsync(week, counts, reason, cancel) is { } refused) throw new UsageException("--correct: " + refused);
            return 0;
        }
        catch (Exception error) when (error is StoreException or DbException)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 1;
        }
    }

    private static async Task<int> RunAsync(string name, string format, string? to, (string Folder, string? Connection) place, CancellationToken cancel)
    {
        var week = WeekOf(name, place);
        try
        {
            await using var services = await OfficePlace.OpenAsync(place, cancel);
            var reports = services.GetRequiredService<WeeklyReport>();
            if (await reports.ReleaseAsync(week, cancel) is not { } report) throw new UsageException($"--week: {week} has not ended; an unfinished week has no report");
            var bytes = WeekForm.All.Single(form => form.Name == format).Write(report, await services.GetRequiredService<OfficeDirectory>().GetAsync(cancel));
            if (to is null)
            {
                await using var output = Console.OpenStandardOutput();
                await output.WriteAsync(bytes, cancel);
                return 0;
            }

            WholeFile.Write(to, file => file.Write(bytes));
            return 0;
        }
        catch (Exception error) when (error is StoreException or DbException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 1;
        }
    }

    private static IsoWeek WeekOf(string name, (string Folder, string? Connection) place)
    {
        if (IsoWeek.Parse(name) is not { } week) throw new UsageException($"--week: \"{name}\" is not an ISO week such as 2026-W47");
        return OfficePlace.Missing(place) is { } missing ? throw new UsageException(missing) : week;
    }
}
