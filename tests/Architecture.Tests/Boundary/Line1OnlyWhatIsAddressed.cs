using Opinion.Architecture.Tests.Sources;
using Opinion.Desk.Letters;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>Line 1: only what is addressed to the office.</summary>
public class Line1OnlyWhatIsAddressed
{
    private static readonly string[] Doors = ["form", "mailbox", "hotline", "open311", "official-account", "own-site", "paper"];

    private static readonly string[] Platforms =
    [
        "weibo", "douyin", "zhihu", "xiaohongshu", "tieba", "kuaishou", "toutiao", "bilibili", "twitter", "facebook", "instagram", "tiktok", "reddit", "telegram", "youtube", "whatsapp",
        "微博", "抖音", "知乎", "小红书", "贴吧", "快手", "今日头条", "crawler", "scraper", "spider", "firehose",
    ];

    [Fact]
    public void There_are_exactly_seven_doors_in_code() => Assert.Equal(Doors, Enum.GetValues<Channel>().Select(channel => channel.NameOf()));

    [Fact]
    public void The_schema_takes_exactly_these_seven()
    {
        using var schema = new Schema();
        Assert.Equal([], WrongDoors(schema));
    }

    [Fact]
    public void An_eighth_door_is_noticed()
    {
        using var open = new Schema("PRAGMA ignore_check_constraints = ON");
        Assert.NotEmpty(WrongDoors(open));
    }

    [Fact]
    public void No_code_knows_a_third_party_platform()
    {
        Assert.InRange(Repository.Sources.Count, 80, 10_000);
        Assert.Empty(Repository.Sources.SelectMany(file => ForbiddenWords.InSource(file, Platforms)));
    }

    [Theory]
    [InlineData("class WeiboDoor { }")]
    [InlineData("var url = \"https://www.zhihu.com/\";")]
    [InlineData("var label = \"来自微博\";")]
    [InlineData("void StartCrawler() { }")]
    public void A_platform_in_code_is_noticed(string text) => Assert.NotEmpty(ForbiddenWords.InSource(new SourceFile("src/Ingest/Bad.cs", text), Platforms));

    private static IEnumerable<string> WrongDoors(Schema schema)
    {
        var number = 0;
        foreach (var door in Doors.Concat(["weibo", "", "Form", "api", "crawler", "partner", "import", "other"]))
        {
            number++;
            var taken = schema.Takes($"INSERT INTO letters (id, receipt_hash, number, channel, arrived_at, registered_at, state) VALUES ('{number}', x'{number:X4}', '{number}', '{door}', 1, 1, 'received')");
            if (taken != Doors.Contains(door)) yield return door;
        }
    }
}
