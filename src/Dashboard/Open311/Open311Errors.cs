using System.Globalization;
using Opinion.Dashboard.Hosting;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;
using Opinion.Ingest.Open311;

namespace Opinion.Dashboard.Open311;

/// <summary>
/// Below <c>/open311</c> whatever goes wrong, before the endpoint or in it, is told as the specification has it: an array of
/// errors in the format that was asked for, with 403, 404 or 400. Beyond that only 429, and 503 and 507 where the store
/// cannot take anything now, so that a sender knows to come again.
/// </summary>
public sealed partial class Open311Errors(RequestDelegate next, ILogger<Open311Errors> log)
{
    /// <summary>Where this door lies.</summary>
    public const string Root = "/open311";

    /// <summary>Passes a request on and tells what went wrong with it.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments(Root, StringComparison.Ordinal))
        {
            await next(http);
            return;
        }

        IReadOnlyList<Problem> problems = [];
        try
        {
            await next(http);
            if (http.Response.HasStarted || http.Response.StatusCode < 400) return;
            problems = [Of(http.Response.StatusCode, http.Items[ErrorPage.Reason] as Refusal?)];
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be told.
            return;
        }
        catch (ProblemException error)
        {
            problems = error.Problems;
        }
        catch (LetterRefusedException)
        {
            problems = [Problem.Bad("内容不能接收。", "The content cannot be taken.")];
        }
        catch (Exception error) when (error is BadHttpRequestException or InvalidDataException)
        {
            problems = [Of(StatusCodes.Status400BadRequest, null)];
        }
        catch (Exception error) when (StoreFaults.Of(error) is not null)
        {
            ErrorPage.Mark(http.Response, StoreFaults.Of(error)!.Value);
            problems = [Of(http.Response.StatusCode, null)];
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            LogFailed(log, error);
            problems = [Of(StatusCodes.Status500InternalServerError, null)];
        }

        http.Response.StatusCode = problems.Any(problem => problem.Status == 403) ? 403 : problems.Any(problem => problem.Status == 400) ? 400 : problems[0].Status;
        if (http.Response.StatusCode == StatusCodes.Status429TooManyRequests) http.Response.Headers.RetryAfter = "60";
        await Open311Resource.WriteAsync(http, Problem.DocumentOf(problems));
    }

    // 400 is the specification's word for all that is neither a missing thing nor a wrong key.
    private static Problem Of(int status, Refusal? refusal) => status switch
    {
        404 => Problem.NotFound("没有这个地址。", "There is nothing at this address."),
        403 => Problem.NoKey,
        429 => new Problem(429, "请求太多，请稍后再试。 / Too many requests; come again in a minute."),
        507 => new Problem(507, "存储空间已满，请稍后再试；没有存下任何内容。 / The store is full; nothing was stored. Come again later."),
        503 => new Problem(503, "暂时不能受理，请稍后再试。 / It cannot be taken now; come again later."),
        >= 500 => new Problem(status, "服务出错，请稍后再试。 / The service failed; come again later."),
        _ => refusal switch
        {
            Refusal.NullCharacter => Problem.Bad("内容里有空字符（U+0000）。", "The content holds U+0000."),
            Refusal.LoneSurrogate => Problem.Bad("内容不是完好的 UTF-8。", "The content is no sound UTF-8."),
            _ => Problem.Bad(string.Create(CultureInfo.InvariantCulture, $"这个请求不能识别（{status}）。"), string.Create(CultureInfo.InvariantCulture, $"This request cannot be understood ({status}).")),
        },
    };

    [LoggerMessage(1, LogLevel.Error, "A request at the Open311 door failed")]
    private static partial void LogFailed(ILogger log, Exception error);
}
