namespace Opinion.Analysis.Text;

/// <summary>A half-open range of UTF-16 code units in a text.</summary>
/// <param name="Start">The first code unit, counted from 0.</param>
/// <param name="End">One past the last code unit.</param>
public readonly record struct TextRange(int Start, int End)
{
    /// <summary>The number of UTF-16 code units in the range.</summary>
    public int Length => End - Start;

    /// <summary>The characters of the range, without copying.</summary>
    /// <param name="text">The text the range was made for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches outside <paramref name="text"/>.</exception>
    public ReadOnlySpan<char> In(ReadOnlySpan<char> text) => text[Start..End];

    /// <summary>The characters of the range as a string.</summary>
    /// <param name="text">The text the range was made for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches outside <paramref name="text"/>.</exception>
    public string Of(string text) => text[Start..End];
}
