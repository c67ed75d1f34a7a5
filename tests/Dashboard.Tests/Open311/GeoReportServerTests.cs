using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Offices;
using Opinion.Desk.Open311;
using Opinion.Ingest.Open311;
using Opinion.Ingest.Tests.Open311;

namespace Opinion.Dashboard.Tests.Open311;

/// <summary>The GeoReport v2 server over HTTP: every resource in both formats, checked by the specification's own schemas.</summary>
public sealed class GeoReportServerTests : IAsyncLifetime
{
    private static readonly string[] Canaries = ["欧阳慕容", "13987650123", "canary@example.org", "device-canary", "account-canary", "31.2304"];

    private Open311Client _client = null!;

    public async Task InitializeAsync() => _client = await Open311Client.StartAsync();

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [SpecificationFact]
    public async Task Every_answer_is_as_the_schemas_have_it_and_says_the_same_in_xml()
    {
        var setup = _client.Desk.Get<ServiceSetup>();
        var administrator = await Open311Client.StaffAsync(_client.Desk, "admin-1");
        Assert.Null(await setup.PutAttributeAsync(administrator, new ServiceAttribute("urban", "lamp", AttributeKind.String, false, 2, "灯杆编号", "", []), default));
        Assert.Null(await setup.PutAttributeAsync(administrator, new ServiceAttribute("urban", "side", AttributeKind.SingleValueList, false, 1, "哪一侧", "看门牌", [new("e", "东"), new("w", "西")]), default));
        var (number, code) = await _client.RequestAsync(("publish", "true"), ("attribute[side]", "w"));
        await _client.PublishAsync(number);
        foreach (var (path, schema) in new[]
        {
            ("services", "services.json"), ("services/urban", "service-definition.json"), ("services/transport.bus.route", "service-definition.json"), ("requests", "requests.json"), ($"requests/{number}", "requests.json"),
            ($"requests?service_request_id={number}", "requests.json"), ("requests?status=open", "requests.json"),
        })
        {
            var parts = path.Split('?');
            var query = parts.Length > 1 ? "?" + parts[1] : "";
            var json = await _client.GetAsync($"/open311/v2/{parts[0]}.json{query}");
            var xml = await _client.GetAsync($"/open311/v2/{parts[0]}.xml{query}");
            Assert.Equal((200, "application/json; charset=utf-8", 200, "text/xml; charset=utf-8"), (json.Status, json.Type, xml.Status, xml.Type));
            Assert.Empty(SchemaCheck.Problems(json.Body, schema));
            Assert.Equal(Flat(json.Root), Flat(xml.Root));
        }

        var own = await _client.PostAsync($"/open311/v2/requests/{number}.json", ("receipt_code", code));
        Assert.Empty(SchemaCheck.Problems(own.Body, "requests.json"));
        // The checker bites.
        Assert.NotEmpty(SchemaCheck.Problems("[{\"service_request_id\":638344,\"status\":\"new\",\"service_code\":\"1\",\"requested_datetime\":\"today\"}]"u8.ToArray(), "requests.json"));
    }

    [Fact]
    public async Task Discovery_leads_to_the_endpoint_in_both_formats()
    {
        var json = (await _client.GetAsync("/open311/discovery.json")).Json;
        var endpoint = json.GetProperty("endpoints")[0];
        Assert.Equal("http://wiki.open311.org/GeoReport_v2", endpoint.GetProperty("specification").GetString());
        Assert.Equal(["text/xml", "application/json"], endpoint.GetProperty("formats").EnumerateArray().Select(format => format.GetString()!));
        Assert.Equal("production", endpoint.GetProperty("type").GetString());
        var xml = (await _client.GetAsync("/open311/discovery.xml")).Root;
        Assert.Equal("discovery", xml.Name);
        Assert.Equal(endpoint.GetProperty("url").GetString(), xml.Child("endpoints")!.Child("endpoint")!["url"]);
        var services = await _client.GetAsync(new Uri(endpoint.GetProperty("url").GetString()!).AbsolutePath + "/services.xml");
        Assert.Equal((await _client.Desk.Get<OfficeDirectory>().GetAsync(default)).Scheme.Subjects.Count, GeoReport.Services(services.Root).Count);
        Assert.Contains("Housing", (await _client.GetAsync("/open311/v2/services.xml", "en-GB, zh;q=0.5")).Text, StringComparison.Ordinal);
        Assert.Equal("住房与房产", GeoReport.Services(services.Root)[0].Name);
    }

