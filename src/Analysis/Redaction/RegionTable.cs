using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Redaction;

/// <summary>First two digits of resident ID numbers and first characters of number plates. Immutable and thread-safe.</summary>
public sealed class RegionTable
{
    private readonly bool[] _codes;
    private readonly HashSet<char> _plates;

    private RegionTable(bool[] codes, HashSet<char> plates)
    {
        _codes = codes;
        _plates = plates;
    }

    /// <summary>Reads and validates the table: a header <c>code, name, plate</c>, tab-separated.</summary>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static RegionTable Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Load(stream, path);
    }

    /// <summary>Reads and validates the table.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static RegionTable Load(Stream stream, string name = "regions.tsv")
    {
        var codes = new bool[100];
        var plates = new HashSet<char>();
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "code", "name", "plate"))
        {
            if (fields[0].Length != 2 || !fields[0].All(char.IsAsciiDigit)) throw new DictionaryException(name, line, $"\"{fields[0]}\" is not a code of two digits");
            if (fields[2].Length > 1) throw new DictionaryException(name, line, $"\"{fields[2]}\" is not one character");
            int code = ((fields[0][0] - '0') * 10) + fields[0][1] - '0';
            if (codes[code]) throw new DictionaryException(name, line, $"{fields[0]} stands twice");
            codes[code] = true;
            if (fields[2].Length == 1) plates.Add(fields[2][0]);
        }

        if (plates.Count == 0) throw new DictionaryException(name, 0, "no regions");
        return new RegionTable(codes, plates);
    }

    /// <summary>Whether ID numbers may begin with these two ASCII digits.</summary>
    internal bool IsRegion(char first, char second) => _codes[((first - '0') * 10) + second - '0'];

    /// <summary>Whether number plates may begin with this character.</summary>
    internal bool IsPlate(char c) => _plates.Contains(c);
}
