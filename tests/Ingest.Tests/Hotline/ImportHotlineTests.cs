using System.Text;
using Opinion.Desk.Accounts;
using Opinion.Desk.Doors;
using Opinion.Desk.Imports;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tables;
using Opinion.Ingest.Tests.Offices;
using Opinion.Ingest.Tests.Tables;

namespace Opinion.Ingest.Tests.Hotline;

public class ImportHotlineTests
{
    private const string Header = "id,title,body,time,district,place,name,phone,email,note\n";

    private static readonly ColumnMap Map = new(
        "test", "id", "body", new ReceivedColumn("time", ["yyyy/M/d H:mm:ss", "yyyy-MM-dd"]), "title", "place", "district", new ContactColumns("name", "phone", "email"), ["note"]);

    [Fact]
    public async Task Good_rows_become_letters_and_then_matters()
    {
        await using var office = await TempOffice.OpenAsync();
        var result = await ImportAsync(office, Header +
            "h1,路灯不亮,滨江路东段路灯坏了三天。,2026/3/5 8:00:00,临溪区,滨江路,郝春生,13800006001,,x\n" +
            "h2,,噪声太大，夜里睡不着。,2026-03-06,Baiyan District,,,,,\n" +
            "h3,,公交车等不到。,2026/3/7 23:59:59,别处,,,,,\n" +
            "h4,,=1+1 是什么意思？,2026/3/8 0:00:00,baiyan,,,,,\n");
        Assert.Equal(new ImportCounts(4, 4, 0, 0), result.Counts);
        Assert.Equal(4, result.Assigned);
        Assert.Null(result.RejectedFile);
        Assert.Equal(4, await office.CountAsync("SELECT COUNT(*) FROM matters"));
        Assert.Equal(["linxi", "baiyan", "", "baiyan"], await office.TextsAsync("SELECT district FROM letters ORDER BY arrived_at"));
        Assert.Equal(4, await office.CountAsync("SELECT COUNT(*) FROM letters WHERE channel = 'hotline' AND publish = 0 AND about_department IS NULL"));
        // The office's clock: eight hours before, in UTC.
        Assert.Equal(new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), await office.CountAsync("SELECT MIN(arrived_at) FROM letters"));
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM letters l JOIN sealed_contacts c ON c.letter_id = l.id"));
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM letters WHERE body LIKE '=1+1%'"));
        var run = Assert.Single(await office.Runs.ListAsync(CancellationToken.None));
        Assert.Equal(("hotline", "calls.csv", result.Counts, (string?)null, (DateTimeOffset?)TempOffice.Now), (run.Channel, run.Source, run.Counts, run.Error, run.Finished));
    }

    [Fact]
    public async Task Bad_rows_are_set_aside_with_their_reason_and_the_others_go_in()
    {
        await using var office = await TempOffice.OpenAsync();
        var sheet = Header +
            "ok,,good,2026/3/5 8:00:00,,,,,,\n" +
            "b1,, ,2026/3/5 8:00:00,,,,,,\n" +
            "b2,,x,2026/2/30 8:00:00,,,,,,\n" +
            "b3,,x,soon,,,,,,\n" +
            "b4,,x\0y,2026/3/5 8:00:00,,,,,,\n" +
            $"b5,,{new string('长', 20_001)},2026/3/5 8:00:00,,,,,,\n" +
            " ,,x,2026/3/5 8:00:00,,,,,,\n" +
            "b7,,x,2026/11/22 8:00:00,,,,,,\n" +
            "b8,,x,1969/3/5 8:00:00,,,,,,\n" +
            $"b9,{new string('t', 201)},x,2026/3/5 8:00:00,,,,,,\n" +
            "b10,,x,2026/3/5 8:00:00\n" +
            "b11,,x,,,,,,,\n" +
            "b12,,x,9999/12/31 23:59:59,,,,,,\n" +
            "near,,tomorrow morning is allowed,2026/11/21 8:00:00,,,,,,\n";
        var result = await ImportAsync(office, sheet);
        Assert.Equal(new ImportCounts(14, 2, 0, 12), result.Counts);
        Assert.Equal(2, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        var (columns, rows) = TableText.Read(await File.ReadAllBytesAsync(result.RejectedFile!));
        Assert.Equal(["row", "column", "reason"], columns);
        Assert.Equal(
            [
                ("3", "body"), ("4", "time"), ("5", "time"), ("6", "body"), ("7", "body"), ("8", "id"), ("9", "time"), ("10", "time"), ("11", "title"), ("12", ""), ("13", "time"), ("14", "time"),
            ], rows.Select(row => (row.Cells[0].Text, row.Cells[1].Text)));
        Assert.All(rows, row => Assert.NotEmpty(row.Cells[2].Text));
        // The same rows lie sealed for officers, told by place and reason.
        var aside = (await office.Get<SetAsideRows>().NewestAsync(Channel.Hotline, 100, CancellationToken.None)).OrderBy(row => row.Line).ToList();
        Assert.Equal(rows.Select(row => (row.Cells[0].Text, row.Cells[1].Text)), aside.Select(row => (row.Line!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), row.Field ?? "")));
        Assert.Equal(
            ["empty", "unknown-date", "unknown-date", "null-character", "too-long", "empty", "date-in-future", "date-too-early", "too-long", "cell-count", "no-date", "date-in-future"], aside.Select(row => row.Reason));
        Assert.All(aside, row => Assert.Equal("calls.csv", row.Source));
        var editor = new StaffMember("editor", "editor", new Name("", ""), Role.Editor, null, false);
        var (_, content, _) = await office.Get<SetAsideRows>().OpenAsync(editor, aside[1].Id, "看看日期", CancellationToken.None);
        Assert.Contains("id: b2\n", content, StringComparison.Ordinal);
        Assert.Contains("time: 2026/2/30 8:00:00", content, StringComparison.Ordinal);
        Assert.DoesNotContain("time:", (await office.Get<SetAsideRows>().OpenAsync(editor, aside[9].Id, "看看", CancellationToken.None)).Content, StringComparison.Ordinal);
        // The same sheet once more sets the same rows aside, and they are there once.
        Assert.Equal(new ImportCounts(14, 0, 2, 12), (await ImportAsync(office, sheet)).Counts);
        Assert.Equal(12, await office.Get<SetAsideRows>().CountAsync(Channel.Hotline, CancellationToken.None));
    }

    [Fact]
    public async Task The_file_of_set_aside_rows_is_private_and_holds_no_word_of_them()
    {
        await using var office = await TempOffice.OpenAsync();
        var result = await ImportAsync(office, Header + "=cmd,@title,body,never,district,place,郝春生,13800006001,a@example.org,note\n", "../=来电 1.csv");
        Assert.Equal(1, result.Counts.Rejected);
        Assert.Equal(Path.Combine(office.Folder, "office", "imports", $"{result.Run}-_来电_1.csv.rejected.csv"), result.RejectedFile);
        Assert.Equal("\uFEFF\"row\",\"column\",\"reason\"\r\n\"2\",\"time\",\"no such date in any of the map's formats\"\r\n", Encoding.UTF8.GetString(await File.ReadAllBytesAsync(result.RejectedFile!)));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(result.RejectedFile!));
    }

    [Fact]
    public async Task Behind_a_closed_door_nothing_is_taken()
    {
        await using var office = await TempOffice.OpenAsync();
        await office.CloseAsync(Channel.Hotline);
        var error = await Assert.ThrowsAsync<DoorClosedException>(() => ImportAsync(office, Header + "h1,,路灯不亮,2026-03-05,,,,,,\n"));
        Assert.Equal(Channel.Hotline, error.Channel);
        Assert.Equal(0, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Empty(await office.Runs.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_workbook_is_taken_like_CSV()
    {
        await using var office = await TempOffice.OpenAsync();
        var map = Map with { Title = null, Place = null, District = null, Contact = null, Ignore = null };
        var path = office.Write("calls.csv", Workbooks.Make(
            ["id", "body", "time"], [1.0, "路灯不亮", new DateTime(2026, 3, 5, 8, 0, 0)], ["2", new Workbooks.Formula("A1", "as saved"), "2026/3/5 8:00:00"], ["3", "half _xD800_", "2026-03-05"],
            ["4", "null _x0000_", "2026-03-05"], ["1", "again", "2026-03-05"]));
        var result = await office.Import.HandleAsync(HotlineSheet.Check(path, map, CancellationToken.None), null, CancellationToken.None);
        Assert.Equal(new ImportCounts(5, 2, 1, 2), result.Counts);
        Assert.Equal(new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), await office.CountAsync("SELECT MIN(arrived_at) FROM letters"));
        var (_, rows) = TableText.Read(await File.ReadAllBytesAsync(result.RejectedFile!));
        Assert.Equal(["the cell holds half of a surrogate pair", "the cell holds U+0000"], rows.Select(row => row.Cells[2].Text));
    }

    [Fact]
    public async Task Importing_twice_is_importing_once()
    {
        await using var office = await TempOffice.OpenAsync();
        var sheet = Sheet(Enumerable.Range(0, 450).Append(7).Append(449));
        Assert.Equal(new ImportCounts(452, 450, 2, 0), (await ImportAsync(office, sheet)).Counts);
        var before = await office.TextsAsync("SELECT id || '|' || state || '|' || subject FROM letters ORDER BY id");
        Assert.Equal(450, before.Count);
        Assert.Equal(new ImportCounts(452, 0, 452, 0), (await ImportAsync(office, sheet)).Counts);
        Assert.Equal(before, await office.TextsAsync("SELECT id || '|' || state || '|' || subject FROM letters ORDER BY id"));
        Assert.Equal(450, await office.CountAsync("SELECT COUNT(*) FROM channel_keys"));
        Assert.Equal(2, (await office.Runs.ListAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task The_order_of_rows_does_not_matter()
    {
        const int Seed = 4711;
        var numbers = Enumerable.Range(0, 300).ToArray();
        var found = new List<List<string>>();
        for (var round = 0; round < 2; round++)
        {
            await using var office = await TempOffice.OpenAsync();
            Assert.Equal(300, (await ImportAsync(office, Sheet(numbers))).Counts.Added);
            found.Add(await office.TextsAsync("SELECT l.arrived_at || '|' || l.body || '|' || COALESCE(l.subject, '') || '|' || m.department || '|' || m.deadline FROM letters l JOIN matters m ON m.letter_id = l.id ORDER BY 1"));
            new Random(Seed).Shuffle(numbers);
        }

        Assert.Equal(300, found[0].Count);
        Assert.Equal(found[0], found[1]);
    }

    [Theory]
    [InlineData("id,body\n1,x\n", "title (title), place (place), district (district), name (contact.name)")]
    [InlineData("id,body\n1,x\n", "the sheet has: id, body")]
    public async Task A_missing_column_refuses_the_file(string csv, string reason)
    {
        await using var office = await TempOffice.OpenAsync();
        var error = await Assert.ThrowsAsync<InputFileException>(() => ImportAsync(office, csv));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(await office.Runs.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_file_that_breaks_near_its_end_leaves_no_row()
    {
        await using var office = await TempOffice.OpenAsync();
        var error = await Assert.ThrowsAsync<InputFileException>(() => ImportAsync(office, Sheet(Enumerable.Range(0, 900)) + "x,\"never closed\n"));
        Assert.Equal(902, error.Row);
        Assert.Equal(0, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Empty(await office.Runs.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Columns_nobody_named_are_a_warning()
    {
        await using var office = await TempOffice.OpenAsync();
        var sheet = HotlineSheet.Check(office.Write("calls.csv", Header.TrimEnd() + ",更多,extra\n"), Map, CancellationToken.None);
        Assert.Equal(2, sheet.Warnings.Count);
        Assert.Contains("更多", sheet.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(0, sheet.Rows);
    }

    [Fact]
    public async Task GB18030_is_taken_when_the_map_says_so()
    {
        await using var office = await TempOffice.OpenAsync();
        Assert.NotEmpty(Table.Encodings);
        var path = office.Write("calls.csv", Encoding.GetEncoding("gb18030").GetBytes(Header + "h1,路灯,路灯不亮。,2026/3/5 8:00:00,白堰区,,,,,\n"));
        Assert.Contains("gb18030", Assert.Throws<InputFileException>(() => HotlineSheet.Check(path, Map, CancellationToken.None)).Message, StringComparison.Ordinal);
        var sheet = HotlineSheet.Check(path, Map with { Encoding = "gb18030" }, CancellationToken.None);
        Assert.Equal(1, (await office.Import.HandleAsync(sheet, null, CancellationToken.None)).Counts.Added);
        Assert.Equal(["baiyan"], await office.TextsAsync("SELECT district FROM letters"));
    }

    [Fact]
    public async Task A_stopped_import_goes_on_where_it_was()
    {
        await using var office = await TempOffice.OpenAsync();
        var sheet = HotlineSheet.Check(office.Write("calls.csv", Sheet(Enumerable.Range(0, 700))), Map, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => office.Import.HandleAsync(sheet, _ => stop.Cancel(), stop.Token));
        Assert.Equal(ImportHotline.BatchSize, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        var run = Assert.Single(await office.Runs.ListAsync(CancellationToken.None));
        Assert.Equal((ImportHold.Ready, ImportHotline.BatchSize), (run.Hold, run.Counts.Done));
        var result = await office.Import.HandleAsync(sheet, null, CancellationToken.None);
        Assert.Equal(new ImportCounts(700, 700, 0, 0), result.Counts);
        Assert.Equal(run.Id, result.Run);
        Assert.Equal(700, await office.CountAsync("SELECT COUNT(*) FROM matters"));
    }

    private static string Sheet(IEnumerable<int> numbers) => Header + string.Concat(numbers.Select(n =>
        $"h{n},来电{n},第{n}位来电人说小区门口的路灯不亮。,{new DateTime(2026, 1, 1, 8, 0, 0).AddMinutes(n):yyyy/M/d H:mm:ss},临溪区,,,,,\n"));

    private static Task<ImportResult> ImportAsync(TempOffice office, string csv, string name = "calls.csv")
    {
        var folder = Directory.CreateDirectory(Path.Combine(office.Folder, "sheets", "in")).FullName;
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, csv);
        return office.Import.HandleAsync(HotlineSheet.Check(path, Map, CancellationToken.None), null, CancellationToken.None);
    }
}
