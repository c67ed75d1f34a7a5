using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opinion.Cli.Tests.Office;

/// <summary>A folder with a map and sheets of invented calls, gone when disposed.</summary>
internal sealed class HotlineFiles : IDisposable
{
    public HotlineFiles()
    {
        Folder = Directory.CreateTempSubdirectory("opinion-cli-").FullName;
        Map = Write("map.json", "{ \"name\": \"test\", \"key\": \"id\", \"body\": \"body\", \"title\": \"title\", \"received\": { \"column\": \"time\", \"formats\": [\"yyyy-MM-dd HH:mm\"] }, \"contact\": { \"phone\": \"phone\" } }");
    }

    public string Folder { get; }

    public string Map { get; }

    public string Data => Path.Combine(Folder, "office");

    public string[] Import(string sheet) => ["import", sheet, "--channel", "hotline", "--map", Map, "--data", Data];

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string Calls(int count, string more = "")
    {
        var sheet = new StringBuilder("id,title,body,time,phone\n");
        for (var i = 0; i < count; i++)
        {
            var time = new DateTime(2025, 1, 1, 8, 0, 0, DateTimeKind.Unspecified).AddMinutes(i).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            sheet.Append(CultureInfo.InvariantCulture, $"call-{i},第{i}次来电,第{i}位来电人反映小区门口的路灯已经{i % 9 + 1}天不亮，物业说要等配件，请帮助催一催。,{time},1380000{i:D4}\n");
        }

        return Write("calls.csv", sheet.Append(more).ToString());
    }

    public async Task<Dictionary<string, JsonElement>> DoctorAsync()
    {
        var ran = await OpinionProcess.RunAsync("doctor", "--data", Data, "--format", "json");
        Assert.True(ran.ExitCode == 0, ran.Error);
        return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(ran.Out)!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
