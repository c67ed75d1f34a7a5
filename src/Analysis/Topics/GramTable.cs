using System.Globalization;
using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Topics;

/// <summary>
/// Pairs of neighbouring characters ("grams") that stand inside common words, with the share of letters expected to
/// hold them. A gram outside the table more likely belongs to the name of a place. Immutable and thread-safe.
/// </summary>
public sealed class GramTable
{
    // The expected share of letters that hold a gram of which nothing is known.
    private const float UnknownShare = 1f / 2000;

    private readonly uint[] _keys;
    private readonly float[] _shares;
    private readonly int _mask;

    private GramTable(Dictionary<uint, float> shares)
    {
        int capacity = 16;
        while (capacity < shares.Count * 3) capacity *= 2;
        _keys = new uint[capacity];
        _shares = new float[capacity];
        _mask = capacity - 1;
        foreach ((uint gram, float share) in shares)
        {
            int at = Slot(gram);
            while (_keys[at] != 0) at = (at + 1) & _mask;
            _keys[at] = gram;
            _shares[at] = share;
        }
    }

    /// <summary>Reads and validates a table: a header <c>gram, share</c>, tab-separated, two characters each, share above 0 and below 1.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static GramTable Load(Stream stream, string name = "topic-grams.tsv")
    {
        var shares = new Dictionary<uint, float>();
        foreach ((int line, string[] fields) in DictionaryText.Rows(DictionaryText.Read(stream, name), name, "gram", "share"))
        {
            uint gram = fields[0].Length == 2 ? Grams.Of(fields[0][0], fields[0][1]) : 0;
            if (gram == 0) throw new DictionaryException(name, line, $"\"{fields[0]}\" is not two letters or digits");
            if (!float.TryParse(fields[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out float share) || !(share is > 0 and < 1))
            {
                throw new DictionaryException(name, line, $"\"{fields[1]}\" is not a share above 0 and below 1");
            }

            if (!shares.TryAdd(gram, share)) throw new DictionaryException(name, line, $"\"{fields[0]}\" stands twice");
        }

        if (shares.Count == 0) throw new DictionaryException(name, 0, "no gram");
        return new GramTable(shares);
    }

    /// <summary>Whether a gram stands inside a common word, and the share of letters expected to hold it.</summary>
    internal bool IsCommon(uint gram, out float share)
    {
        for (int at = Slot(gram); _keys[at] != 0; at = (at + 1) & _mask)
        {
            if (_keys[at] != gram) continue;
            share = _shares[at];
            return true;
        }

        share = UnknownShare;
        return false;
    }

    private int Slot(uint gram) => (int)((gram * 2654435769u) >> 8) & _mask;
}
