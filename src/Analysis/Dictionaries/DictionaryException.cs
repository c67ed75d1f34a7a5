namespace Opinion.Analysis.Dictionaries;

/// <summary>A dictionary file that cannot be used. The message names file, line and reason.</summary>
public sealed class DictionaryException : Exception
{
    /// <summary>Makes the error for one file.</summary>
    /// <param name="file">The file as the caller named it.</param>
    /// <param name="line">The line, counted from 1; 0 when the whole file is meant.</param>
    /// <param name="reason">What is wrong, in a few words.</param>
    public DictionaryException(string file, int line, string reason)
        : base(line > 0 ? $"{file}, line {line}: {reason}" : $"{file}: {reason}")
    {
        File = file;
        Line = line;
        Reason = reason;
    }

    /// <summary>The file as the caller named it.</summary>
    public string File { get; }

    /// <summary>The line, counted from 1; 0 when the whole file is meant.</summary>
    public int Line { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }
}
