using System.Globalization;
using System.Text;

namespace Opinion.Analysis.Text;

/// <summary>
/// A text in compatibility form with a map back to the text it came from. Every code point is taken by
/// itself through Unicode NFKC (UAX #15), so that full-width and circled digits become ASCII; decimal digits
/// of any script become ASCII digits; characters that show nothing (category Cf such as the zero-width space,
/// and variation selectors) are dropped. Unlike whole-text NFKC nothing is composed across code points, so
/// that every output character has one origin. Immutable and thread-safe.
/// </summary>
public sealed class NormalizedText
{
    private readonly int[] _starts;
    private readonly int[] _ends;

    private NormalizedText(string original, string value, int[] starts, int[] ends)
    {
        Original = original;
        Value = value;
        _starts = starts;
        _ends = ends;
    }

    /// <summary>The text as it was given.</summary>
    public string Original { get; }

    /// <summary>The normalised text.</summary>
    public string Value { get; }

    /// <summary>Normalises a text in one pass, in time linear in its length. Lone surrogates and U+FFFE stay as they are.</summary>
    public static NormalizedText Of(string text)
    {
        var value = new StringBuilder(text.Length);
        var starts = new List<int>(text.Length);
        var ends = new List<int>(text.Length);
        for (int i = 0; i < text.Length;)
        {
            char c = text[i];
            int length = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            if (length == 1 && IsUnchanged(c))
            {
                Add(c);
            }
            else if (length == 1 && c is >= '\uFF01' and <= '\uFF5E')
            {
                Add((char)(c - 0xFEE0));
            }
            else if (length == 1 && (char.IsSurrogate(c) || c == '\uFFFE'))
            {
                // string.Normalize refuses both.
                Add(c);
            }
            else
            {
                int codePoint = char.ConvertToUtf32(text, i);
                if (!IsInvisible(codePoint))
                {
                    int digit = CharUnicodeInfo.GetDecimalDigitValue(text, i);
                    if (digit >= 0)
                    {
                        Add((char)('0' + digit));
                    }
                    else
                    {
                        foreach (char part in text.Substring(i, length).Normalize(NormalizationForm.FormKC)) Add(part);
                    }
                }
            }

            i += length;

            void Add(char part)
            {
                value.Append(part);
                starts.Add(i);
                ends.Add(i + length);
            }
        }

        return new NormalizedText(text, value.ToString(), [.. starts], [.. ends]);
    }

    /// <summary>
    /// The range of the original that a range of <see cref="Value"/> came from. Characters dropped inside the
    /// range belong to it, those dropped before or after it do not. An empty range maps to an empty range.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches outside <see cref="Value"/>.</exception>
    public TextRange ToOriginal(TextRange range)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(range.Start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.End, Value.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(range.End, range.Start);
        if (range.Length == 0)
        {
            int at = range.Start < _starts.Length ? _starts[range.Start] : Original.Length;
            return new TextRange(at, at);
        }

        return new TextRange(_starts[range.Start], _ends[range.End - 1]);
    }

    // ASCII and the unified Han block are their own compatibility form; they are nearly every character of a letter.
    private static bool IsUnchanged(char c) => c < 0x80 || c is >= '\u4E00' and <= '\u9FFF';

    private static bool IsInvisible(int codePoint) =>
        CharUnicodeInfo.GetUnicodeCategory(codePoint) == UnicodeCategory.Format
        || codePoint is >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF or 0x3164 or 0x115F or 0x1160 or 0x034F;
}
