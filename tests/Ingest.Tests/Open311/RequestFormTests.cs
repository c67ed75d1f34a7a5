using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Open311;
using Opinion.Ingest.Open311;

namespace Opinion.Ingest.Tests.Open311;

/// <summary>What is made of the parameters of a posted request, and what is refused with which words.</summary>
public sealed class RequestFormTests : IAsyncLifetime
{
    private const int Seed = 20261125;

    private static readonly DoorSetup Setup = new(
    [
        new ServiceAttribute("urban", "lamp", AttributeKind.String, true, 1, "灯杆编号", "见杆上", []),
        new ServiceAttribute("urban", "count", AttributeKind.Number, false, 2, "几盏", "", []),
        new ServiceAttribute("urban", "since", AttributeKind.DateTime, false, 3, "何时开始", "", []),
        new ServiceAttribute("urban", "more", AttributeKind.Text, false, 4, "其他", "", []),
        new ServiceAttribute("urban", "side", AttributeKind.SingleValueList, false, 5, "哪一侧", "", [new("e", "东"), new("w", "西")]),
        new ServiceAttribute("urban", "kinds", AttributeKind.MultiValueList, false, 6, "哪些", "", [new("1", "不亮"), new("2", "闪烁"), new("3", "歪斜")]),
    ], [], false);

    private Open311Office _held = null!;
    private Office _office = null!;

    public async Task InitializeAsync()
    {
        _held = await Open311Office.OpenAsync();
        _office = await _held.Get<OfficeDirectory>().GetAsync(default);
    }

    public async Task DisposeAsync() => await _held.DisposeAsync();

    [Fact]
    public void A_whole_request_becomes_a_letter()
    {
        var letter = Read("service_code=urban&lat=31.2&long=121.5&address_string=中山路&description=灯不亮&attribute[lamp]=A7&attribute[count]=2&attribute[since]=2026-11-01T08:00:00+08:00"
            + "&attribute[side]=w&attribute[kinds][]=1&attribute[kinds][]=3&email=a@b.cn&first_name=Ann&last_name=Lee&phone=123&publish=true&media_url=https://x.example/1.jpg");
        Assert.Equal("灯不亮\n灯杆编号：A7\n几盏：2\n何时开始：2026-11-01T08:00:00+08:00\n哪一侧：西\n哪些：不亮、歪斜\n附带网址（未读取）：https://x.example/1.jpg", letter.Body);
        Assert.DoesNotContain("x.example", RequestForm.WithoutMedia(letter.Body), StringComparison.Ordinal);
        Assert.Equal(("中山路 (31.200, 121.500)", true, "Ann Lee", "123", "a@b.cn", "urban"), (letter.Place, letter.Publish, letter.Contact!.Name, letter.Contact.Phone, letter.Contact.Email, letter.Origin!.Service));
        Assert.Equal(_office.Scheme.Find("urban")!.Name.Zh, letter.Title);
    }

    [Fact]
    public void Without_words_the_service_is_the_letter_and_without_consent_nothing_is_published()
    {
        var letter = Read("service_code=transport&address_id=office");
        Assert.Equal((_office.Scheme.Find("transport")!.Name.Zh, "", false), (letter.Body, letter.Place, letter.Publish));
        Assert.Null(letter.Contact);
        Assert.Equal("linxi", Read("service_code=transport&address_id=linxi").District);
        Assert.Equal("欧阳慕容", Read("service_code=transport&address_id=office&first_name=慕容&last_name=欧阳").Contact!.Name);
    }

