using Opinion.Analysis.Text;

namespace Opinion.Analysis.Segmentation;

/// <summary>
/// The working space of one call of <see cref="Segmenter"/>, kept by the thread for its next call. Very large space, grown for
/// a very long text, is not kept.
/// </summary>
internal sealed class SegmentingSpace : IDisposable
{
    private const int MostKept = 1 << 18;

    [ThreadStatic]
    private static SegmentingSpace? _kept;

    private ushort[] _codes = new ushort[512];
    private double[] _best = new double[256];
    private int[] _ends = new int[256];
    private byte[] _path = new byte[64];

    /// <summary>The words of a text before the shorter words inside them are added.</summary>
    public List<TextRange> Words { get; } = [];

    /// <summary>The codes of the text's characters, as they were written last.</summary>
    public ReadOnlySpan<ushort> Codes => _codes;

    public static SegmentingSpace Rent()
    {
        SegmentingSpace space = _kept ?? new SegmentingSpace();
        _kept = null;
        return space;
    }

    public Span<ushort> CodesFor(int length)
    {
        if (_codes.Length < length) _codes = new ushort[Math.Max(length, _codes.Length * 2)];
        return _codes.AsSpan(0, length);
    }

    /// <summary>Room for the best path of a block: the values of its places and of its end, and the ends of the words taken.</summary>
    public void RouteFor(int length, out Span<double> best, out Span<int> ends)
    {
        if (_ends.Length < length + 1)
        {
            _ends = new int[Math.Max(length + 1, _ends.Length * 2)];
            _best = new double[_ends.Length];
        }

        best = _best.AsSpan(0, length + 1);
        ends = _ends.AsSpan(0, length);
    }

    public Span<byte> PathFor(int length)
    {
        if (_path.Length < length) _path = new byte[Math.Max(length, _path.Length * 2)];
        return _path.AsSpan(0, length);
    }

    public void Dispose()
    {
        if (_codes.Length <= MostKept && Words.Capacity <= MostKept) _kept = this;
    }
}
