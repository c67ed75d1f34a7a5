using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;
using Opinion.DictionaryBuilder;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>
/// The simplest segmenter that equals python jieba 0.42.1: a dictionary of strings, as jieba's own. The oracle of the
/// product's <see cref="Segmenter"/>.
/// </summary>
internal sealed class SimpleSegmenter(SimpleWords words, HmmTables hmmTables)
{
    /// <summary>Cuts a text into words, white space and signs.</summary>
    /// <param name="text">Any UTF-16 text; lone surrogates are tokens by themselves.</param>
    /// <param name="hmm">Whether runs of unknown characters are joined into likely words.</param>
    /// <returns>Ranges that tile the text exactly, in order; surrogate pairs are never split.</returns>
    public IReadOnlyList<TextRange> Cut(string text, bool hmm = true)
    {
        var tokens = new List<TextRange>(text.Length / 2);
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            while (end < text.Length && WordFile.IsInBlock(text[end])) end++;
            if (end > at)
            {
                CutBlock(text, at, end, hmm, tokens);
                at = end;
                continue;
            }

            bool pair = at + 1 < text.Length
                && ((char.IsHighSurrogate(text[at]) && char.IsLowSurrogate(text[at + 1])) || (text[at] == '\r' && text[at + 1] == '\n'));
            end = at + (pair ? 2 : 1);
            tokens.Add(new TextRange(at, end));
            at = end;
        }

        return tokens;
    }

    /// <summary>Cuts a text for an index: before every word of three or more characters come the words of two, then of three, inside it.</summary>
    /// <param name="text">Any UTF-16 text.</param>
    /// <param name="hmm">As in <see cref="Cut"/>.</param>
    /// <returns>Ranges inside the text, each word of <see cref="Cut"/> preceded by the shorter words in it.</returns>
    public IReadOnlyList<TextRange> CutForSearch(string text, bool hmm = true)
    {
        var tokens = new List<TextRange>(text.Length);
        foreach (TextRange word in Cut(text, hmm))
        {
            for (int length = 2; length <= 3; length++)
            {
                for (int start = word.Start; word.Length > length && start + length <= word.End; start++)
                {
                    if (words.Frequency(text.AsSpan(start, length)) > 0) tokens.Add(new TextRange(start, start + length));
                }
            }

            tokens.Add(word);
        }

        return tokens;
    }

    private void CutBlock(string text, int start, int end, bool hmm, List<TextRange> tokens)
    {
        int[] ends = BestEnds(text.AsSpan(start, end - start));
        int buffer = start;
        for (int at = start; at < end;)
        {
            int next = start + ends[at - start];
            // Single characters are held back to be joined: all of them with the model, letters and digits without.
            bool held = next - at == 1 && (hmm || char.IsAsciiLetterOrDigit(text[at]));
            if (!held)
            {
                GiveOut(text, buffer, at, hmm, tokens);
                tokens.Add(new TextRange(at, next));
                buffer = next;
            }

            at = next;
        }

        GiveOut(text, buffer, end, hmm, tokens);
    }

    private void GiveOut(string text, int start, int end, bool hmm, List<TextRange> tokens)
    {
        if (start == end) return;
        if (end - start == 1 || !hmm)
        {
            tokens.Add(new TextRange(start, end));
        }
        else if (words.Frequency(text.AsSpan(start, end - start)) > 0)
        {
            // The path was better in single characters although they make a word: jieba leaves them single.
            for (int at = start; at < end; at++) tokens.Add(new TextRange(at, at + 1));
        }
        else
        {
            var found = new List<TextRange>();
            SimpleHmmCutter.Cut(hmmTables, text, start, end, found);
            foreach (TextRange word in found)
            {
                if (!words.Apart.Contains(word.Of(text))) tokens.Add(word);
                else for (int at = word.Start; at < word.End; at++) tokens.Add(new TextRange(at, at + 1));
            }
        }
    }

    /// <summary>For every place the end of the word that the most probable path takes there.</summary>
    private int[] BestEnds(ReadOnlySpan<char> block)
    {
        double logTotal = Math.Log(words.Total);
        var best = new double[block.Length + 1];
        var ends = new int[block.Length];
        for (int at = block.Length - 1; at >= 0; at--)
        {
            double bestHere = double.NegativeInfinity;
            int bestEnd = 0;
            for (int end = at + 1; end <= block.Length && words.TryGetPrefix(block[at..end], out int frequency); end++)
            {
                if (frequency == 0) continue;
                double value = Math.Log(frequency) - logTotal + best[end];
                // Of equal values the longest word wins.
                if (value >= bestHere) (bestHere, bestEnd) = (value, end);
            }

            if (bestEnd == 0)
            {
                // A place where no word starts is passed over one character at a time, at the price of frequency 1.
                bestEnd = at + 1;
                bestHere = 0 - logTotal + best[bestEnd];
            }

            best[at] = bestHere;
            ends[at] = bestEnd;
        }

        return ends;
    }
}
