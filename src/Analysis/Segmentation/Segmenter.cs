using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Segmentation;

/// <summary>
/// Cuts Chinese text into words. The result equals python jieba 0.42.1 token for token: the most probable path
/// through the words of the list (Sun Junyi, github.com/fxsjy/jieba), and a hidden Markov model for what the
/// list does not know. Immutable and thread-safe; nothing is allocated for a token or a call once the lists of the caller
/// and the working space of the thread have grown to the size of the texts.
/// </summary>
public sealed class Segmenter
{
    private readonly WordList _words;

    // What a place costs at which no word starts.
    private readonly double _unknown;

    /// <summary>Makes a segmenter of a loaded dictionary.</summary>
    public Segmenter(WordList words)
    {
        _words = words;
        _unknown = 0 - Math.Log(words.Total);
    }

    /// <summary>The words this segmenter knows.</summary>
    public WordList Words => _words;

    /// <summary>Cuts a text into words, white space and signs.</summary>
    /// <param name="text">Any UTF-16 text; lone surrogates are tokens by themselves.</param>
    /// <param name="hmm">Whether runs of unknown characters are joined into likely words.</param>
    /// <returns>Ranges that tile the text exactly, in order; surrogate pairs are never split.</returns>
    public IReadOnlyList<TextRange> Cut(ReadOnlySpan<char> text, bool hmm = true)
    {
        using SegmentingSpace space = SegmentingSpace.Rent();
        space.Words.Clear();
        Cut(text, space, space.Words, hmm);
        return CollectionsMarshal.AsSpan(space.Words).ToArray();
    }

    /// <summary>Cuts a text for an index: before every word of three or more characters come the words of two, then of three, inside it.</summary>
    /// <param name="text">Any UTF-16 text.</param>
    /// <param name="hmm">As in <see cref="Cut(ReadOnlySpan{char}, bool)"/>.</param>
    /// <returns>Ranges inside the text, each word of <see cref="Cut(ReadOnlySpan{char}, bool)"/> preceded by the shorter words in it.</returns>
    public IReadOnlyList<TextRange> CutForSearch(ReadOnlySpan<char> text, bool hmm = true)
    {
        var tokens = new List<TextRange>(text.Length);
        CutForSearch(text, tokens, hmm);
        return tokens;
    }

    /// <summary>Cuts as <see cref="Cut(ReadOnlySpan{char}, bool)"/>, into a list that may be used again.</summary>
    /// <param name="text">Any UTF-16 text.</param>
    /// <param name="tokens">Where the ranges are appended; what stands in it already stays.</param>
    /// <param name="hmm">Whether runs of unknown characters are joined into likely words.</param>
    public void Cut(ReadOnlySpan<char> text, List<TextRange> tokens, bool hmm = true)
    {
        using SegmentingSpace space = SegmentingSpace.Rent();
        Cut(text, space, tokens, hmm);
    }

    /// <summary>Cuts as <see cref="CutForSearch(ReadOnlySpan{char}, bool)"/>, into a list that may be used again.</summary>
    /// <param name="text">Any UTF-16 text.</param>
    /// <param name="tokens">Where the ranges are appended; what stands in it already stays.</param>
    /// <param name="hmm">Whether runs of unknown characters are joined into likely words.</param>
    public void CutForSearch(ReadOnlySpan<char> text, List<TextRange> tokens, bool hmm = true)
    {
        using SegmentingSpace space = SegmentingSpace.Rent();
        space.Words.Clear();
        Cut(text, space, space.Words, hmm);
        AddInnerWords(space.Codes, CollectionsMarshal.AsSpan(space.Words), tokens);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Cut(ReadOnlySpan<char> text, SegmentingSpace space, List<TextRange> tokens, bool hmm)
    {
        ReadOnlySpan<ushort> blockCodes = _words.BlockCodes;
        // A text has at most as many tokens as characters; their room is taken before, and what is left given back.
        int count = tokens.Count;
        CollectionsMarshal.SetCount(tokens, count + text.Length);
        Span<TextRange> ranges = CollectionsMarshal.AsSpan(tokens);
        // One more than the text has: the end of the text ends a block as any sign does.
        Span<ushort> codes = space.CodesFor(text.Length + 1);
        for (int i = 0; i < text.Length; i++) codes[i] = blockCodes[text[i]];
        codes[text.Length] = WordFile.OutsideCode;
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            while (codes[end] != WordFile.OutsideCode) end++;
            int length = end - at;
            if (length == 0)
            {
                bool pair = at + 1 < text.Length
                    && ((char.IsHighSurrogate(text[at]) && char.IsLowSurrogate(text[at + 1])) || (text[at] == '\r' && text[at + 1] == '\n'));
                end = at + (pair ? 2 : 1);
                ranges[count++] = new TextRange(at, end);
            }
            else
            {
                count += CutBlock(text.Slice(at, length), codes.Slice(at, length + 1), space, at, hmm, ranges[count..]);
            }

            at = end;
        }

        CollectionsMarshal.SetCount(tokens, count);
    }

