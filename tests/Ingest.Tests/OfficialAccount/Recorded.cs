using System.Globalization;
using System.Text;
using System.Xml;
using Opinion.Desk.Answers;
using Opinion.Ingest.OfficialAccount;
using Opinion.Ingest.Tests.Offices;

namespace Opinion.Ingest.Tests.OfficialAccount;

/// <summary>Traffic of the platform, written for these tests in the shape its documentation gives, and an account set up for it.</summary>
internal static class Recorded
{
    public const string Token = "weixin";
    public const string AppId = "wx7q9x0canary0appid";
    public const string Key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    public const string Writer = "oW7Q9X-canary-writer";
    public const string Question = "屋顶漏水怎么动用维修资金？";
    public const string Letter = "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。";

    public static readonly BankEntry Entry = new("B001", "housing", "屋顶漏水怎么动用维修资金", ["维修资金紧急使用要签字吗"],
        "屋面严重渗漏可以**应急使用**维修资金，办法见[指南](https://town.example/fund)。", "《维修资金管理办法》", "https://town.example/fund", new DateOnly(2027, 6, 1));

    public static string Text(string content, string id, string writer = Writer) =>
        $"<xml><ToUserName><![CDATA[gh_office]]></ToUserName>\n<FromUserName><![CDATA[{writer}]]></FromUserName>\n<CreateTime>1763600000</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[{content}]]></Content>\n<MsgId>{id}</MsgId>\n</xml>";

    public static string Event(string kind) =>
        $"<xml><ToUserName><![CDATA[gh_office]]></ToUserName><FromUserName><![CDATA[{Writer}]]></FromUserName><CreateTime>1763600001</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{kind}]]></Event><EventKey></EventKey></xml>";

    public static string Image { get; } =
        $"<xml><ToUserName><![CDATA[gh_office]]></ToUserName><FromUserName><![CDATA[{Writer}]]></FromUserName><CreateTime>1763600002</CreateTime><MsgType><![CDATA[image]]></MsgType><PicUrl><![CDATA[http://mmbiz.example/1]]></PicUrl><MediaId><![CDATA[m1]]></MediaId><MsgId>77</MsgId></xml>";

    /// <summary>An office whose account is set up and whose bank holds three entries.</summary>
    public static async Task<TempOffice> OfficeAsync(bool encrypted = false, string? connection = null)
    {
        var office = await TempOffice.OpenAsync(connection);
        await SetUpAsync(office, encrypted);
        await office.SetDoorAsync(Desk.Letters.Channel.OfficialAccount, open: true);
        await office.Get<AnswerBank>().PutAsync(
            [
                Entry,
                new BankEntry("B002", "urban", "共享单车乱停放找谁处理", ["单车挡路怎么投诉"], "请拨打城管电话。", "", "https://town.example/bikes", new DateOnly(2027, 6, 1)),
                new BankEntry("B003", "urban", "自来水水费账单在哪里查询", ["水费怎么查"], "在水务大厅查询。", "", "https://town.example/water", new DateOnly(2026, 1, 1)),
            ], CancellationToken.None);
        return office;
    }

    public static Task SetUpAsync(TempOffice office, bool encrypted) =>
        File.WriteAllTextAsync(office.Get<OfficialAccountFile>().Location, encrypted ? $$"""{ "token": "{{Token}}", "appId": "{{AppId}}", "encodingAesKey": "{{Key}}" }""" : $$"""{ "token": "{{Token}}" }""");

    public static CallbackQuery Signed(string? encrypted = null, string? echo = null)
    {
        var (timestamp, nonce) = ("1763600000", "488218");
        return new CallbackQuery(AccountSignature.Of(Token, timestamp, nonce), timestamp, nonce, echo, encrypted is null ? null : AccountSignature.Of(Token, timestamp, nonce, encrypted));
    }

    /// <summary>Sends a message in plain and reads the words of the reply; null for nothing to say.</summary>
    public static async Task<string?> SendAsync(TempOffice office, string xml)
    {
        var result = await office.Get<AccountCallback>().AnswerAsync(Signed(), Encoding.UTF8.GetBytes(xml), CancellationToken.None);
        Assert.Equal(200, result.Status);
        if (!result.Xml)
        {
            Assert.Equal(AccountCallback.Nothing, result.Body);
            return null;
        }

        return ReplyOf(result.Body);
    }

    /// <summary>The words of a reply, whose sender and receiver are the message's the other way round and which has no number.</summary>
    public static string ReplyOf(string xml)
    {
        var fields = FieldsOf(xml);
        Assert.Equal((Writer, "gh_office", "text"), (fields["ToUserName"], fields["FromUserName"], fields["MsgType"]));
        Assert.Equal(TempOffice.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), fields["CreateTime"]);
        Assert.Equal(["Content", "CreateTime", "FromUserName", "MsgType", "ToUserName"], fields.Keys.Order(StringComparer.Ordinal));
        Assert.True(Encoding.UTF8.GetByteCount(fields["Content"]) <= 2048);
        return fields["Content"];
    }

    public static Dictionary<string, string> FieldsOf(string xml)
    {
        using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        reader.ReadStartElement("xml");
        while (reader.NodeType == XmlNodeType.Element)
        {
            var name = reader.Name;
            fields.Add(name, reader.ReadElementContentAsString());
        }

        return fields;
    }

    /// <summary>The receipt code in a reply.</summary>
    public static string CodeIn(string reply)
    {
        var line = reply.Split('\n').First(line => line.Count(c => c == '-') == 4);
        Assert.Equal(30, line.Length);
        return line;
    }
}
