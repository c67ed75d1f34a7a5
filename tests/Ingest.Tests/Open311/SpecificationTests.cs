using System.Text;
using Opinion.Ingest.Open311;
using Opinion.Ingest.Tests.Offices;

namespace Opinion.Ingest.Tests.Open311;

/// <summary>The specification's own samples. Three of GeoReport's are no JSON (001 without quotes), and none of the bulk format's is well formed.</summary>
public sealed class SpecificationTests
{
    private static readonly string[] NoJson = ["v2_01.json", "v2_10.json", "v2_12.json"];

    [SharedDataFact]
    public void Every_sample_is_read_or_is_one_of_those_that_are_not_well_formed()
    {
        var read = new List<string>();
        var refused = new List<string>();
        foreach (var file in Files.Samples)
        {
            var name = Path.GetFileName(file);
            try
            {
                if (Understand(name, File.ReadAllBytes(file)) == 0) continue;
                read.Add(name);
            }
            catch (ProblemException error)
            {
                Assert.All(error.Problems, problem => Assert.Equal(400, problem.Status));
                refused.Add(name);
            }
        }

        Assert.Equal(["v2_00.xml", "v2_02.xml", "v2_03.json", "v2_04.txt", "v2_05.xml", "v2_06.json", "v2_07.xml", "v2_08.json", "v2_09.xml", "v2_11.xml", "v2_13.txt", "v2_14.txt"], read);
        Assert.Equal(["bulk_01.xml", "bulk_02.json", .. NoJson], refused);
    }

    [SharedDataFact]
    public void What_the_samples_say_is_understood()
    {
        var services = GeoReport.Services(Read("v2_00.xml"));
        Assert.Equal(["001", "002", "003"], services.Select(service => service.Code));
        Assert.All(services, service => Assert.True(service.Metadata));
        Assert.Equal("Construction plate shifted", services[1].Name);
        foreach (var name in new[] { "v2_02.xml", "v2_03.json" })
            Assert.Equal(("DMV66", ("WHISHETN", "singlevaluelist", true)), (GeoReport.Definition(Read(name)).Service, Assert.Single(GeoReport.Definition(Read(name)).Attributes)));
        foreach (var name in new[] { "v2_05.xml", "v2_06.json" }) Assert.Equal(new PeerReceipt("293944", null), GeoReport.Receipt(Read(name)));
        foreach (var name in new[] { "v2_07.xml", "v2_08.json" }) Assert.Equal(new PeerReceipt("638344", "12345"), GeoReport.Receipt(Read(name)));
        var requests = GeoReport.Requests(Read("v2_09.xml"));
        Assert.Equal(new PeerRequest("638344", true, "006", "Sidewalk and Curb Issues", "", new DateTimeOffset(2010, 4, 14, 6, 37, 38, TimeSpan.FromHours(-8)), "8TH AVE and JUDAH ST"), requests[0]);
        Assert.False(requests[1].Closed);
    }

    [SharedDataFact]
    public void The_sample_of_a_post_is_understood_and_what_is_dropped_is_not_read()
    {
        var fields = Posted(File.ReadAllText(Files.Specification("spec_samples/v2_04.txt")));
        Assert.Equal(("001", "1234 5th street", "A large sinkhole is destroying the street"), (fields["service_code"], fields["address_string"], fields["description"]));
        Assert.Equal("123456", Assert.Single(fields.Attributes["WHISPAWN"]));
        Assert.Equal("COISL001", Assert.Single(fields.Attributes["WHISDORN"]));
    }

    private static int Understand(string name, byte[] content)
    {
        if (name == "v2_04.txt") return Posted(Encoding.UTF8.GetString(content)).Attributes.Count;
        if (name is "v2_13.txt" or "v2_14.txt") return GeoReport.Errors(DocumentReader.Read(Body(content), name == "v2_13.txt" ? AnswerFormat.Xml : AnswerFormat.Json)).Count;
        // The bulk format's table is no document of this protocol.
        if (name == "bulk_00.txt") return 0;
        var root = DocumentReader.Read(content, name.EndsWith(".json", StringComparison.Ordinal) ? AnswerFormat.Json : AnswerFormat.Xml);
        return root.Children.Count;
    }

    private static ReadNode Read(string name) => DocumentReader.Read(File.ReadAllBytes(Files.Specification("spec_samples/" + name)), name.EndsWith(".json", StringComparison.Ordinal) ? AnswerFormat.Json : AnswerFormat.Xml);

    private static byte[] Body(byte[] message) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message).ReplaceLineEndings("\n").Split("\n\n", 2)[1].TrimStart());

    private static PostedFields Posted(string message) => new(message.ReplaceLineEndings("\n").Split("\n\n", 2)[1].Trim().Split('&')
        .Select(pair => pair.Split('=', 2)).Select(pair => (Uri.UnescapeDataString(pair[0].Replace('+', ' ')), Uri.UnescapeDataString(pair[1].Replace('+', ' ')))));
}
