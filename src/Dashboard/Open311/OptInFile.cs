using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Opinion.Desk.Open311;

namespace Opinion.Dashboard.Open311;

/// <summary>The file by which this desk lets another installation of the same office fetch its published requests; without one named there is none.</summary>
public static class OptInFile
{
    /// <summary>Answers with the file.</summary>
    public static async Task<Results<JsonHttpResult<OptInContent>, NotFound>> ReadAsync(ServiceSetup setup, CancellationToken cancel) =>
        (await setup.ReadAsync(cancel)).Guest is { } guest ? TypedResults.Json(new OptInContent(guest.Installation, guest.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))) : TypedResults.NotFound();
}

/// <summary>What the opt-in file says.</summary>
/// <param name="Installation">The installation that may fetch.</param>
/// <param name="Until">The last day on which it may, as yyyy-MM-dd.</param>
public sealed record OptInContent(string Installation, string Until);