    [Fact]
    public async Task Only_published_matters_are_listed_and_no_contact_is_ever_told()
    {
        (string, string)[] personal = [("first_name", "慕容"), ("last_name", "欧阳"), ("email", "canary@example.org"), ("phone", "13987650123"), ("device_id", "device-canary"), ("account_id", "account-canary"),
            ("address_string", "中山路"), ("lat", "31.23041"), ("long", "121.47370"), ("media_url", "https://photos.example.org/1.jpg")];
        var (agreed, _) = await _client.RequestAsync([.. personal, ("publish", "true"), ("description", "我是欧阳慕容，电话13987650123，邮箱canary@example.org。" + RunningDesk.Streetlight)]);
        var (silent, code) = await _client.RequestAsync(personal);
        Assert.Equal("[]", (await _client.GetAsync("/open311/v2/requests.json")).Text);
        await _client.PublishAsync(agreed);
        var form = await _client.Desk.SendAsync(RunningDesk.Streetlight + "第二盏也不亮。", ("Publish", "true"));
        await _client.PublishAsync(form.Number);
        var listed = GeoReport.Requests((await _client.GetAsync("/open311/v2/requests.xml")).Root);
        Assert.Equal(2, listed.Count);
        Assert.Contains(listed, request => request.Id == agreed && request.Closed && request.Requested == new DateTimeOffset(2026, 11, 16, 0, 0, 0, TimeSpan.FromHours(8)));
        // A letter of another door goes by its published answer's number: its own is known to those it was told.
        Assert.DoesNotContain(listed, request => request.Id == form.Number || request.Id == silent);
        Assert.Equal(200, (await _client.GetAsync($"/open311/v2/requests/{listed.Single(request => request.Id != agreed).Id}.xml")).Status);
        foreach (var hidden in new[] { silent, form.Number, code, "nothing", "%27%20OR%201=1", new string('9', 500) }) Assert.Equal(404, (await _client.GetAsync($"/open311/v2/requests/{hidden}.json")).Status);
        Assert.Equal("[]", (await _client.GetAsync($"/open311/v2/requests.json?service_request_id={silent},{form.Number}&status=closed")).Text);
        var updates = await _client.GetAsync("/open311/v2/servicerequestupdates.xml");
        Assert.Equal(2, updates.Root.Children.Count);
        Assert.Contains("路灯今日已修复", updates.Text, StringComparison.Ordinal);

        var own = await _client.PostAsync($"/open311/v2/requests/{silent}.xml", ("receipt_code", code.ToLowerInvariant()));
        Assert.Equal((200, silent), (own.Status, Assert.Single(GeoReport.Requests(own.Root)).Id));
        Assert.Equal(200, (await _client.PostAsync($"/open311/v2/requests/{silent}.xml", ("api_key", _client.Key))).Status);
        Assert.True(_client.Read.Count > 8);
        foreach (var canary in Canaries)
        {
            Assert.All(_client.Read, told => Assert.DoesNotContain(canary, told.Text, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(canary, own.Text, StringComparison.Ordinal);
            Assert.All(_client.Desk.Log.Lines, line => Assert.DoesNotContain(canary, line, StringComparison.OrdinalIgnoreCase));
        }

        Assert.All(_client.Read, told => Assert.DoesNotContain("photos.example.org", told.Text, StringComparison.Ordinal));
        Assert.All(_client.Read, told => Assert.DoesNotContain("中山路", told.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_withdrawn_leaves_the_list()
    {
        var (number, code) = await _client.RequestAsync(("publish", "true"));
        await _client.PublishAsync(number);
        Assert.Equal(200, (await _client.GetAsync($"/open311/v2/requests/{number}.json")).Status);
        var letter = await _client.Desk.Get<Desk.Letters.FollowLetter>().FindAsync(code, default);
        Assert.Null(await _client.Desk.Get<Desk.Letters.ChoosePublication>().HandleAsync(letter!, false, default));
        Assert.Equal(404, (await _client.GetAsync($"/open311/v2/requests/{number}.json")).Status);
        Assert.Equal("[]", (await _client.GetAsync("/open311/v2/requests.json")).Text);
    }

    [Fact]
    public async Task The_list_is_narrowed_by_service_status_and_time_and_cut_in_pages()
    {
        for (var i = 0; i < 3; i++)
        {
            var (number, _) = await _client.RequestAsync(("publish", "true"), ("phone", "1" + i));
            await _client.PublishAsync(number);
            _client.Desk.Clock.Now += TimeSpan.FromDays(1);
        }

        async Task<int> CountAsync(string query) => (await _client.GetAsync("/open311/v2/requests.json?" + query)).Json.GetArrayLength();
        Assert.Equal(3, await CountAsync(""));
        Assert.Equal(3, await CountAsync("status=&service_code=&page="));
        Assert.Equal(3, await CountAsync("status=open,closed"));
        Assert.Equal(3, await CountAsync("status=closed"));
        Assert.Equal(0, await CountAsync("status=open"));
        var code = (await _client.GetAsync("/open311/v2/requests.json")).Json[0].GetProperty("service_code").GetString()!;
        Assert.Equal(3, await CountAsync("service_code=housing," + code));
        Assert.Equal(0, await CountAsync("service_code=housing"));
        Assert.Equal(2, await CountAsync("start_date=2026-11-16T00:00:01%2B08:00"));
        Assert.Equal(1, await CountAsync("start_date=2026-11-16T00:00:00+08:00&end_date=2026-11-16T23:59:59+08:00"));
        Assert.Equal(0, await CountAsync("end_date=2026-11-15T00:00:00Z"));
        Assert.Equal(2, await CountAsync("page_size=2"));
        Assert.Equal(1, await CountAsync("page_size=2&page=2"));
        Assert.Equal(0, await CountAsync("page_size=2&page=3"));
        _client.Desk.Clock.Now += TimeSpan.FromDays(91);
        Assert.Equal(0, await CountAsync(""));
        Assert.Equal(3, await CountAsync("start_date=2026-11-01T00:00:00Z"));
    }

    [Fact]
    public async Task An_update_is_for_the_applications_own_requests_and_its_number_counts_once()
    {
        var (number, _) = await _client.RequestAsync();
        await _client.Desk.CarryOnAsync();
        (string, string)[] update = [("api_key", _client.Key), ("service_request_id", number), ("update_id", "u-1"), ("status", "open"), ("updated_datetime", "2026-11-16T10:00:00+08:00"), ("description", "又坏了一盏。")];
        Assert.Equal(200, (await _client.PostAsync("/open311/v2/servicerequestupdates.xml", update)).Status);
        Assert.Equal(400, (await _client.PostAsync("/open311/v2/servicerequestupdates.xml", update)).Status);
        Assert.Equal(1, await _client.Desk.CountAsync("SELECT COUNT(*) FROM matter_events WHERE kind = 'writer-added'"));
        var other = (await _client.Desk.Get<Applications>().MakeAsync(await Open311Client.StaffAsync(_client.Desk, "admin-1"), "other", default)).Key!;
        Assert.Equal(404, (await _client.PostAsync("/open311/v2/servicerequestupdates.xml", [.. update[1..], ("api_key", other)])).Status);
        Assert.Equal(404, (await _client.PostAsync($"/open311/v2/requests/{number}.xml", ("api_key", other))).Status);
        Assert.Equal(403, (await _client.PostAsync($"/open311/v2/requests/{number}.xml", ("api_key", "x"))).Status);
        Assert.Equal(400, (await _client.PostAsync($"/open311/v2/requests/{number}.xml")).Status);
        Assert.Equal(400, (await _client.PostAsync("/open311/v2/servicerequestupdates.json", ("api_key", _client.Key), ("service_request_id", number))).Status);
        Assert.Equal(0, (await _client.GetAsync("/open311/v2/servicerequestupdates.json")).Json.GetArrayLength());
    }

    [Fact]
    public async Task Two_jurisdictions_must_be_told_apart_and_one_need_not()
    {
        var setup = _client.Desk.Get<ServiceSetup>();
        var administrator = await Open311Client.StaffAsync(_client.Desk, "admin-1");
        Assert.Equal(200, (await _client.GetAsync("/open311/v2/services.xml?jurisdiction_id=whatever")).Status);
        Assert.Null(await setup.PutJurisdictionAsync(administrator, new Jurisdiction("a.example.org", null), default));
        Assert.Equal(200, (await _client.GetAsync("/open311/v2/services.xml")).Status);
        Assert.Equal(404, (await _client.GetAsync("/open311/v2/services.xml?jurisdiction_id=whatever")).Status);
        Assert.Null(await setup.PutJurisdictionAsync(administrator, new Jurisdiction("b.example.org", null), default));
        foreach (var path in new[] { "services.xml", "services/urban.xml", "requests.xml", "tokens/1.xml", "servicerequestupdates.xml" })
        {
            Assert.Equal(400, (await _client.GetAsync("/open311/v2/" + path)).Status);
            Assert.Equal(404, (await _client.GetAsync($"/open311/v2/{path}?jurisdiction_id=c")).Status);
        }

        Assert.Equal(200, (await _client.GetAsync("/open311/v2/requests.json?jurisdiction_id=b.example.org")).Status);
        Assert.Equal(400, (await _client.PostAsync("/open311/v2/requests.xml", ("api_key", _client.Key), ("service_code", "urban"), ("address_id", "office"))).Status);
        Assert.Equal(200, (await _client.PostAsync("/open311/v2/requests.xml", ("api_key", _client.Key), ("jurisdiction_id", "a.example.org"), ("service_code", "urban"), ("address_id", "office"))).Status);
    }

    [Fact]
    public async Task A_token_is_given_where_numbers_come_later()
    {
        Assert.Null(await _client.Desk.Get<ServiceSetup>().SetNumbersLaterAsync(await Open311Client.StaffAsync(_client.Desk, "admin-1"), true, default));
        Assert.Equal("batch", (await _client.GetAsync("/open311/v2/services.json")).Json[0].GetProperty("type").GetString());
        var told = await _client.PostAsync("/open311/v2/requests.json", ("api_key", _client.Key), ("service_code", "urban"), ("address_id", "office"), ("description", RunningDesk.Streetlight));
        Assert.False(told.Json[0].TryGetProperty("service_request_id", out _));
        var token = told.Json[0].GetProperty("token").GetString()!;
        await _client.Desk.CarryOnAsync();
        foreach (var format in new[] { "xml", "json" })
        {
            var receipt = GeoReport.Receipt((await _client.GetAsync($"/open311/v2/tokens/{token}.{format}")).Root);
            Assert.Equal(token, receipt.Token);
            Assert.Equal(1, await _client.Desk.CountAsync($"SELECT COUNT(*) FROM letters WHERE number = '{receipt.Id}'"));
        }

        Assert.Equal(404, (await _client.GetAsync("/open311/v2/tokens/12345.xml")).Status);
    }

    private static string Flat(ReadNode node) => (node.Text ?? "") + "(" + string.Join(',', node.Children.Select(child => (child.Name is "service" or "request" or "attribute" or "value" ? "" : child.Name) + ":" + Flat(child))) + ")";
}
