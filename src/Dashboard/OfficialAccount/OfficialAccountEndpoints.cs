using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Opinion.Dashboard.Hosting;
using Opinion.Ingest.OfficialAccount;

namespace Opinion.Dashboard.OfficialAccount;

/// <summary>The address the official account's platform calls: <c>/official-account</c>.</summary>
public static class OfficialAccountEndpoints
{
    /// <summary>The address.</summary>
    public const string Path = "/official-account";

    /// <summary>Maps it.</summary>
    public static void MapOfficialAccount(this WebApplication app)
    {
        app.MapGet(Path, CheckAsync);
        app.MapPost(Path, AnswerAsync);
    }

    private static async Task<ContentHttpResult> CheckAsync(HttpContext http, AccountCallback callback) => Result(await callback.CheckAsync(QueryOf(http.Request), http.RequestAborted));

    private static async Task<ContentHttpResult> AnswerAsync(HttpContext http, AccountCallback callback, LetterWayWorker worker)
    {
        var (body, problem) = await ReadAsync(http);
        if (problem is not null) return Result(problem);
        // A platform that hangs up after five seconds comes again with the same message: what was begun is brought to its end.
        var result = await callback.AnswerAsync(QueryOf(http.Request), body, CancellationToken.None);
        if (result.NewLetter) worker.Wake();
        return Result(result);
    }

    private static async Task<(byte[] Body, CallbackResult? Problem)> ReadAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        try
        {
            for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
            {
                if (body.Length + read > AccountXml.BodyLimit) return ([], new CallbackResult(StatusCodes.Status413PayloadTooLarge, "The body is too long."));
                body.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException error)
        {
            return ([], new CallbackResult(error.StatusCode, "The body cannot be read."));
        }
        catch (Exception error) when (error is IOException or OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            // The sender is gone, with half of what was to be said; nothing of it is kept.
            return ([], new CallbackResult(StatusCodes.Status400BadRequest, "The body ends too early."));
        }

        return (body.ToArray(), null);
    }

    private static CallbackQuery QueryOf(HttpRequest request) =>
        new(request.Query["signature"], request.Query["timestamp"], request.Query["nonce"], request.Query["echostr"], request.Query["msg_signature"]);

    private static ContentHttpResult Result(CallbackResult result) =>
        TypedResults.Text(result.Body, result.Xml ? "text/xml" : "text/plain", Encoding.UTF8, result.Status);
}
