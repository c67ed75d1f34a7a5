using System.IO.Compression;
using System.Text;
using Opinion.Cli.Tests.Office;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Faults;
using Opinion.Ingest.Tests.Tables;
using Xunit;

namespace Opinion.Cli.Tests.Faults;

/// <summary>The fault "a poison sheet": it is refused by name with nothing half stored, and the sheets behind it are taken.</summary>
public sealed class PoisonSheetTests
{
    [Fact]
    public async Task A_broken_sheet_stores_nothing_and_keeps_no_other_from_coming_in()
    {
        using var files = new HotlineFiles();
        Assert.Equal(0, (await OpinionProcess.RunAsync(files.Import(files.Calls(5)))).ExitCode);
        using var store = DeskStore.OnSqlite(files.Data);
        var held = await Invariants.RememberAsync(store);
        foreach (var (name, bytes) in Samples())
        {
            var path = Path.Combine(files.Folder, name);
            await File.WriteAllBytesAsync(path, bytes);
            var ran = await OpinionProcess.RunAsync(files.Import(path));
            Assert.True(ran.ExitCode == 2, $"{name} ended with {ran.ExitCode}: {ran.Out}{ran.Error}");
            Assert.Contains(name, ran.Error, StringComparison.Ordinal);
            await held.HoldAsync(store, [], 5);
        }

        var more = await OpinionProcess.RunAsync(files.Import(files.Calls(8)));
        Assert.Contains("added 3, repeated 5", more.Out, StringComparison.Ordinal);
        await held.HoldAsync(store, [], 8);
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Samples()
    {
        var sound = Workbooks.Make(["id", "title", "body", "time", "phone"], ["x-1", "来电", "路灯不亮", "2025-01-01 08:00", null]);
        yield return ("half.xlsx", sound[..(sound.Length / 2)]);
        yield return ("nothing.xlsx", []);
        yield return ("no-zip.xlsx", [0x50, 0x4B, 3, 4, .. new byte[500]]);
        yield return ("bomb.xlsx", Bomb());
        yield return ("half-a-character.csv", [.. Encoding.UTF8.GetBytes("id,title,body,time,phone\nx-1,来电,路"), 0xE8]);
        yield return ("utf-16.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("id,title,body,time,phone\nx-1,来电,路灯不亮,2025-01-01 08:00,\n")]);
        yield return ("open-quote.csv", Encoding.UTF8.GetBytes("id,title,body,time,phone\nx-1,来电,\"路灯不亮,2025-01-01 08:00,\n"));
    }

    private static byte[] Bomb()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (var sheet = zip.CreateEntry("xl/worksheets/sheet1.xml", CompressionLevel.Optimal).Open())
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 300; i++) sheet.Write(zeros);
        }

        return bytes.ToArray();
    }
}
