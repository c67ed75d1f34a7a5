using System.CommandLine;
using Opinion.Cli.Office;

var root = new RootCommand("Opinion: a public office's desk for answering what people write to it.")
{
    ImportCommand.Create(),
    DoctorCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();
foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync("opinion: " + error.Message);
return 2;
