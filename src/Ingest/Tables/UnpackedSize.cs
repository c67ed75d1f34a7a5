using System.IO.Compression;

namespace Opinion.Ingest.Tables;

/// <summary>
/// Unpacks a whole zip archive into nothing, counting. What an archive declares is a claim; only what comes out counts:
/// 200 MiB of zeros pack into 200 KB.
/// </summary>
internal static class UnpackedSize
{
    /// <summary>The most bytes a workbook may hold unpacked: 256 MiB.</summary>
    public const long Limit = 256L << 20;

    /// <summary>How many times its packed size a workbook may unpack to, beyond the first 16 MiB. Real sheets stay below fifty times.</summary>
    public const long RatioLimit = 200;

    private const long Harmless = 16L << 20;

    /// <summary>The most parts a workbook may have.</summary>
    public const int PartLimit = 4096;

    /// <summary>Checks an archive and leaves the stream at its beginning.</summary>
    /// <exception cref="InvalidDataException">It is no zip archive, is damaged, or is larger than the limits.</exception>
    public static void Check(Stream stream, CancellationToken cancel)
    {
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true))
        {
            if (archive.Entries.Count > PartLimit) throw new InvalidDataException($"it has more than {PartLimit} parts");
            var buffer = new byte[1 << 16];
            long total = 0;
            foreach (var entry in archive.Entries)
            {
                using var unpacked = entry.Open();
                while (unpacked.Read(buffer) is > 0 and var read)
                {
                    cancel.ThrowIfCancellationRequested();
                    total += read;
                    if (total > Limit) throw new InvalidDataException($"unpacked it is larger than {Limit >> 20} MiB");
                    if (total > Harmless && total > RatioLimit * stream.Length) throw new InvalidDataException($"it unpacks to more than {RatioLimit} times its size");
                }
            }
        }

        stream.Position = 0;
    }
}
