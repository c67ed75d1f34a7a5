using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Opinion.Desk.Attachments;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Hosting;

/// <summary>
/// Reads forms with files (RFC 7578) part by part as they arrive. The framework's own reader would lay large files as they
/// are into the machine's temporary folder; here nothing of them touches a disk before it is sealed. Texts are held to the
/// same strictness as in a plain form.
/// </summary>
internal sealed class MultipartForms(UploadRoom room)
{
    private const int Chunk = 32 << 10;
    private const int MostFields = 200;
    // How many times the limit is read over before a request is cut off.
    private const int Patience = 4;
    private const int MostParts = 400;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the form of a request and gives it to the page.</summary>
    /// <returns>The status and reason for which it is refused; null where the page goes on.</returns>
    public async Task<(int Status, Refusal? Reason)?> ReadAsync(HttpContext http, MediaTypeHeaderValue type, UploadLimits limits)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        // RFC 2046, section 5.1.1.
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 70) return (StatusCodes.Status400BadRequest, null);
        var tooLarge = http.Request.ContentLength > limits.RequestBytes;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = tooLarge ? limits.RequestBytes * Patience : limits.RequestBytes;
        var share = room.Begin();
        http.Response.RegisterForDispose(share);
        try
        {
            if (tooLarge)
            {
                // A browser reads the answer only when it has said all it had to say.
                if (http.Request.ContentLength <= limits.RequestBytes * Patience) await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
                return (StatusCodes.Status413PayloadTooLarge, Refusal.FileTooLarge);
            }

            return await ReadAsync(http, new MultipartReader(boundary, http.Request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8 << 10 }, share, limits);
        }
        catch (BadHttpRequestException error)
        {
            return (error.StatusCode, error.StatusCode == StatusCodes.Status413PayloadTooLarge ? Refusal.FileTooLarge : null);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            // Cut off in the middle, or no form at all; of what arrives in part nothing is kept.
            return (StatusCodes.Status400BadRequest, null);
        }
    }

    private static async Task<(int Status, Refusal? Reason)?> ReadAsync(HttpContext http, MultipartReader reader, UploadRoom.Share share, UploadLimits limits)
    {
        var cancel = http.RequestAborted;
        var fields = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        var files = new List<IncomingAttachment>();
        var (textLeft, parts) = (DashboardHost.BodyLimit, 0);
        while (await reader.ReadNextSectionAsync(cancel) is { } part)
        {
            if (++parts > MostParts || !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)) return (StatusCodes.Status400BadRequest, null);
            if (disposition.IsFileDisposition())
            {
                // What is beyond the limits is read over, so that the page itself can say what is wrong.
                var most = files.Count < limits.Files ? limits.FileBytes + 1 : 0;
                if (await FileAsync(part.Body, share, most, cancel) is not { } content) return (StatusCodes.Status503ServiceUnavailable, Refusal.TooBusy);
                files.Add(new IncomingAttachment(disposition.FileNameStar.Value ?? disposition.FileName.Value, content));
                continue;
            }

            if (!disposition.IsFormDisposition() || fields.Count > MostFields) return (StatusCodes.Status400BadRequest, null);
            if (await TextAsync(part.Body, textLeft, cancel) is not { } text) return (StatusCodes.Status413PayloadTooLarge, Refusal.TooLong);
            textLeft -= text.Length;
            if (Add(fields, HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "", text) is { } refusal) return (StatusCodes.Status400BadRequest, refusal);
        }

        http.Features.Set(new Uploads(files));
        http.Features.Set<IFormFeature>(new FormFeature(new FormCollection(fields)));
        return null;
    }

    private static Refusal? Add(Dictionary<string, StringValues> fields, string name, byte[] text)
    {
        if (text.AsSpan().Contains((byte)0)) return Refusal.NullCharacter;
        try
        {
            fields[name] = StringValues.Concat(fields.GetValueOrDefault(name), Strict.GetString(text));
            return null;
        }
        catch (DecoderFallbackException)
        {
            return Refusal.LoneSurrogate;
        }
    }

    private static async Task<byte[]?> TextAsync(Stream body, long most, CancellationToken cancel)
    {
        using var text = new MemoryStream();
        var chunk = new byte[Chunk];
        for (int read; (read = await body.ReadAsync(chunk, cancel)) > 0;)
        {
            if (text.Length + read > most) return null;
            text.Write(chunk, 0, read);
        }

        return text.ToArray();
    }

    // Null where there is no room. The pieces are put together once the whole is known, so the room is not overdrawn by growing.
    private static async Task<byte[]?> FileAsync(Stream body, UploadRoom.Share share, int most, CancellationToken cancel)
    {
        var pieces = new List<byte[]>();
        var (chunk, length) = (new byte[Chunk], 0);
        for (int read; (read = await body.ReadAsync(chunk, cancel)) > 0;)
        {
            var kept = Math.Min(read, most - length);
            if (kept <= 0) continue;
            if (!share.TryTake(kept)) return null;
            pieces.Add(chunk[..kept]);
            length += kept;
        }

        var content = new byte[length];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(content, at);
            at += piece.Length;
        }

        return content;
    }
}
