using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Segmentation;

/// <summary>
/// Cuts a run of Han characters that make no word of the list into likely words: the best path through a hidden Markov
/// model over the place of a character in a word (B begins, M middle, E end, S alone) by Viterbi (1967), with the ties
/// and the order of additions of jieba 0.42.1. The four states are worked out at once. Immutable and thread-safe.
/// </summary>
internal sealed class HmmModel
{
    // States in alphabetical order. What may stand before each: of equal values the larger letter wins.
    private const int B = 0, E = 1, M = 2, S = 3;

    private readonly Vector256<double> _start;
    private readonly Vector256<double> _fromLarger;
    private readonly Vector256<double> _fromSmaller;
    private readonly double[] _emissions;

    /// <summary>Takes the tables over.</summary>
    /// <param name="start">Log probabilities of the first state.</param>
    /// <param name="transitions">Log probabilities from state to state, four for every state they come from.</param>
    /// <param name="emissions">Log probabilities of a character in each state, four for every code.</param>
    public HmmModel(ReadOnlySpan<double> start, ReadOnlySpan<double> transitions, double[] emissions)
    {
        _start = Vector256.Create(start);
        double Step(ReadOnlySpan<double> steps, int from, int to) => steps[(from * 4) + to];
        _fromLarger = Vector256.Create(Step(transitions, S, B), Step(transitions, M, E), Step(transitions, M, M), Step(transitions, S, S));
        _fromSmaller = Vector256.Create(Step(transitions, E, B), Step(transitions, B, E), Step(transitions, B, M), Step(transitions, E, S));
        _emissions = emissions;
    }

    /// <summary>Cuts a run.</summary>
    /// <param name="codes">The codes of the run's characters, at least one.</param>
    /// <param name="path">Room for as many bytes; left in any state.</param>
    /// <param name="offset">Where the run begins in its text.</param>
    /// <param name="words">Room for as many ranges; the words are written to its front.</param>
    /// <returns>The number of words.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Cut(ReadOnlySpan<ushort> codes, Span<byte> path, int offset, Span<TextRange> words)
    {
        Vector256<double> value = _start + Emissions(codes[0]);
        for (int t = 1; t < codes.Length; t++)
        {
            Vector256<double> emission = Emissions(codes[t]);
            // With values as large as Never any other order of additions rounds differently.
            Vector256<double> viaLarger = Vector256.Shuffle(value, Vector256.Create((long)S, M, M, S)) + _fromLarger + emission;
            Vector256<double> viaSmaller = Vector256.Shuffle(value, Vector256.Create((long)E, B, B, E)) + _fromSmaller + emission;
            Vector256<double> larger = Vector256.GreaterThanOrEqual(viaLarger, viaSmaller);
            value = Vector256.ConditionalSelect(larger, viaLarger, viaSmaller);
            path[t] = (byte)larger.ExtractMostSignificantBits();
        }

        int state = value.GetElement(S) >= value.GetElement(E) ? S : E;
        for (int t = codes.Length - 1; t >= 0; t--)
        {
            bool larger = (path[t] & (1 << state)) != 0;
            path[t] = (byte)state;
            state = state is B or S ? (larger ? S : E) : (larger ? M : B);
        }

        int count = 0;
        int begin = 0;
        for (int t = 0; t < codes.Length; t++)
        {
            if (path[t] is B or M) continue;
            words[count++] = new TextRange(offset + begin, offset + t + 1);
            begin = t + 1;
        }

        return count;
    }

    private Vector256<double> Emissions(int code) => Vector256.Create<double>(_emissions.AsSpan(code * 4, 4));
}
