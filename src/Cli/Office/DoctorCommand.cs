using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Analysis.Dictionaries;
using Opinion.Desk.Storage;

namespace Opinion.Cli.Office;

/// <summary>
/// <c>opinion doctor --data DIR|--store CONNECTION [--format text|json] [--all]</c>: what stands in a store and what is wrong with it. Exit code 0
/// when nothing is, 1 when something was found or it cannot be opened, 2 when there is no such store.
/// </summary>
internal static class DoctorCommand
{
    private static readonly DoctorJson Json = new(new JsonSerializerOptions(DoctorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var format = new Option<string>("--format") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var all = new Option<bool>("--all") { Description = "Opens all that is sealed, and not only a sample." };
        var command = new Command("doctor", "Says what stands in an office's store and what is wrong with it.") { format, all };
        var place = new OfficePlace().AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(place.Of(parsed), parsed.GetRequiredValue(format), parsed.GetValue(all), cancel));
        return command;
    }

    private static async Task<int> RunAsync((string Folder, string? Connection) place, string format, bool all, CancellationToken cancel)
    {
        if (OfficePlace.Missing(place) is { } missing)
        {
            await Console.Error.WriteLineAsync("opinion: " + missing);
            return 2;
        }

        try
        {
            await using var services = await OfficePlace.OpenAsync(place, cancel);
            var doctor = services.GetRequiredService<Doctor>();
            var report = await doctor.ExamineAsync(all, cancel);
            if (await doctor.CompareClocksAsync(cancel) is { } apart) report = report with { Findings = [.. report.Findings, apart] };
            Console.Out.WriteLine(format == "json" ? JsonSerializer.Serialize(report, Json.DoctorReport) : TextOf(report));
            return report.Findings.Count == 0 ? 0 : 1;
        }
        catch (Exception error) when (error is StoreException or DictionaryException or DbException)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 1;
        }
    }

    private static string TextOf(DoctorReport report) => string.Join('\n',
        [
            string.Create(CultureInfo.InvariantCulture, $"engine {report.Engine}, schema {report.Schema}"),
            string.Create(CultureInfo.InvariantCulture, $"letters {report.Letters}, matters {report.Matters}, open {report.Open}, overdue {report.Overdue}"),
            string.Create(CultureInfo.InvariantCulture, $"waiting {report.Waiting}, set aside {report.SetAside}"),
            .. report.Findings.Count == 0 ? ["no findings"] : report.Findings.Select(finding => "finding: " + finding),
        ]);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
