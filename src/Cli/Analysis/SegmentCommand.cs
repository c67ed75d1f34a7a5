using System.CommandLine;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;

namespace Opinion.Cli.Analysis;

/// <summary><c>opinion segment</c>: one line of text in, one line of tokens out.</summary>
internal static class SegmentCommand
{
    internal static Command Create(CommandStreams streams)
    {
        var search = new Option<bool>("--search") { Description = "Also give the shorter words inside long ones, as for an index." };
        var noHmm = new Option<bool>("--no-hmm") { Description = "Do not join unknown characters into likely words." };
        var separator = new Option<string>("--separator") { Description = "What stands between tokens.", DefaultValueFactory = _ => " " };
        var command = new Command("segment", "Cut lines of standard input into words.") { search, noHmm, separator };
        command.SetAction(result => Run(streams, result.GetValue(search), !result.GetValue(noHmm), result.GetValue(separator) ?? " "));
        return command;
    }

    private static int Run(CommandStreams streams, bool search, bool hmm, string separator)
    {
        Segmenter segmenter = DictionaryFolder.Default.LoadSegmenter();
        new LineSegmenter(segmenter, CommandStreams.Utf8.GetBytes(separator), search, hmm).Run(streams.In, streams.Out);
        return 0;
    }
}
