using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// The file of a <see cref="SorterModel"/>: 8 bytes <c>OPINSORT</c>, version (int32), payload length (int64),
/// SHA-256 of the payload (32 bytes), payload. Numbers are little-endian. The payload: labels (count, texts), factor
/// (float64), number of runs, number of words (int32), lengths of the pieces (a byte each), characters of the pieces
/// (UTF-16), idf, costs of the words, cost of an unknown character, weights by feature and label with the biases last (float32).
/// </summary>
internal static class SorterModelFile
{
    private const int Version = 2;
    private const int HeaderLength = 8 + 4 + 8 + 32;

    // Room for the most weights that training makes, and their features.
    private const long MostBytes = 1L << 29;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> Magic => "OPINSORT"u8;

    internal static void Write(SorterModel model, Stream stream)
    {
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload, Strict, leaveOpen: true))
        {
            writer.Write(model.Labels.Count);
            foreach (string label in model.Labels) writer.Write(label);
            writer.Write(model.Factor);
            FeatureSpace space = model.Space;
            writer.Write(space.Runs);
            writer.Write(space.Count - space.Runs);
            foreach (string piece in space.Pieces) writer.Write((byte)piece.Length);
            foreach (string piece in space.Pieces) WriteNumbers(writer, MemoryMarshal.Cast<char, ushort>(piece.AsSpan()));
            WriteNumbers<float>(writer, space.Idf);
            WriteNumbers<float>(writer, space.Costs);
            writer.Write(space.UnknownCost);
            for (int row = 0; row < model.Weights.Length; row += model.Stride) WriteNumbers<float>(writer, model.Weights.AsSpan(row, model.Labels.Count));
        }

        ReadOnlySpan<byte> bytes = payload.GetBuffer().AsSpan(0, (int)payload.Length);
        Span<byte> header = stackalloc byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[12..], bytes.Length);
        SHA256.HashData(bytes, header[20..]);
        stream.Write(header);
        stream.Write(bytes);
    }

    internal static SorterModel Read(Stream stream, string name)
    {
        byte[] header = new byte[HeaderLength];
        int got = stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (got == 0) throw new ModelException(name, "the file is empty");
        if (!header.AsSpan(0, got).StartsWith(Magic)) throw new ModelException(name, "not a sorter model (it does not begin with OPINSORT)");
        if (got < HeaderLength) throw new ModelException(name, $"cut short: {got} bytes, the header alone has {HeaderLength}");
        int version = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        if (version != Version)
        {
            throw new ModelException(name, $"version {version} of the model file; this program reads version {Version}. Train it again");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(12));
        byte[] payload = ReadPayload(stream, length, name);
        if (!SHA256.HashData(payload).AsSpan().SequenceEqual(header.AsSpan(20, 32))) throw new ModelException(name, "damaged: the checksum does not match the content");
        try
        {
            return Parse(payload, name);
        }
        catch (Exception e) when (e is EndOfStreamException or DecoderFallbackException or FormatException or ArgumentException)
        {
            throw new ModelException(name, $"the content does not make a model: {e.Message}");
        }
    }

    // The length is believed only as far as bytes come: a damaged one must not claim all memory.
    private static byte[] ReadPayload(Stream stream, long length, string name)
    {
        if (length is < 0 or > MostBytes) throw new ModelException(name, $"damaged: {length} bytes of content are not possible");
        if (stream.CanSeek && stream.Length - stream.Position < length) throw new ModelException(name, $"cut short: {stream.Length - stream.Position} of {length} bytes of content");
        byte[] payload = new byte[length];
        int got = stream.ReadAtLeast(payload, payload.Length, throwOnEndOfStream: false);
        if (got < length) throw new ModelException(name, $"cut short: {got} of {length} bytes of content");
        int more = 0;
        Span<byte> rest = stackalloc byte[4096];
        for (int read = stream.Read(rest); read > 0; read = stream.Read(rest)) more += read;
        if (more > 0) throw new ModelException(name, $"{more} bytes too many after the content");
        return payload;
    }

    private static SorterModel Parse(byte[] payload, string name)
    {
        using var reader = new BinaryReader(new MemoryStream(payload, writable: false), Strict);
        int labelCount = Counted(reader.ReadInt32(), 1, "labels");
        var labels = new string[labelCount];
        for (int i = 0; i < labels.Length; i++) labels[i] = reader.ReadString();
        for (int i = 1; i < labels.Length; i++)
        {
            if (string.CompareOrdinal(labels[i - 1], labels[i]) >= 0) throw new ModelException(name, "the labels are not in order");
        }

        double factor = reader.ReadDouble();
        if (!double.IsFinite(factor) || factor <= 0) throw new ModelException(name, "the calibration factor is not a positive number");
        int runs = Counted(reader.ReadInt32(), 1, "runs");
        int words = Counted(reader.ReadInt32(), 1, "words");
        byte[] lengths = reader.ReadBytes(Counted(runs + words, 1, "features"));
        ushort[] characters = Numbers<ushort>(Array.ConvertAll(lengths, length => (int)length).Sum());
        ReadOnlySpan<char> text = MemoryMarshal.Cast<ushort, char>(characters.AsSpan());
        var pieces = new string[lengths.Length];
        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = text[..lengths[i]].ToString();
            text = text[lengths[i]..];
        }

        float[] idf = Floats(pieces.Length);
        float[] costs = Floats(words);
        float unknownCost = Floats(1)[0];
        int stride = MulticlassSvm.Stride(labelCount);
        float[] packed = Floats(checked((pieces.Length + 1) * labelCount));
        if (reader.BaseStream.Position != reader.BaseStream.Length) throw new ModelException(name, "content left over after the weights");
        var weights = new float[checked((pieces.Length + 1) * stride)];
        for (int row = 0; row <= pieces.Length; row++) packed.AsSpan(row * labelCount, labelCount).CopyTo(weights.AsSpan(row * stride));
        return new SorterModel(labels, new FeatureSpace(pieces, runs, idf, costs, unknownCost), weights, factor);

        // A count is believed only if that many items fit into what is left.
        int Counted(int count, int itemLength, string what)
        {
            long left = reader.BaseStream.Length - reader.BaseStream.Position;
            return count >= 0 && (long)count * itemLength <= left ? count : throw new ModelException(name, $"{count} {what} do not fit the file");
        }

        T[] Numbers<T>(int count)
            where T : unmanaged
        {
            Counted(count, Unsafe.SizeOf<T>(), "numbers");
            var values = new T[count];
            Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
            reader.BaseStream.ReadExactly(bytes);
            if (!BitConverter.IsLittleEndian) Reverse(bytes, Unsafe.SizeOf<T>());
            return values;
        }

        float[] Floats(int count)
        {
            float[] values = Numbers<float>(count);
            foreach (float value in values)
            {
                if (!float.IsFinite(value)) throw new ModelException(name, "a weight is not a finite number");
            }

            return values;
        }
    }

    private static void WriteNumbers<T>(BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        if (BitConverter.IsLittleEndian)
        {
            writer.Write(bytes);
            return;
        }

        byte[] turned = bytes.ToArray();
        Reverse(turned, Unsafe.SizeOf<T>());
        writer.Write(turned);
    }

    private static void Reverse(Span<byte> bytes, int size)
    {
        for (int at = 0; at < bytes.Length; at += size) bytes.Slice(at, size).Reverse();
    }
}
