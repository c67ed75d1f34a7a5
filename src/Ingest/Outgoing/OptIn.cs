using System.Globalization;
using System.Text.Json;
using Opinion.Desk.Offices;

namespace Opinion.Ingest.Outgoing;

/// <summary>What was found where a server says that this installation may read it.</summary>
public enum OptInFinding
{
    /// <summary>The server names this installation, with a date that has not passed.</summary>
    Given,

    /// <summary>There is no such file: the answer was not 200.</summary>
    Missing,

    /// <summary>What is there is not the JSON that is asked for.</summary>
    Unreadable,

    /// <summary>It names another installation.</summary>
    OtherInstallation,

    /// <summary>Its date has passed.</summary>
    Passed,

    /// <summary>The server could not be asked.</summary>
    Unreachable,
}

/// <summary>What was found.</summary>
/// <param name="Finding">The finding; only <see cref="OptInFinding.Given"/> lets anything be read.</param>
/// <param name="Until">The last day for which it is given; null where none was read.</param>
/// <param name="Status">The HTTP status; null where there was no answer.</param>
/// <param name="Fault">Why the server could not be asked; null where it could.</param>
public sealed record OptInState(OptInFinding Finding, DateOnly? Until = null, int? Status = null, OutgoingFault? Fault = null)
{
    /// <summary>Whether the server may be read now.</summary>
    public bool Given => Finding == OptInFinding.Given;

    /// <summary>The finding in English words, for logs and commands.</summary>
    public string InWords => string.Create(CultureInfo.InvariantCulture, $"{OptIn.Path}: ") + Finding switch
    {
        OptInFinding.Given => string.Create(CultureInfo.InvariantCulture, $"given until {Until:yyyy-MM-dd}"),
        OptInFinding.Missing => string.Create(CultureInfo.InvariantCulture, $"answered {Status}, not 200"),
        OptInFinding.Unreadable => "is not JSON with \"installation\" and \"until\"",
        OptInFinding.OtherInstallation => "names another installation",
        OptInFinding.Passed => string.Create(CultureInfo.InvariantCulture, $"was given until {Until:yyyy-MM-dd}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"could not be read ({Fault})"),
    };
}

/// <summary>
/// Asks a server whether this installation may read it: <c>/.well-known/opinion-intake.json</c> must answer 200 by itself,
/// without a redirect, with <c>{"installation": "…", "until": "2027-06-30"}</c>, the id this office shows its administrator and a day
/// of the office's calendar that has not passed. Asked before every run and never remembered: when the file goes, reading stops.
/// </summary>
public sealed class OptIn(OutgoingClient client, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>Where the file lies on a server.</summary>
    public const string Path = "/.well-known/opinion-intake.json";

    private const int Limit = 16 * 1024;

    /// <summary>Asks the server of an address.</summary>
    public async Task<OptInState> AskAsync(Uri server, CancellationToken cancel)
    {
        OutgoingAnswer answer;
        try
        {
            answer = await client.SendAsync(new OutgoingCall(new Uri(server, Path)) { Accept = "application/json", Limit = Limit, Redirects = 0 }, cancel);
        }
        catch (OutgoingException error)
        {
            return new OptInState(OptInFinding.Unreachable, Fault: error.Fault);
        }

        if (answer.Status != 200) return new OptInState(OptInFinding.Missing, Status: answer.Status);
        var office = await offices.GetAsync(cancel);
        return Read(answer.Content, office.Settings.InstallationId, office.Calendar.DayOf(clock.GetUtcNow()));
    }

    /// <summary>Judges the file's content.</summary>
    internal static OptInState Read(ReadOnlyMemory<byte> content, string installation, DateOnly today)
    {
        try
        {
            using var json = JsonDocument.Parse(Unmarked(content), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("installation", out var named) || named.ValueKind != JsonValueKind.String
                || !json.RootElement.TryGetProperty("until", out var until) || until.ValueKind != JsonValueKind.String
                || !DateOnly.TryParseExact(until.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return new OptInState(OptInFinding.Unreadable, Status: 200);
            if (!string.Equals(named.GetString(), installation, StringComparison.Ordinal)) return new OptInState(OptInFinding.OtherInstallation, Status: 200);
            return new OptInState(day < today ? OptInFinding.Passed : OptInFinding.Given, day, 200);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return new OptInState(OptInFinding.Unreadable, Status: 200);
        }
    }

    // Editors on some systems put a mark at the start of a file; JSON knows none.
    private static ReadOnlyMemory<byte> Unmarked(ReadOnlyMemory<byte> content) => content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content;
}
