using System.Runtime.CompilerServices;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Segmentation;

/// <summary>Cuts what stands between Han characters: letters and digits with an optional fraction and percent sign are a token, and so is each run between them.</summary>
internal static class AsciiCutter
{
    /// <summary>Cuts a run of ASCII characters.</summary>
    /// <param name="run">The run.</param>
    /// <param name="offset">Where the run begins in its text.</param>
    /// <param name="tokens">Room for as many ranges as characters; the tokens are written to its front.</param>
    /// <returns>The number of tokens.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Cut(ReadOnlySpan<char> run, int offset, Span<TextRange> tokens)
    {
        int count = 0;
        int rest = 0;
        for (int at = 0; at < run.Length;)
        {
            if (!char.IsAsciiLetterOrDigit(run[at]))
            {
                at++;
                continue;
            }

            if (rest < at) tokens[count++] = new TextRange(offset + rest, offset + at);
            int stop = EndOfNumber(run, at);
            tokens[count++] = new TextRange(offset + at, offset + stop);
            rest = at = stop;
        }

        if (rest < run.Length) tokens[count++] = new TextRange(offset + rest, offset + run.Length);
        return count;
    }

    private static int EndOfNumber(ReadOnlySpan<char> run, int at)
    {
        int stop = at;
        while (stop < run.Length && char.IsAsciiLetterOrDigit(run[stop])) stop++;
        if (stop + 1 < run.Length && run[stop] == '.' && char.IsAsciiDigit(run[stop + 1]))
        {
            stop++;
            while (stop < run.Length && char.IsAsciiDigit(run[stop])) stop++;
        }

        return stop < run.Length && run[stop] == '%' ? stop + 1 : stop;
    }
}
