using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// The form in which the sorter reads a text: that of <see cref="NormalizedText"/>, in lower case, with a space for every
/// white-space and control character. Written into a buffer without an offset map; nearly every character is one look into a table.
/// </summary>
internal static class LetterForm
{
    /// <summary>Per UTF-16 code unit its form, or <see cref="Rare"/> where that is not one character.</summary>
    private static readonly char[] Forms = MakeForms();

    // No form is U+0000: control characters become spaces.
    private const char Rare = '\0';

    /// <summary>The form of a character of a normalised text.</summary>
    internal static char Of(char c) => char.IsWhiteSpace(c) || char.IsControl(c) ? ' ' : char.ToLowerInvariant(c);

    /// <summary>Writes the form of a text.</summary>
    /// <param name="text">Any UTF-16 text.</param>
    /// <param name="buffer">Replaced by a longer one where it is too short.</param>
    /// <returns>The number of characters written.</returns>
    internal static int Write(ReadOnlySpan<char> text, ref char[] buffer)
    {
        if (buffer.Length < text.Length) buffer = new char[Math.Max(text.Length, 2 * buffer.Length)];
        char[] forms = Forms;
        int written = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            char form = forms[c];
            if (form != Rare && !char.IsSurrogate(c))
            {
                if (written == buffer.Length) Array.Resize(ref buffer, 2 * written);
                buffer[written++] = form;
                continue;
            }

            int length = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            string parts = NormalizedText.Of(text.Slice(i, length).ToString()).Value;
            if (buffer.Length - written < parts.Length) Array.Resize(ref buffer, (2 * buffer.Length) + parts.Length);
            foreach (char part in parts) buffer[written++] = Of(part);
            i += length - 1;
        }

        return written;
    }

    private static char[] MakeForms()
    {
        var forms = new char[char.MaxValue + 1];
        for (int i = 0; i < forms.Length; i++)
        {
            char c = (char)i;
            // These blocks are their own compatibility form; asking for each of their 40,000 characters would take longer than a letter.
            if (c is (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3') or (>= '\uD800' and <= '\uF8FF'))
            {
                forms[i] = c;
                continue;
            }

            string parts = NormalizedText.Of(c.ToString()).Value;
            forms[i] = parts.Length == 1 ? Of(parts[0]) : Rare;
        }

        return forms;
    }
}
