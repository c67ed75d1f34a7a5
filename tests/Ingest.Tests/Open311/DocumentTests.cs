using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Opinion.Ingest.Open311;

namespace Opinion.Ingest.Tests.Open311;

/// <summary>Documents say the same in both formats, and nothing another server sends does more harm than being refused.</summary>
public sealed class DocumentTests
{
    private const int Seed = 20261126;

    [Fact]
    public void What_is_written_in_either_format_is_read_alike()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 500; round++)
        {
            var document = new Document("root", Group(random, 0));
            var (xml, json) = (document.Write(AnswerFormat.Xml), document.Write(AnswerFormat.Json));
            Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>", Encoding.UTF8.GetString(xml), StringComparison.Ordinal);
            Assert.Equal(Flat(DocumentReader.Read(xml, AnswerFormat.Xml)), Flat(DocumentReader.Read(json, AnswerFormat.Json)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("<a>")]
    [InlineData("<a/><b/>")]
    [InlineData("text")]
    [InlineData("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>")]
    [InlineData("<!DOCTYPE a SYSTEM \"http://127.0.0.1/\"><a/>")]
    [InlineData("<a>&unknown;</a>")]
    [InlineData("<a>\u0001</a>")]
    public void What_is_no_xml_is_refused(string text) => Refused(Encoding.UTF8.GetBytes(text), AnswerFormat.Xml);

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[{\"a\":001}]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\",\"b\"}")]
    [InlineData("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]")]
    public void What_is_no_json_is_refused(string text) => Refused(Encoding.UTF8.GetBytes(text), AnswerFormat.Json);

    [Fact]
    public void What_is_too_large_or_too_deep_is_refused()
    {
        Refused(new byte[DocumentReader.Limit + 1], AnswerFormat.Xml);
        Refused(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 5000)) + string.Concat(Enumerable.Repeat("</a>", 5000))), AnswerFormat.Xml);
    }

    [Fact]
    public void Whatever_another_server_sends_is_read_or_refused()
    {
        var random = new Random(Seed);
        var sources = new[] { "services.xml", "definition.xml", "requests.xml", "posted.xml", "refused.xml" }.Select(Files.Traffic).Select(bytes => (Bytes: bytes, Format: AnswerFormat.Xml))
            .Append((Bytes: Encoding.UTF8.GetBytes("[{\"service_request_id\":\"7\",\"status\":\"open\",\"requested_datetime\":\"2026-11-10T09:30:00Z\",\"description\":\"路灯\\u4e0d亮\",\"lat\":1.5,\"x\":[null,true,{}]}]"), Format: AnswerFormat.Json)).ToList();
        var (read, refused) = (0, 0);
        for (var round = 0; round < (Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 200_000 : 4000); round++)
        {
            var (source, format) = sources[random.Next(sources.Count)];
            var bytes = Spoiled(random, source, sources[random.Next(sources.Count)].Bytes);
            try
            {
                var root = DocumentReader.Read(bytes, format);
                Assert.True(Slowly(bytes, format) == Count(root), $"seed {Seed}, round {round}");
                foreach (var understand in new Func<ReadNode, object>[] { GeoReport.Services, node => GeoReport.Definition(node), GeoReport.Requests, GeoReport.Receipt, GeoReport.Errors })
                {
                    try
                    {
                        Assert.NotNull(understand(root));
                    }
                    catch (ProblemException)
                    {
                        // It is another kind of document, or none.
                    }
                }

                read++;
            }
            catch (ProblemException error)
            {
                Assert.True(error.Problems.All(problem => problem.Status == 400), $"seed {Seed}, round {round}");
                refused++;
            }
        }

        Assert.True(read > 300 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Theory]
    [InlineData("2010-05-24T00:00:00Z", true)]
    [InlineData("2010-05-24T00:00Z", true)]
    [InlineData("2010-05-24T00:00:00.5+08:00", true)]
    [InlineData("2010-05-24T00:00:00-08:00", true)]
    [InlineData("2010-05-24T00:00:00 08:00", true)]
    [InlineData("2010-05-24T00:00:00", false)]
    [InlineData("2010-05-24", false)]
    [InlineData("24.5.2010", false)]
    [InlineData("2010-13-24T00:00:00Z", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_moment_has_its_offset(string? text, bool sound) => Assert.Equal(sound, GeoReport.Moment(text) is not null);

    private static void Refused(byte[] bytes, AnswerFormat format) => Assert.All(Assert.Throws<ProblemException>(() => DocumentReader.Read(bytes, format)).Problems, problem => Assert.Equal(400, problem.Status));

    private static byte[] Spoiled(Random random, byte[] source, byte[] other)
    {
        var bytes = source.ToList();
        for (var i = random.Next(0, 4); i > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(Math.Min(40, bytes.Count - at)));
                    break;
                case 2:
                    bytes.InsertRange(at, other.AsSpan(0, random.Next(other.Length)).ToArray());
                    break;
                case 3:
                    bytes.InsertRange(at, "<![CDATA[x]]>&#x41;&amp;\0\uFFFE"u8.ToArray());
                    break;
                case 4:
                    bytes.InsertRange(at, "<!-- c --><?p i?>"u8.ToArray());
                    break;
                default:
                    bytes.InsertRange(at, [.. Enumerable.Repeat((byte)'[', random.Next(30))]);
                    break;
            }
        }

        return [.. bytes];
    }

    // The framework's own trees, slow and plain: as many elements, or as many values.
    private static int Slowly(byte[] bytes, AnswerFormat format)
    {
        if (format == AnswerFormat.Json) return Nodes(JsonNode.Parse(bytes));
        using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XDocument.Load(reader).Descendants().Count();
    }

    private static int Nodes(JsonNode? node) => 1 + node switch { JsonArray array => array.Sum(Nodes), JsonObject group => group.Sum(field => Nodes(field.Value)), _ => 0 };

    private static int Count(ReadNode node) => 1 + node.Children.Sum(Count);

    private static string Flat(ReadNode node) => (node.Text ?? "") + "(" + string.Join(',', node.Children.Select(child => (child.Name is "item" ? "" : child.Name) + ":" + Flat(child))) + ")";

    private static DocumentValue.Group Group(Random random, int depth) => new([.. Enumerable.Range(0, random.Next(1, 5)).Select(i => ("n" + i, Value(random, depth + 1)))]);

    private static DocumentValue Value(Random random, int depth) => random.Next(depth > 3 ? 3 : 5) switch
    {
        0 => new DocumentValue.Text(Text(random)),
        1 => new DocumentValue.Number(random.Next(2) == 0 ? null : random.Next()),
        2 => new DocumentValue.Truth(random.Next(2) == 0),
        3 => new DocumentValue.List("item", [.. Enumerable.Range(0, random.Next(4)).Select(_ => (DocumentValue)Group(random, depth + 1))]),
        _ => Group(random, depth),
    };

    private static string? Text(Random random) => random.Next(5) == 0 ? null
        : string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(4) switch { 0 => (char)random.Next(1, 0x80), 1 => (char)random.Next(0x4E00, 0x9FFF), 2 => (char)random.Next(0xD800, 0xE000), _ => "<>&\"'\u0001\uFFFE a"[random.Next(9)] })).Replace('\r', ' ').Trim();
}
