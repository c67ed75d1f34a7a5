namespace Opinion.Analysis.Classification;

/// <summary>
/// The memory in which one text at a time becomes a vector, used again for the next. For one thread at a time. Between
/// texts all of <see cref="Counts"/> and <see cref="Mixed"/> is 0, so that nothing has to be cleared.
/// </summary>
internal sealed class FeatureScratch
{
    // A letter far longer than others must not keep its memory for good.
    private const int LongestKept = 1 << 16;

    /// <summary>A field's form, written from 0.</summary>
    internal char[] Form = new char[1024];

    private PlacedPiece[] _pieces = new PlacedPiece[2048];
    private int _pieceCount;
    private int[] _found = new int[1024];
    private float[] _fieldValues = new float[1024];
    private int[] _features = new int[1024];
    private float[] _values = new float[1024];
    private int _featureCount;

    /// <summary>Per feature how often the field has it.</summary>
    internal int[] Counts { get; private set; } = [];

    /// <summary>Per feature its value mixed of the fields.</summary>
    internal float[] Mixed { get; private set; } = [];

    /// <summary>Per place in the form the least cost of a path from its beginning.</summary>
    internal double[] Costs { get; private set; } = [];

    /// <summary>Per place the last word of that path; below 0 for a character that is no word.</summary>
    internal int[] Words { get; private set; } = [];

    /// <summary>Per place the length of that word.</summary>
    internal byte[] Lengths { get; private set; } = [];

    /// <summary>The text's features.</summary>
    internal ReadOnlySpan<int> Features => _features.AsSpan(0, _featureCount);

    /// <summary>The value of each of <see cref="Features"/>.</summary>
    internal Span<float> Values => _values.AsSpan(0, _featureCount);

    /// <summary>Room for a value for each of the field's different features.</summary>
    internal Span<float> FieldValues => _fieldValues;

    /// <summary>What was found in the field.</summary>
    internal ReadOnlySpan<PlacedPiece> Pieces => _pieces.AsSpan(0, _pieceCount);

    /// <summary>Whether the scratch is small enough to be kept for the next text.</summary>
    internal bool IsWorthKeeping => Costs.Length <= LongestKept && Form.Length <= LongestKept;

    /// <summary>Begins a text.</summary>
    internal void Begin(int features)
    {
        _featureCount = 0;
        if (Counts.Length >= features) return;
        Counts = new int[features];
        Mixed = new float[features];
    }

    /// <summary>Begins a field of a form of that length.</summary>
    internal void BeginField(int length)
    {
        _pieceCount = 0;
        if (Costs.Length <= length)
        {
            int room = Math.Max(length + 1, 2 * Costs.Length);
            Costs = new double[room];
            Words = new int[room];
            Lengths = new byte[room];
        }

        Costs.AsSpan(0, length + 1).Fill(double.PositiveInfinity);
        Costs[0] = 0;
    }

    /// <summary>Notes a feature found in the field.</summary>
    internal void AddPiece(int feature, int start, int length)
    {
        if (_pieceCount == _pieces.Length) Array.Resize(ref _pieces, 2 * _pieceCount);
        _pieces[_pieceCount++] = new PlacedPiece(feature, start, length);
    }

    /// <summary>Counts what was found in the field into <see cref="Counts"/>, which the caller sets back to 0.</summary>
    /// <returns>The different features, in order of first occurrence.</returns>
    internal ReadOnlySpan<int> CountPieces()
    {
        if (_found.Length < _pieceCount)
        {
            _found = new int[_pieces.Length];
            _fieldValues = new float[_pieces.Length];
        }

        int found = 0;
        foreach (ref readonly PlacedPiece piece in Pieces)
        {
            if (Counts[piece.Feature]++ == 0) _found[found++] = piece.Feature;
        }

        return _found.AsSpan(0, found);
    }

    /// <summary>Adds to a feature's value in <see cref="Mixed"/>; what is added is above 0.</summary>
    internal void Add(int feature, float value)
    {
        if (Mixed[feature] == 0)
        {
            if (_featureCount == _features.Length)
            {
                Array.Resize(ref _features, 2 * _featureCount);
                Array.Resize(ref _values, 2 * _featureCount);
            }

            _features[_featureCount++] = feature;
        }

        Mixed[feature] += value;
    }
}
