using System.CommandLine;
using System.CommandLine.Parsing;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Cli.Analysis;
using Opinion.Cli.Office;

namespace Opinion.Cli;

/// <summary>The root command <c>opinion</c> and what its exit codes mean: 0 done, 1 failed, 2 a bad argument or file.</summary>
public static class OpinionCommand
{
    /// <summary>Parses the arguments and runs the command.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, CommandStreams streams)
    {
        RootCommand root = Create(streams);
        // "@name" is a name like any other here, not a file with more arguments.
        ParseResult result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            foreach (ParseError error in result.Errors) streams.Error.WriteLine($"opinion: {error.Message}");
            streams.Error.WriteLine("Try: opinion --help");
            return 2;
        }

        try
        {
            using StreamWriter help = streams.Writer();
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = help, Error = streams.Error });
        }
        catch (Exception e) when (e is UsageException or DictionaryException or ModelException)
        {
            streams.Error.WriteLine($"opinion: {e.Message}");
            return 2;
        }
        catch (Exception e)
        {
            streams.Error.WriteLine($"opinion: {e.GetType().Name}: {e.Message}");
            return 1;
        }
    }

    private static RootCommand Create(CommandStreams streams) => new("Opinion, the desk of an office that answers.")
    {
        SegmentCommand.Create(streams),
        RedactCommand.Create(streams),
        TrainCommand.Create(streams),
        ClassifyCommand.Create(streams),
        EvaluateCommand.Create(streams),
        TopicsCommand.Create(streams),
        MatchCommand.Create(streams),
        ServeCommand.Create(streams),
        ImportCommand.Create(),
        ReportCommand.Create(),
        DoctorCommand.Create(),
        BackupCommand.Create(),
        RestoreCommand.Create(),
        KeysCommand.Create(),
        MigrateCommand.Create(),
        Open311Command.Create(),
    };
}
