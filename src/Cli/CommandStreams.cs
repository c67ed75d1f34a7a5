using System.Text;

namespace Opinion.Cli;

/// <summary>What a command reads and writes, so that tests can give their own.</summary>
/// <param name="In">Bytes of standard input.</param>
/// <param name="Out">Bytes of standard output; commands buffer and flush it.</param>
/// <param name="Error">Messages for people.</param>
public sealed record CommandStreams(Stream In, Stream Out, TextWriter Error)
{
    /// <summary>UTF-8 without byte order mark; invalid bytes are an error.</summary>
    internal static UTF8Encoding Utf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The streams of this process.</summary>
    public static CommandStreams OfProcess() => new(
        Console.OpenStandardInput(),
        Console.OpenStandardOutput(),
        new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });

    /// <summary>Reads standard input into a buffer.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="UsageException">It cannot be read, as when it is a folder.</exception>
    internal static int Read(Stream input, Span<byte> buffer)
    {
        try
        {
            return input.Read(buffer);
        }
        catch (IOException e)
        {
            throw new UsageException($"standard input: {e.Message}");
        }
    }

    /// <summary>A buffered writer to <see cref="Out"/> with line ends of U+000A; the stream stays open.</summary>
    internal StreamWriter Writer() => new(Out, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
}
