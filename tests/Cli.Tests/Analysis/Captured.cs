using System.Text;

namespace Opinion.Cli.Tests.Analysis;

/// <summary>One run of a command: its exit code and what it wrote.</summary>
public sealed record Captured(int ExitCode, string Out, string Error)
{
    public static Captured Run(string input, params string[] args) => Run(Encoding.UTF8.GetBytes(input), args);

    public static Captured Run(byte[] input, params string[] args)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        int exitCode = OpinionCommand.Run(args, new CommandStreams(new MemoryStream(input), output, error));
        return new Captured(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
