namespace Opinion.Cli;

/// <summary>A bad argument or file: the command ends with exit code 2 and this message, which names file, row, column and reason where there are any.</summary>
public sealed class UsageException(string message) : Exception(message);