    /// <summary>Cuts one block, whose <paramref name="codes"/> have one more that ends them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int CutBlock(ReadOnlySpan<char> block, ReadOnlySpan<ushort> codes, SegmentingSpace space, int offset, bool hmm, Span<TextRange> tokens)
    {
        ReadOnlySpan<int> ends = FindBestEnds(codes, space);
        int count = 0;
        int held = 0;
        for (int at = 0; at < block.Length;)
        {
            int next = ends[at];
            // Single characters are held back to be joined: all of them with the model, letters and digits without.
            if (next - at > 1 || (!hmm && !char.IsAsciiLetterOrDigit(block[at])))
            {
                if (held < at) count += Join(block, codes, held, at, space, offset, hmm, tokens[count..]);
                tokens[count++] = new TextRange(offset + at, offset + next);
                held = next;
            }

            at = next;
        }

        if (held < block.Length) count += Join(block, codes, held, block.Length, space, offset, hmm, tokens[count..]);
        return count;
    }

    /// <summary>For every place of a block the end of the word that the most probable path takes there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<int> FindBestEnds(ReadOnlySpan<ushort> codes, SegmentingSpace space)
    {
        ReadOnlySpan<ulong> nodes = _words.Nodes;
        ReadOnlySpan<double> logs = _words.LogFrequencies;
        int length = codes.Length - 1;
        space.RouteFor(length, out Span<double> best, out Span<int> ends);
        best[length] = 0;
        for (int at = length - 1; at >= 0; at--)
        {
            double bestHere = double.NegativeInfinity;
            int bestEnd = 0;
            int childBase = 0;
            int end = at;
            do
            {
                int code = codes[end];
                ulong node = nodes[childBase + code];
                if (WordFile.CodeOf(node) != code) break;
                end++;
                // What is no word has no number for a logarithm, and no number is never the better one.
                double value = logs[WordFile.FrequencyOf(node)] + best[end];
                // Of equal values the longest word wins.
                if (value >= bestHere) (bestHere, bestEnd) = (value, end);
                childBase = WordFile.BaseOf(node);
            }
            while (childBase != 0);

            if (bestEnd == 0)
            {
                // A place where no word starts is passed over one character at a time, at the price of frequency 1.
                bestEnd = at + 1;
                bestHere = _unknown + best[bestEnd];
            }

            best[at] = bestHere;
            ends[at] = bestEnd;
        }

        return ends;
    }

    /// <summary>Gives out single characters that were held back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Join(ReadOnlySpan<char> block, ReadOnlySpan<ushort> codes, int start, int end, SegmentingSpace space, int offset, bool hmm, Span<TextRange> tokens)
    {
        if (end - start == 1 || !hmm)
        {
            tokens[0] = new TextRange(offset + start, offset + end);
            return 1;
        }

        if (FrequencyPlace(codes[start..end]) != 0)
        {
            // The path was better in single characters although they make a word: jieba leaves them single.
            return GiveSingly(offset + start, offset + end, tokens);
        }

        int count = 0;
        for (int at = start; at < end;)
        {
            int stop = at;
            if (WordFile.IsHan(block[at]))
            {
                while (stop < end && WordFile.IsHan(block[stop])) stop++;
                int words = _words.Hmm.Cut(codes[at..stop], space.PathFor(stop - at), offset + at, tokens[count..]);
                count += _words.HasWordsApart ? TakeApart(block, offset, tokens.Slice(count, stop - at), words) : words;
            }
            else
            {
                while (stop < end && !WordFile.IsHan(block[stop])) stop++;
                count += AsciiCutter.Cut(block[at..stop], offset + at, tokens[count..]);
            }

            at = stop;
        }

        return count;
    }

    private static int GiveSingly(int start, int end, Span<TextRange> tokens)
    {
        for (int at = start; at < end; at++) tokens[at - start] = new TextRange(at, at + 1);
        return end - start;
    }

    // Backwards, so that the characters of a word never overwrite a word that is still to be looked at.
    private int TakeApart(ReadOnlySpan<char> block, int offset, Span<TextRange> tokens, int words)
    {
        int to = tokens.Length;
        for (int from = words - 1; from >= 0; from--)
        {
            TextRange word = tokens[from];
            if (word.Length > 1 && _words.IsApart(block[(word.Start - offset)..(word.End - offset)]))
            {
                for (int at = word.End - 1; at >= word.Start; at--) tokens[--to] = new TextRange(at, at + 1);
            }
            else
            {
                tokens[--to] = word;
            }
        }

        tokens[to..].CopyTo(tokens);
        return tokens.Length - to;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddInnerWords(ReadOnlySpan<ushort> codes, ReadOnlySpan<TextRange> words, List<TextRange> tokens)
    {
        foreach (TextRange word in words)
        {
            for (int length = 2; length <= 3; length++)
            {
                for (int start = word.Start; word.Length > length && start + length <= word.End; start++)
                {
                    if (FrequencyPlace(codes.Slice(start, length)) != 0) tokens.Add(new TextRange(start, start + length));
                }
            }

            tokens.Add(word);
        }
    }

    /// <summary>The place of the frequency of a word given in codes; 0 for no word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FrequencyPlace(ReadOnlySpan<ushort> codes)
    {
        ReadOnlySpan<ulong> nodes = _words.Nodes;
        ulong node = 0;
        int childBase = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            if (i > 0 && childBase == 0) return 0;
            node = nodes[childBase + codes[i]];
            if (WordFile.CodeOf(node) != codes[i]) return 0;
            childBase = WordFile.BaseOf(node);
        }

        return WordFile.FrequencyOf(node);
    }
}
