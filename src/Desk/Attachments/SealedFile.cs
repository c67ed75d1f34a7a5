using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Sealing;

namespace Opinion.Desk.Attachments;

/// <summary>
/// A file sealed with AES-256-GCM in parts, so that it can be read without holding all of it (the STREAM construction:
/// V. T. Hoang, R. Reyhanitabar, P. Rogaway and D. Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
/// Misuse-Resistance", 2015). Five bytes of head, then parts of 64 KiB, each followed by its tag of 16. The nonce is the
/// part's number and whether it is the last, so parts can be neither swapped nor cut off; a key seals one file only.
/// </summary>
internal sealed class SealedFile : Stream
{
    private const int PartBytes = 64 << 10;
    private const int TagBytes = 16;

    private readonly FileStream _file;
    private readonly AesGcm _aes;
    private readonly byte[] _key;
    private readonly byte[] _binding;
    private readonly byte[] _part = new byte[PartBytes + TagBytes];
    private readonly byte[] _plain = new byte[PartBytes];
    private uint _number;
    private int _at;
    private int _length;
    private bool _last;

    /// <summary>Reads a sealed file; owns the file and the key, which is wiped in the end.</summary>
    public SealedFile(FileStream file, byte[] key, string binding)
    {
        (_file, _key, _binding) = (file, key, Encoding.UTF8.GetBytes(binding));
        _aes = new AesGcm(key, TagBytes);
    }

    private static ReadOnlySpan<byte> Head => "OPNA\u0001"u8;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Seals content into a file.</summary>
    public static void Write(Stream to, byte[] key, string binding, ReadOnlySpan<byte> content)
    {
        using var aes = new AesGcm(key, TagBytes);
        var aad = Encoding.UTF8.GetBytes(binding);
        var part = new byte[PartBytes + TagBytes];
        Span<byte> nonce = stackalloc byte[12];
        to.Write(Head);
        for (uint number = 0; ; number++)
        {
            var plain = content[..Math.Min(content.Length, PartBytes)];
            content = content[plain.Length..];
            Nonce(nonce, number, content.IsEmpty);
            aes.Encrypt(nonce, plain, part.AsSpan(0, plain.Length), part.AsSpan(plain.Length, TagBytes), aad);
            to.Write(part, 0, plain.Length + TagBytes);
            if (content.IsEmpty) return;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_at == _length && !_last) Next();
        var count = Math.Min(buffer.Length, _length - _at);
        _plain.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_key);
        CryptographicOperations.ZeroMemory(_plain);
        base.Dispose(disposing);
    }

    private void Next()
    {
        if (_number == 0)
        {
            Span<byte> head = stackalloc byte[Head.Length];
            if (_file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.SequenceEqual(Head)) throw new SealBrokenException("An attachment's file is none of this program's.");
        }

        var read = _file.ReadAtLeast(_part, _part.Length, throwOnEndOfStream: false);
        if (read < TagBytes) throw new SealBrokenException("An attachment's file is cut short.");
        _last = _file.Position == _file.Length;
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, _number++, _last);
        try
        {
            _aes.Decrypt(nonce, _part.AsSpan(0, read - TagBytes), _part.AsSpan(read - TagBytes, TagBytes), _plain.AsSpan(0, read - TagBytes), _binding);
        }
        catch (CryptographicException error)
        {
            throw new SealBrokenException("An attachment does not open: it was changed, or belongs elsewhere.", error);
        }

        (_at, _length) = (0, read - TagBytes);
    }

    private static void Nonce(Span<byte> nonce, uint number, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce, number);
        nonce[11] = last ? (byte)1 : (byte)0;
    }
}
