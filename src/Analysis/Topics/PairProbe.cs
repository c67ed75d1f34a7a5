using System.Runtime.CompilerServices;

namespace Opinion.Analysis.Topics;

/// <summary>
/// Weighs one letter against many: its grams lie in an open-addressing table, and those of the others are looked up there.
/// Gives exactly what <see cref="SameMatter.Weigh(LetterProfile, LetterProfile)"/> gives, several times faster. For one thread at a time.
/// </summary>
internal sealed class PairProbe
{
    private const int Capacity = 2048;
    private const int Shift = 32 - 11;

    private readonly uint[] _table = new uint[Capacity];
    private LetterProfile? _letter;

    /// <summary>Makes a letter the one that others are weighed against.</summary>
    internal void Load(LetterProfile letter)
    {
        if (ReferenceEquals(letter, _letter)) return;
        Array.Clear(_table);
        _letter = letter;
        foreach (uint marked in letter.Grams)
        {
            uint at = Slot(marked);
            while (_table[at] != 0) at = (at + 1) & (Capacity - 1);
            _table[at] = marked;
        }
    }

    /// <summary>The log-odds that the loaded letter and another are about the same matter.</summary>
    internal double LogOdds(LetterProfile other) => SameMatter.LogOdds(Weigh(other));

    /// <summary>What the loaded letter and another have in common.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal SameMatter.PairEvidence Weigh(LetterProfile other)
    {
        uint[] grams = other.Grams;
        byte[] weights = other.Weights;
        uint[] table = _table;
        var overlap = default(SameMatter.Overlap);
        for (int i = 0; i < grams.Length && i < weights.Length; i++)
        {
            uint theirs = grams[i];
            for (uint at = Slot(theirs); ; at = (at + 1) & (Capacity - 1))
            {
                uint ours = table[(int)at & (Capacity - 1)];
                if (ours == 0) break;
                if ((ours ^ theirs) > 3) continue;
                overlap.Add(ours, theirs, weights[i]);
                break;
            }
        }

        return SameMatter.Weigh(_letter!, other, overlap);
    }

    private static uint Slot(uint marked) => ((marked >> 2) * 2654435769u) >> Shift;
}
