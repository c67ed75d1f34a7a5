namespace Opinion.Analysis.Classification;

/// <summary>A model file that cannot be used. The message names the file and what is wrong with it.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Makes the error for one file.</summary>
    /// <param name="file">The file as the caller named it.</param>
    /// <param name="reason">What is wrong, in a few words.</param>
    public ModelException(string file, string reason)
        : base($"{file}: {reason}")
    {
        File = file;
        Reason = reason;
    }

    /// <summary>The file as the caller named it.</summary>
    public string File { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }
}
