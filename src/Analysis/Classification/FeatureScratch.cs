namespace Opinion.Analysis.Classification;

/// <summary>
/// The memory in which one text at a time becomes a vector, used again for the next. For one thread at a time. Between
/// texts the counts and mixed values of all slots are 0, so that nothing has to be cleared.
/// </summary>
internal sealed class FeatureScratch
{
    // A letter far longer than others must not keep its memory for good.
    private const int LongestKept = 1 << 16;

    /// <summary>A field's form, written from 0.</summary>
    internal char[] Form = new char[1024];

    private PathStep[] _path = [];
    private int[] _found = [];
    private int[] _features = new int[1024];
    private float[] _values = new float[1024];
    private int _featureCount;

    /// <summary>What is known of each feature while a text is read.</summary>
    internal FeatureSlot[] Slots { get; private set; } = [];

    /// <summary>The text's features.</summary>
    internal ReadOnlySpan<int> Features => _features.AsSpan(0, _featureCount);

    /// <summary>The value of each of <see cref="Features"/>.</summary>
    internal Span<float> Values => _values.AsSpan(0, _featureCount);

    /// <summary>Whether the scratch is small enough to be kept for the next text.</summary>
    internal bool IsWorthKeeping => _path.Length <= LongestKept && Form.Length <= LongestKept;

    /// <summary>Begins a text of a space with these inverse document frequencies; always the same space.</summary>
    internal void Begin(float[] idf)
    {
        _featureCount = 0;
        if (Slots.Length == idf.Length) return;
        Slots = Array.ConvertAll(idf, value => new FeatureSlot { Idf = value });
    }

    /// <summary>Begins the path through a form: no place but the first is reached yet.</summary>
    internal PathStep[] Path(int length)
    {
        if (_path.Length <= length) _path = new PathStep[Math.Max(length + 1, 2 * _path.Length)];
        _path.AsSpan(1, length).Fill(new PathStep { Cost = double.PositiveInfinity });
        _path[0] = default;
        return _path;
    }

    /// <summary>Room for so many different features of a field.</summary>
    internal int[] Found(int most)
    {
        if (_found.Length < most) _found = new int[Math.Max(most, 2 * _found.Length)];
        return _found;
    }

    /// <summary>Makes room for so many more features of the text.</summary>
    internal void MakeRoom(int more)
    {
        int needed = _featureCount + more;
        if (_features.Length >= needed) return;
        Array.Resize(ref _features, 2 * needed);
        Array.Resize(ref _values, 2 * needed);
    }

    /// <summary>Adds a feature for which there is room.</summary>
    internal void AddFeature(int feature) => _features[_featureCount++] = feature;
}

/// <summary>What is known of a feature while a text is read; kept together, as it is used together.</summary>
internal struct FeatureSlot
{
    /// <summary>How often the field has it.</summary>
    internal int Count;

    /// <summary>Its weight in the field.</summary>
    internal float Value;

    /// <summary>Its value mixed of the fields.</summary>
    internal float Mixed;

    /// <summary>Its inverse document frequency.</summary>
    internal float Idf;
}

/// <summary>The best way to reach a place in a form.</summary>
internal struct PathStep
{
    /// <summary>The sum of the costs up to here.</summary>
    internal double Cost;

    /// <summary>The last word; below 0 for a character that is no word.</summary>
    internal int Word;

    /// <summary>Its length.</summary>
    internal int Length;

    /// <summary>Takes a way that costs less.</summary>
    internal void Reach(double cost, int word, int length)
    {
        if (cost >= Cost) return;
        Cost = cost;
        Word = word;
        Length = length;
    }
}