    [Theory]
    [InlineData("address_id=office&description=x", 400, "service_code")]
    [InlineData("service_code=&address_id=office&description=x", 400, "service_code")]
    [InlineData("service_code=nothing&address_id=office", 404, "service_code")]
    [InlineData("service_code=transport&description=x", 400, "location")]
    [InlineData("service_code=transport&lat=31", 400, "together")]
    [InlineData("service_code=transport&lat=91&long=0", 400, "coordinate")]
    [InlineData("service_code=transport&lat=x&long=0", 400, "coordinate")]
    [InlineData("service_code=transport&lat=NaN&long=0", 400, "coordinate")]
    [InlineData("service_code=transport&lat=1e1&long=0", 400, "coordinate")]
    [InlineData("service_code=transport&address_id=9999", 400, "address_id")]
    [InlineData("service_code=transport&address_id=office&description=<b>x</b>", 400, "HTML")]
    [InlineData("service_code=transport&address_id=office&description=a<script src=x>", 400, "HTML")]
    [InlineData("service_code=transport&address_id=office&description=<img onerror=y>", 400, "HTML")]
    [InlineData("service_code=transport&address_id=office&email=nobody", 400, "email")]
    [InlineData("service_code=transport&address_id=office&email=a@b.cn%0ABcc:c@d.cn", 400, "email")]
    [InlineData("service_code=transport&address_id=office&media_url=javascript:alert(1)", 400, "media_url")]
    [InlineData("service_code=transport&address_id=office&media_url=photo", 400, "media_url")]
    [InlineData("service_code=transport&address_id=office&publish=maybe", 400, "publish")]
    [InlineData("service_code=transport&address_id=office&attribute[lamp]=A7", 400, "no attribute[lamp]")]
    [InlineData("service_code=urban&address_id=office", 400, "attribute[lamp] is missing")]
    [InlineData("service_code=urban&address_id=office&attribute[lamp]=", 400, "attribute[lamp] is missing")]
    [InlineData("service_code=urban&address_id=office&attribute[lamp]=a%0Ab", 400, "is no string")]
    [InlineData("service_code=urban&address_id=office&attribute[lamp]=a&attribute[lamp]=b", 400, "is no string")]
    [InlineData("service_code=urban&address_id=office&attribute[lamp]=a&attribute[count]=two", 400, "is no number")]
    [InlineData("service_code=urban&address_id=office&attribute[lamp]=a&attribute[count]=1e999", 400, "is no number")]
    [InlineData("service_code=urban&address_id=office&attribute[lamp]=a&attribute[since]=yesterday", 400, "is no datetime")]
    [InlineData("service_code=urban&address_id=office&attribute[lamp]=a&attribute[side]=n", 400, "is no singlevaluelist")]
    [InlineData("service_code=urban&address_id=office&attribute[lamp]=a&attribute[kinds][]=1&attribute[kinds][]=9", 400, "is no multivaluelist")]
    public void What_cannot_be_taken_is_refused_in_words(string form, int status, string words)
    {
        var error = Assert.Throws<ProblemException>(() => Read(form));
        Assert.Contains(error.Problems, problem => problem.Status == status && problem.Description.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var error = Assert.Throws<ProblemException>(() => Read("description=<b>x</b>&email=x&publish=2"));
        Assert.Equal(5, error.Problems.Count);
        var long4001 = Assert.Throws<ProblemException>(() => Read("service_code=transport&address_id=office&description=" + new string('a', 4001)));
        Assert.Contains("4,000", Assert.Single(long4001.Problems).Description, StringComparison.Ordinal);
        Assert.Equal(4000, Read("service_code=transport&address_id=office&description=" + new string('a', 4000)).Body.Length);
    }

    [Theory]
    [InlineData("a < b and c > d")]
    [InlineData("如果 x<3 且 y>5")]
    [InlineData("<3 谢谢")]
    [InlineData("i<b and b>c")]
    public void A_sentence_with_signs_is_no_markup(string text) => Assert.False(RequestForm.IsMarkedUp(text));

    [Fact]
    public void Whatever_is_posted_is_a_letter_or_refused_in_words()
    {
        var random = new Random(Seed);
        string[] names = ["service_code", "lat", "long", "address_string", "address_id", "description", "email", "phone", "first_name", "attribute[lamp]", "attribute[kinds][]", "attribute[", "attribute[]", "publish", "media_url", "device_id", "\ud800", "x\0y", ""];
        string[] values = ["urban", "office", "31.2", "-999", "", " ", "<p>", "\ud83d\ude00", "\udc00", "a\0b", "\u202e", "https://x.example/", "A7", "1", new string('长', 4001), new string('长', 20_001), "\u0001\u0002", "true"];
        var (letters, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            // Half of them are sound but for one field.
            var fields = round % 2 == 0 ? [] : new List<(string, string)> { ("service_code", "urban"), ("address_id", "office"), ("attribute[lamp]", "A7"), ("description", "灯不亮") };
            for (var i = random.Next(1, round % 2 == 0 ? 12 : 2); i > 0; i--) fields.Add((names[random.Next(names.Length)], values[random.Next(values.Length)]));
            try
            {
                var letter = new RequestForm(_office, Setup).Read(new PostedFields(fields), null, "key", new RequestOrigin(1, null, "t"), Open311Office.MondayMorning);
                Assert.True(letter.Problem() is null && letter.Origin!.Service == "urban" && letter.Channel == Channel.Open311, $"seed {Seed}, round {round}");
                letters++;
            }
            catch (ProblemException error)
            {
                Assert.True(error.Problems.All(problem => problem.Status is 400 or 404), $"seed {Seed}, round {round}");
                // What is said can be written.
                foreach (var format in Enum.GetValues<AnswerFormat>()) Assert.Equal(error.Problems.Count, GeoReport.Errors(DocumentReader.Read(Problem.DocumentOf(error.Problems).Write(format), format)).Count);
                refused++;
            }
        }

        Assert.True(letters > 200 && refused > 1000, $"{letters} letters, {refused} refused");
    }

    private IncomingLetter Read(string form) => new RequestForm(_office, Setup).Read(
        new PostedFields(form.Split('&').Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], Uri.UnescapeDataString(pair[1])))), null, "key", new RequestOrigin(1, null, "t"), Open311Office.MondayMorning);
}
