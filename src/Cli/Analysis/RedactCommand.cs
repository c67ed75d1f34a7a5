using System.CommandLine;
using System.Text.Json;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Redaction;

namespace Opinion.Cli.Analysis;

/// <summary><c>opinion redact</c>: lines in, lines out with personal marks covered, or where the marks are.</summary>
internal static class RedactCommand
{
    internal static Command Create(CommandStreams streams)
    {
        var spans = new Option<bool>("--spans") { Description = "Give one JSON line per input line with the places of the marks in UTF-16 code units." };
        var command = new Command("redact", "Cover names, numbers and addresses of persons in lines of standard input.") { spans };
        command.SetAction(result => Run(streams, result.GetValue(spans)));
        return command;
    }

    /// <summary>The stable name of a kind in the output.</summary>
    internal static string TypeName(PersonalKind kind) => kind switch
    {
        PersonalKind.ResidentId => "resident_id",
        PersonalKind.Mobile => "mobile",
        PersonalKind.Landline => "landline",
        PersonalKind.BankCard => "bank_card",
        PersonalKind.Plate => "plate",
        PersonalKind.Passport => "passport",
        PersonalKind.TravelPermit => "travel_permit",
        PersonalKind.Email => "email",
        PersonalKind.WeChat => "wechat",
        PersonalKind.QQ => "qq",
        PersonalKind.Name => "name",
        PersonalKind.Address => "address",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static int Run(CommandStreams streams, bool spansOnly)
    {
        DictionaryFolder folder = DictionaryFolder.Default;
        Redactor redactor = folder.LoadRedactor(folder.LoadWords());
        using StreamWriter writer = streams.Writer();
        int number = 0;
        foreach (string line in TextLines.Read(streams.In))
        {
            IReadOnlyList<PersonalSpan> found = redactor.Find(line);
            writer.Write(spansOnly
                ? JsonSerializer.Serialize(new { line = number, spans = found.Select(s => new { start = s.Start, end = s.End, type = TypeName(s.Kind) }) })
                : Redactor.Redact(line, found));
            writer.Write('\n');
            number++;
        }

        return 0;
    }
}
