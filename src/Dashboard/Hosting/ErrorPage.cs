using System.Globalization;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.Hosting;

/// <summary>What an error page is told about its reason.</summary>
public static class ErrorPage
{
    /// <summary>The key under which a request carries the <see cref="Refusal"/> its error page names.</summary>
    public const string Reason = "opinion-refusal";

    // A restarted store is back within seconds; space on a disk is made by a person.
    private const int SecondsToReturn = 15;
    private const int SecondsToMakeRoom = 300;

    /// <summary>The HTTP status of a store that cannot do its work: 503, or 507 where its disk is full.</summary>
    public static int StatusOf(StoreFault fault) => fault == StoreFault.Full ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status503ServiceUnavailable;

    /// <summary>Answers with that status and says when to try again.</summary>
    public static void Mark(HttpResponse response, StoreFault fault)
    {
        response.StatusCode = StatusOf(fault);
        response.Headers.RetryAfter = (fault == StoreFault.Full ? SecondsToMakeRoom : SecondsToReturn).ToString(CultureInfo.InvariantCulture);
    }
}
