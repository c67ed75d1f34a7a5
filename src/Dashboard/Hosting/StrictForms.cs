using System.Text;

namespace Opinion.Dashboard.Hosting;

/// <summary>
/// Refuses a posted form whose bytes are no UTF-8, lone surrogates among them. The framework's form reader would put
/// U+FFFD in their place and the writer's words would be changed without a word.
/// </summary>
public sealed class StrictForms(RequestDelegate next)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Checks the body of a form and passes the request on.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType && http.Request.ContentType!.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            http.Request.EnableBuffering();
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            http.Request.Body.Position = 0;
            if (!IsUtf8(body.GetBuffer().AsSpan(0, (int)body.Length)))
            {
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                http.Items[ErrorPage.Reason] = Desk.Matters.Refusal.LoneSurrogate;
                return;
            }
        }

        await next(http);
    }

    /// <summary>Whether the percent-decoded bytes are UTF-8.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> encoded)
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
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
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
