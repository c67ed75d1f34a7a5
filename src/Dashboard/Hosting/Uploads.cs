using Opinion.Desk.Attachments;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Hosting;

/// <summary>How much a page with files takes.</summary>
/// <param name="Files">The most files; what is beyond is counted and not kept.</param>
/// <param name="FileBytes">The largest file; of a larger one only enough is kept to see that it is.</param>
/// <param name="RequestBytes">The largest request.</param>
public sealed record UploadLimits(int Files, int FileBytes, long RequestBytes)
{
    // Every other page takes a plain form only.
    private static readonly Dictionary<string, UploadLimits> Pages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["/write"] = OfLetters,
        ["/staff/paper"] = OfLetters,
        ["/staff/admin/hotline"] = new UploadLimits(1, 20 << 20, 24 << 20),
    };

    // Five files of the largest size, a text far above its limit, and what lies between.
    private static UploadLimits OfLetters => new(AttachmentRules.Most, AttachmentRules.LargestBytes, ((long)AttachmentRules.Most * AttachmentRules.LargestBytes) + DashboardHost.BodyLimit + (1 << 20));

    /// <summary>The limits of a page; null for one that takes no files.</summary>
    public static UploadLimits? For(PathString path) => Pages.GetValueOrDefault(path.Value?.TrimEnd('/') ?? "");
}

/// <summary>The files of one request, in their order. They are in memory and nowhere else until the letter they belong to is stored.</summary>
public sealed class Uploads(IReadOnlyList<IncomingAttachment> files)
{
    /// <summary>The files.</summary>
    public IReadOnlyList<IncomingAttachment> Files { get; } = files;

    /// <summary>The files of a request; none for a plain form.</summary>
    public static IReadOnlyList<IncomingAttachment> Of(HttpContext http) => http.Features.Get<Uploads>()?.Files ?? [];

    /// <summary>What a page says of an attachment that cannot be taken.</summary>
    public static Refusal RefusalOf(AttachmentFault fault) => fault switch
    {
        AttachmentFault.TooMany => Refusal.TooManyFiles,
        AttachmentFault.TooLarge => Refusal.FileTooLarge,
        AttachmentFault.UnknownType => Refusal.FileTypeUnknown,
        AttachmentFault.Empty => Refusal.FileEmpty,
        _ => Refusal.FileBroken,
    };
}

/// <summary>
/// How many bytes of files all requests together may hold in memory. Who sends slowly holds only what has come so far; a
/// request beyond the limit is told to come again later, and letters without files need nothing of it.
/// </summary>
public sealed class UploadRoom
{
    /// <summary>The limit where nothing else is said.</summary>
    public const long DefaultBytes = 256L << 20;

    private readonly long _most;
    private long _taken;

    /// <summary>Makes the room.</summary>
    /// <param name="most">Its bytes.</param>
    public UploadRoom(long most = DefaultBytes) => _most = most;

    /// <summary>Bytes held at this moment.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Begins a request's share, which is given back when it is disposed.</summary>
    public Share Begin() => new(this);

    /// <summary>What one request holds.</summary>
    public sealed class Share : IDisposable
    {
        private readonly UploadRoom _room;
        private long _mine;

        internal Share(UploadRoom room) => _room = room;

        /// <summary>Takes more of the room, or says that there is none.</summary>
        public bool TryTake(int bytes)
        {
            if (Interlocked.Add(ref _room._taken, bytes) > _room._most)
            {
                Interlocked.Add(ref _room._taken, -bytes);
                return false;
            }

            _mine += bytes;
            return true;
        }

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Add(ref _room._taken, -Interlocked.Exchange(ref _mine, 0));
    }
}
