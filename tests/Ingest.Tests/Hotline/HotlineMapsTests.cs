using System.Text;
using Opinion.Desk.Offices;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tables;
using Opinion.Ingest.Tests.Offices;
using Opinion.Ingest.Tests.Tables;

namespace Opinion.Ingest.Tests.Hotline;

/// <summary>Maps made in a page: what is shown of a sheet, guessed, tried, and saved.</summary>
public sealed class HotlineMapsTests
{
    private const string Sheet = "工单编号,来电时间,内容,联系电话,备注\nA1,2026/11/2 9:00,路灯不亮。,13800006001,x\nA2,2026/11/31 9:00,路灯不亮。,,x\nA3,2026/11/3 9:00,,,x\nA4,2026/11/3 9:00,积水。\n";

    private static readonly ColumnMap Map = new(
        "夜班", "工单编号", "内容", new ReceivedColumn("来电时间", ["yyyy/M/d H:mm"]), Contact: new ContactColumns(Phone: "联系电话"), Ignore: ["备注"], Encoding: "gb18030", Sheet: "表1");

    [Fact]
    public async Task A_saved_map_is_read_back_as_it_was_and_a_person_can_read_it()
    {
        await using var office = await TempOffice.OpenAsync();
        var maps = office.Get<HotlineMaps>();
        Assert.Empty(maps.Folders());
        foreach (var name in new[] { "夜班", "" })
        {
            var folder = await maps.SaveAsync(name, Map, CancellationToken.None);
            var read = await ColumnMap.LoadAsync(folder.MapFile, CancellationToken.None);
            Assert.Equal((Map.Name, Map.Key, Map.Body, Map.Contact, Map.Encoding, Map.Sheet, Map.Title), (read.Name, read.Key, read.Body, read.Contact, read.Encoding, read.Sheet, read.Title));
            Assert.Equal(Map.Received.Column, read.Received.Column);
            Assert.Equal(Map.Received.Formats, read.Received.Formats);
            Assert.Equal(Map.Ignore, read.Ignore);
            var text = await File.ReadAllTextAsync(folder.MapFile);
            Assert.Contains("\"phone\": \"联系电话\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("null", text, StringComparison.Ordinal);
            Assert.Single(Directory.GetFiles(folder.Folder));
        }

        await maps.SaveAsync("夜班", Map with { Name = "changed" }, CancellationToken.None);
        Assert.Equal(["", "夜班"], maps.Folders().Select(folder => folder.Name));
        Assert.Equal("changed", (await ColumnMap.LoadAsync(maps.Folders()[1].MapFile, CancellationToken.None)).Name);
    }

    [Theory]
    [InlineData("done")]
    [InlineData("set-aside")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData(".hidden")]
    [InlineData("a\0b")]
    public async Task A_name_that_is_no_plain_folder_is_refused(string name)
    {
        await using var office = await TempOffice.OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => office.Get<HotlineMaps>().SaveAsync(name, Map, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => office.Get<HotlineMaps>().SaveAsync("fine", Map with { Key = "内容" }, CancellationToken.None));
        Assert.False(Directory.Exists(office.Get<HotlineMaps>().Inbox));
    }

    [Fact]
    public void The_first_rows_are_shown_and_their_columns_guessed()
    {
        var preview = SheetPreview.Read(Bytes(Sheet), "sheet", new TableOptions(), CancellationToken.None);
        Assert.Equal((5, 4), (preview.Columns.Count, preview.Rows.Count));
        Assert.All(preview.Rows, row => Assert.Equal(5, row.Count));
        Assert.Equal(("工单编号", "内容", "来电时间", "联系电话", null), (MapGuess.Column("key", preview.Columns), MapGuess.Column("body", preview.Columns), MapGuess.Column("received", preview.Columns), MapGuess.Column("phone", preview.Columns), MapGuess.Column("email", preview.Columns)));
        Assert.Equal(["yyyy/M/d H:mm"], MapGuess.FormatsOf(["2026/11/2 9:00", "2026/11/12 19:00"]));
        Assert.Equal(["yyyy/M/d H:mm"], MapGuess.FormatsOf(["2026/11/2 9:00", "2026/11/31 9:00"]));
        Assert.Equal([MapGuess.Formats[0]], MapGuess.FormatsOf(["2026/11/2 9:00", "yesterday", "today"]));
        Assert.Equal([MapGuess.Formats[0]], MapGuess.FormatsOf([]));
        Assert.All(MapGuess.Formats, format => Assert.Null((Map with { Received = new ReceivedColumn("来电时间", [format]), Encoding = "utf-8" }).Problem()));
        var long_ = SheetPreview.Read(Bytes("a\n" + string.Concat(Enumerable.Range(0, 20).Select(_ => new string('x', 59) + "😀😀\n"))), "sheet", new TableOptions(), CancellationToken.None);
        Assert.Equal((SheetPreview.Most, new string('x', 59) + "…"), (long_.Rows.Count, long_.Rows[0][0]));
        var workbook = SheetPreview.Read(new MemoryStream(Workbooks.Make(["a", "b"], ["1", 2.5])), "sheet", new TableOptions(), CancellationToken.None);
        Assert.Equal(["1", "2.5"], workbook.Rows[0]);
    }

    [Fact]
    public async Task Trying_a_map_names_row_and_column_and_takes_nothing_in()
    {
        await using var office = await TempOffice.OpenAsync();
        var desk = await office.Get<OfficeDirectory>().GetAsync(CancellationToken.None);
        var map = Map with { Encoding = "utf-8", Sheet = null };
        var trial = MapTrial.Of(Bytes(Sheet), "sheet", map, desk, TempOffice.Now, CancellationToken.None);
        Assert.Equal((4, 1), (trial.Rows, trial.Good));
        Assert.Equal([(3, "来电时间", "unknown-date"), (4, "内容", "empty"), (5, "", "cell-count")], trial.Refused.Select(row => (row.Row, row.Refusal.Column, row.Refusal.Word)));
        Assert.Equal(0, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        var error = Assert.Throws<InputFileException>(() => MapTrial.Of(Bytes(Sheet), "sheet", map with { Key = "编号" }, desk, TempOffice.Now, CancellationToken.None));
        Assert.Equal((1, "编号"), (error.Row, error.Column));
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
