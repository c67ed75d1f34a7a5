using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// The file of a <see cref="SorterModel"/>: 8 bytes <c>OPINSORT</c>, version (int32), payload length (int64),
/// SHA-256 of the payload (32 bytes), payload. Numbers are little-endian. The payload: labels, factor, runs,
/// idf, weights.
/// </summary>
internal static class SorterModelFile
{
    private const int Version = 1;
    private const int HeaderLength = 8 + 4 + 8 + 32;
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
            writer.Write(model.Space.Count);
            foreach (ulong run in model.Space.Runs) writer.Write(run);
            foreach (float idf in model.Space.Idf) writer.Write(idf);
            foreach (float[] weights in model.Weights)
            {
                foreach (float weight in weights) writer.Write(weight);
            }
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
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        byte[] all = buffer.ToArray();
        if (all.Length == 0) throw new ModelException(name, "the file is empty");
        if (!all.AsSpan().StartsWith(Magic)) throw new ModelException(name, "not a sorter model (it does not begin with OPINSORT)");
        if (all.Length < HeaderLength) throw new ModelException(name, $"cut short: {all.Length} bytes, the header alone has {HeaderLength}");
        int version = BinaryPrimitives.ReadInt32LittleEndian(all.AsSpan(8));
        if (version != Version)
        {
            throw new ModelException(name, $"version {version} of the model file; this program reads version {Version}. Train it again");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(all.AsSpan(12));
        long actual = all.Length - HeaderLength;
        if (actual < length) throw new ModelException(name, $"cut short: {actual} of {length} bytes of content");
        if (actual > length) throw new ModelException(name, $"{actual - length} bytes too many after the content");
        ReadOnlySpan<byte> payload = all.AsSpan(HeaderLength);
        if (!SHA256.HashData(payload).AsSpan().SequenceEqual(all.AsSpan(20, 32))) throw new ModelException(name, "damaged: the checksum does not match the content");
        try
        {
            return ReadPayload(all, name);
        }
        catch (Exception e) when (e is EndOfStreamException or DecoderFallbackException or FormatException or ArgumentException)
        {
            throw new ModelException(name, $"the content does not make a model: {e.Message}");
        }
    }

    private static SorterModel ReadPayload(byte[] all, string name)
    {
        using var reader = new BinaryReader(new MemoryStream(all, HeaderLength, all.Length - HeaderLength, writable: false), Strict);
        int labelCount = Counted(reader.ReadInt32(), 1, "labels");
        var labels = new string[labelCount];
        for (int i = 0; i < labels.Length; i++) labels[i] = reader.ReadString();
        for (int i = 1; i < labels.Length; i++)
        {
            if (string.CompareOrdinal(labels[i - 1], labels[i]) >= 0) throw new ModelException(name, "the labels are not in order");
        }

        double factor = reader.ReadDouble();
        if (!double.IsFinite(factor) || factor <= 0) throw new ModelException(name, "the calibration factor is not a positive number");
        int features = Counted(reader.ReadInt32(), sizeof(ulong) + sizeof(float), "features");
        var runs = new ulong[features];
        for (int i = 0; i < features; i++) runs[i] = reader.ReadUInt64();
        float[] idf = Floats(features);
        var weights = new float[labelCount][];
        for (int label = 0; label < labelCount; label++) weights[label] = Floats(features + 1);
        if (reader.BaseStream.Position != reader.BaseStream.Length) throw new ModelException(name, "content left over after the weights");
        return new SorterModel(labels, new FeatureSpace(runs, idf), weights, factor);

        // A count is believed only if that many items fit into what is left.
        int Counted(int count, int itemLength, string what)
        {
            long left = reader.BaseStream.Length - reader.BaseStream.Position;
            return count >= 0 && (long)count * itemLength <= left ? count : throw new ModelException(name, $"{count} {what} do not fit the file");
        }

        float[] Floats(int count)
        {
            Counted(count, sizeof(float), "numbers");
            var values = new float[count];
            for (int i = 0; i < count; i++)
            {
                values[i] = reader.ReadSingle();
                if (!float.IsFinite(values[i])) throw new ModelException(name, "a weight is not a finite number");
            }

            return values;
        }
    }
}
