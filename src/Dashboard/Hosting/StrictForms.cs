using System.Text;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Net.Http.Headers;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Hosting;

/// <summary>
/// Reads forms with files where a page takes them, see <see cref="MultipartForms"/>, and refuses a posted form that holds U+0000 or whose bytes are no UTF-8, lone surrogates among them, or that says it is written in another
/// encoding. The framework's form reader would put U+FFFD or a question mark in their place and the writer's words would
/// be changed without a word.
/// </summary>
public sealed class StrictForms(RequestDelegate next, UploadRoom room)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly MultipartForms _withFiles = new(room);

    /// <summary>Checks the body of a form and passes the request on.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        // A request that was refused comes here once more on its way to the error page.
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType && http.Features.Get<IStatusCodeReExecuteFeature>() is null && http.Features.Get<IExceptionHandlerFeature>() is null)
        {
            if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) && UploadLimits.For(http.Request.Path) is { } limits)
            {
                if (await _withFiles.ReadAsync(http, type, limits) is not { } refused)
                {
                    await next(http);
                    return;
                }

                http.Response.StatusCode = refused.Status;
                if (refused.Reason is { } reason) http.Items[ErrorPage.Reason] = reason;
                return;
            }

            if (type is null || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
                || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            {
                http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                return;
            }

            http.Request.EnableBuffering();
            using var body = new MemoryStream();
            try
            {
                await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            }
            catch (BadHttpRequestException error)
            {
                // Too large, or broken on the way: the sender is told, and it is no failure of this program to be logged.
                http.Response.StatusCode = error.StatusCode;
                return;
            }
            catch (Exception error) when (error is IOException or OperationCanceledException && http.RequestAborted.IsCancellationRequested)
            {
                // The sender is gone, with half of what was to be said; nobody is left to be told.
                return;
            }

            http.Request.Body.Position = 0;
            if (Check(body.GetBuffer().AsSpan(0, (int)body.Length)) is { } refusal)
            {
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                http.Items[ErrorPage.Reason] = refusal;
                return;
            }
        }

        await next(http);
    }

    /// <summary>What is wrong with the percent-decoded bytes; null where they are UTF-8 without U+0000, which the framework refuses without saying why.</summary>
    public static Refusal? Check(ReadOnlySpan<byte> encoded)
    {
        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length && Hex(encoded[i + 1]) is >= 0 and var high && Hex(encoded[i + 2]) is >= 0 and var low)
            {
                decoded[length++] = (byte)((high << 4) | low);
                i += 2;
            }
            else
            {
                decoded[length++] = encoded[i];
            }
        }

        try
        {
            Strict.GetCharCount(decoded, 0, length);
            return decoded.AsSpan(0, length).Contains((byte)0) ? Refusal.NullCharacter : null;
        }
        catch (DecoderFallbackException)
        {
            return Refusal.LoneSurrogate;
        }
    }

    private static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
