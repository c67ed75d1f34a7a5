using System.Text;
using System.Xml;
using Opinion.Ingest.OfficialAccount;

namespace Opinion.Ingest.Tests.OfficialAccount;

public class AccountXmlTests
{
    private const int Seed = 20261121;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 200_000 : 6_000;

    [Fact]
    public void A_message_is_read_field_by_field()
    {
        Assert.Equal(new AccountMessage("gh_office", Recorded.Writer, 1763600000, "text", "路灯 <不亮> & 😀", "9001", null), Read(Recorded.Text("路灯 <不亮> & 😀", "9001")));
        var entered = Read(Recorded.Event("subscribe"));
        Assert.Equal(("event", "subscribe", null, null), (entered.Type, entered.Event, entered.Id, entered.Content));
        Assert.Equal("at|" + Recorded.Writer + "|1763600001", entered.Key);
        Assert.Equal("id|9001", Read(Recorded.Text("x", "9001")).Key);
        Assert.Equal("image", Read(Recorded.Image).Type);
    }

    [Fact]
    public void A_messages_own_text_names_nobody() => Assert.DoesNotContain("canary", Read(Recorded.Text("x", "1")).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Fields_in_fields_and_unknown_ones_are_passed_over()
    {
        var message = Read(Recorded.Text("x", "1").Replace("<Content>", "<ScanCodeInfo><ScanType>qr</ScanType><Content>inner</Content></ScanCodeInfo><New/><Content>", StringComparison.Ordinal));
        Assert.Equal("x", message.Content);
    }

    [Theory]
    [InlineData("<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><ToUserName>&a;</ToUserName></xml>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><xml><ToUserName>&b;</ToUserName></xml>")]
    [InlineData("<xml><ToUserName>&unknown;</ToUserName></xml>")]
    [InlineData("<xml><ToUserName>a</ToUserName>")]
    [InlineData("<xml><ToUserName>a</ToUserName></xml><xml/>")]
    [InlineData("<xml>words<ToUserName>a</ToUserName></xml>")]
    [InlineData("<xml><ToUserName>a</ToUserName><ToUserName>b</ToUserName></xml>")]
    [InlineData("<xml><ToUserName><b>a</b></ToUserName></xml>")]
    [InlineData("<html/>")]
    [InlineData("<xml/>")]
    [InlineData("")]
    [InlineData("{\"a\":1}")]
    public void What_is_no_message_is_refused(string xml) => Assert.Throws<AccountXmlException>(() => Read(xml));

    [Theory]
    [InlineData("FromUserName")]
    [InlineData("ToUserName")]
    [InlineData("CreateTime")]
    [InlineData("MsgType")]
    public void What_every_message_has_must_be_there(string field)
    {
        var error = Assert.Throws<AccountXmlException>(() => Read(Recorded.Text("x", "1").Replace(field, "Other", StringComparison.Ordinal)));
        Assert.Equal($"the XML has no {field}", error.Message);
    }

    [Fact]
    public void Null_characters_and_half_surrogates_are_refused_in_words()
    {
        Assert.Contains("U+0000", Assert.Throws<AccountXmlException>(() => Read(Recorded.Text("a\0b", "1"))).Message, StringComparison.Ordinal);
        foreach (var reference in new[] { "&#0;", "&#xD800;", "&#xDC00;" })
            Assert.Contains("surrogate pair", Assert.Throws<AccountXmlException>(() => Read(Recorded.Text("x", "1").Replace("<![CDATA[x]]>", reference, StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(Recorded.Text("QQQ", "1"));
        new byte[] { 0xED, 0xA0, 0x80 }.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("QQQ"u8)));
        Assert.Contains("half of a surrogate pair", Assert.Throws<AccountXmlException>(() => AccountXml.ReadMessage(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_long_or_has_too_many_fields_is_refused()
    {
        Assert.Throws<AccountXmlException>(() => Read(Recorded.Text(new string('x', AccountXml.BodyLimit), "1")));
        Assert.Throws<AccountXmlException>(() => Read("<xml>" + string.Concat(Enumerable.Repeat("<a/>", 65)) + "</xml>"));
        Assert.Throws<AccountXmlException>(() => Read(Recorded.Text("x", new string('9', 129))));
        Assert.Throws<AccountXmlException>(() => Read("<xml>" + string.Concat(Enumerable.Repeat("<a>", 20_000))));
    }

    [Fact]
    public void An_error_repeats_nothing_that_was_sent()
    {
        var error = Assert.Throws<AccountXmlException>(() => Read("<xml><Content>canary</Content><canaryname></xml>"));
        Assert.DoesNotContain("canary", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("]]> <b>&amp; 路灯 ]]]]>")]
    [InlineData("line\nline\ttab 😀")]
    public void A_reply_holds_any_text(string text)
    {
        var xml = AccountXml.WriteReply(Read(Recorded.Text("x", "1")), text, 5);
        Assert.Equal(text, Recorded.FieldsOf(xml)["Content"]);
    }

    [Fact]
    public void A_reply_leaves_out_what_xml_cannot_hold() =>
        Assert.Equal("ab", Recorded.FieldsOf(AccountXml.WriteReply(Read(Recorded.Text("x", "1")), "a\u0001\uFFFFb", 5))["Content"]);

    /// <summary>Messages with bytes changed, cut, doubled and moved: each is read or refused, and what was read is in the framework's own reading too.</summary>
    [Fact]
    public void Broken_messages_are_read_or_refused()
    {
        var random = new Random(Seed);
        var seeds = new[] { Recorded.Text("路灯不亮 &amp;", "9001"), Recorded.Event("CLICK"), Recorded.Image, "<xml><a><b>c</b></a><Encrypt>AAAA</Encrypt><ToUserName>&#20320;</ToUserName></xml>" }.Select(Encoding.UTF8.GetBytes).ToArray();
        int read = 0, refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Broken(seeds[round % seeds.Length], random);
            try
            {
                var fields = AccountXml.ReadFields(bytes);
                read++;
                foreach (var (name, value) in fields) Assert.True(Slowly(bytes, name).Contains(value, StringComparer.Ordinal), $"seed {Seed}, round {round}, {name}");
            }
            catch (AccountXmlException)
            {
                refused++;
            }
        }

        Assert.True(read > Rounds / 20 && refused > Rounds / 10, $"seed {Seed}: {read} read, {refused} refused");
    }

    private static byte[] Broken(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var change = random.Next(0, 4); change > 0 && bytes.Count > 1; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at)); break;
                case 2: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at))); break;
                case 3: bytes.Insert(at, "<>&;]![/\"'"u8[random.Next(10)]); break;
                default: bytes[at] = (byte)random.Next(32, 127); break;
            }
        }

        return [.. bytes];
    }

    private static List<string> Slowly(byte[] bytes, string name)
    {
        var document = new XmlDocument { XmlResolver = null, PreserveWhitespace = true };
        using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF')), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true });
        document.Load(reader);
        return [.. document.DocumentElement!.ChildNodes.OfType<XmlElement>().Where(element => element.Name == name).Select(element => element.InnerText)];
    }

    private static AccountMessage Read(string xml) => AccountXml.ReadMessage(Encoding.UTF8.GetBytes(xml));
}
