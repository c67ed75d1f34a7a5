using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Tests.Hotline;

public sealed class ColumnMapTests : IDisposable
{
    private const string Times = "\"received\": { \"column\": \"time\", \"formats\": [\"yyyy/M/d H:mm:ss\"] }";

    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-map-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_whole_map_is_read()
    {
        var map = await LoadAsync(
            """
            { "name": "12345", "key": "编号", "title": "标题", "body": "内容", "received": { "column": "时间", "formats": ["yyyy/M/d H:mm:ss", "yyyy-MM-dd"] },
              "district": "区县", "place": "地点", "contact": { "name": "联系人", "phone": "电话", "email": "邮箱" }, "ignore": ["备注"], "encoding": "gb18030", "sheet": "来电" }
            """);
        Assert.Equal(new ContactColumns("联系人", "电话", "邮箱"), map.Contact);
        Assert.Equal(["备注"], map.Ignore ?? []);
        Assert.Equal(("12345", "编号", "标题", "内容", "区县", "地点", "gb18030", "来电"), (map.Name, map.Key, map.Title, map.Body, map.District, map.Place, map.Encoding, map.Sheet));
        Assert.Equal(2, map.Received.Formats.Count);
    }

    [Fact]
    public async Task What_may_be_missing_may_be_missing()
    {
        var map = await LoadAsync("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"body\", " + Times + " }");
        Assert.Equal(("utf-8", null, null), (map.Encoding, map.Contact, map.Sheet));
    }

    [Theory]
    [InlineData("", "no column map")]
    [InlineData("null", "null")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", " + Times + " }", "body")]
    [InlineData("{ \"name\": \"x\", \"key\": null, \"body\": \"b\", " + Times + " }", "no column map")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"b\", \"phone\": \"p\", " + Times + " }", "phone")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"key\": \"id2\", \"body\": \"b\", " + Times + " }", "key")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"id\", " + Times + " }", "more than once: key, body")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"b\", \"ignore\": [\"b\"], " + Times + " }", "body, ignore")]
    [InlineData("{ \"name\": \"x\", \"key\": \" id\", \"body\": \"b\", " + Times + " }", "white space")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"b\", \"encoding\": \"big5\", " + Times + " }", "encoding")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"b\", \"received\": { \"column\": \"t\", \"formats\": [] } }", "no format")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"b\", \"received\": { \"column\": \"t\", \"formats\": [\"HH:mm\"] } }", "HH:mm")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"b\", \"received\": { \"column\": \"t\", \"formats\": [\"yyyy-MM-dd hh:mm\"] } }", "hh:mm")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"b\", \"received\": { \"column\": \"t\", \"formats\": [\"yyyy-MM-dd HH:mm zzz\"] } }", "zzz")]
    [InlineData("{ \"name\": \"x\", \"key\": \"id\", \"body\": \"b\", \"received\": { \"column\": \"t\", \"formats\": [\"%\"] } }", "no format")]
    public async Task What_is_wrong_is_said(string json, string reason)
    {
        var error = await Assert.ThrowsAsync<InputFileException>(() => LoadAsync(json));
        Assert.Contains("map.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_that_is_not_there_is_said_to_be_missing()
    {
        var error = await Assert.ThrowsAsync<InputFileException>(() => ColumnMap.LoadAsync(Path.Combine(_folder, "no.json"), CancellationToken.None));
        Assert.Contains("no such file", error.Message, StringComparison.Ordinal);
    }

    private Task<ColumnMap> LoadAsync(string json)
    {
        var path = Path.Combine(_folder, "map.json");
        File.WriteAllText(path, json);
        return ColumnMap.LoadAsync(path, CancellationToken.None);
    }
}
