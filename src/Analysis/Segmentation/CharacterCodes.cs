using System.Runtime.CompilerServices;

namespace Opinion.Analysis.Segmentation;

/// <summary>The small numbers that stand for characters in the nodes of a dictionary. Immutable and thread-safe.</summary>
internal sealed class CharacterCodes
{
    private readonly ushort[] _block = new ushort[char.MaxValue + 1];

    // The characters of words that no block of words can hold, very few, and their codes.
    private readonly string _others = "";
    private readonly List<int> _otherCodes = [];

    /// <summary>Takes the character of every code, from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public CharacterCodes(ReadOnlySpan<char> characters)
    {
        Count = characters.Length;
        for (int code = 1; code < characters.Length; code++)
        {
            char c = characters[code];
            if (WordFile.IsInBlock(c))
            {
                _block[c] = (ushort)code;
                continue;
            }

            _others += c;
            _otherCodes.Add(code);
        }
    }

    /// <summary>One more than the largest code.</summary>
    public int Count { get; }

    /// <summary>The code of every character that can stand in a block of words, <see cref="WordFile.OutsideCode"/> for all others.</summary>
    public ReadOnlySpan<ushort> Block => _block;

    /// <summary>The code of a character; <see cref="WordFile.OutsideCode"/> where it has none.</summary>
    public int Of(char c)
    {
        if (_block[c] != WordFile.OutsideCode) return _block[c];
        int other = _others.IndexOf(c, StringComparison.Ordinal);
        return other < 0 ? WordFile.OutsideCode : _otherCodes[other];
    }
}
