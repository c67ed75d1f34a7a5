using System.Text;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Ingest.Tests.Open311;

namespace Opinion.Dashboard.Tests.Open311;

/// <summary>What the door refuses, always as an array of errors in the format that was asked for, and what it never stores.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private const string Form = "application/x-www-form-urlencoded; charset=utf-8";
    private Open311Client _client = null!;

    public async Task InitializeAsync() => _client = await Open311Client.StartAsync(options => options with { Open311PerMinute = 60 });

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Wrong_addresses_methods_and_parameters_are_told_in_both_formats()
    {
        foreach (var (method, path, status) in new[]
        {
            ("GET", "/open311/v2/nothing", 404), ("GET", "/open311/v3/services", 404), ("GET", "/open311/v2/services/nothing", 404), ("GET", "/open311/v2/requests/nothing", 404), ("GET", "/open311/v2/tokens/nothing", 404), ("GET", "/open311/v2/requests/a/b", 404),
            ("DELETE", "/open311/v2/services", 400), ("PUT", "/open311/v2/requests", 400), ("POST", "/open311/v2/services", 400), ("POST", "/open311/v2/tokens/1", 400), ("POST", "/open311/discovery", 400),
        })
        {
            foreach (var format in new[] { "xml", "json" })
            {
                var told = await _client.SendAsync(new HttpMethod(method), $"{path}.{format}", method == "POST" ? [] : null, Form);
                Assert.Equal((status, format == "json" ? "application/json; charset=utf-8" : "text/xml; charset=utf-8"), (told.Status, told.Type));
                Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), Assert.Single(told.Errors).Code);
            }
        }

        foreach (var query in new[]
        {
            "start_date=yesterday", "start_date=2026-01-01T00:00:00", "end_date=2026-13-01T00:00:00Z", "start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", "start_date=0001-01-01T00:00:00Z", "status=new", "page=0", "page=x", "page_size=1001",
            "page=99999999999999999999", "service_code=%00", "status=%ED%A0%80x", "service_request_id=" + string.Join(',', Enumerable.Range(0, 101)), "x=" + new string('a', 5000) + "&status=" + new string('b', 100),
        }) Assert.Equal((query, 400), (query, (await _client.GetAsync("/open311/v2/requests.json?" + query)).Status));
        foreach (var injected in new[] { "' OR 1=1 --", "'; DROP TABLE letters; --", "%", "_" }) Assert.Equal("[]", (await _client.GetAsync("/open311/v2/requests.json?service_code=" + Uri.EscapeDataString(injected))).Text);
    }

    [Fact]
    public async Task A_key_that_does_not_count_is_a_403_and_nothing_is_stored()
    {
        var before = await _client.Desk.ContentAsync();
        foreach (var key in new[] { "", "x", _client.Key + "x", "' OR 1=1 --" })
        {
            var told = await _client.PostAsync("/open311/v2/requests.json", ("api_key", key), ("service_code", "urban"), ("address_id", "office"), ("description", "x"));
            Assert.Equal((403, "403"), (told.Status, Assert.Single(told.Errors).Code));
        }

        Assert.Equal(403, (await _client.PostAsync("/open311/v2/servicerequestupdates.xml", ("service_request_id", "1"), ("update_id", "1"), ("description", "x"))).Status);
        Assert.Equal(before, await _client.Desk.ContentAsync());
    }

    [Fact]
    public async Task Bodies_that_are_no_form_too_large_or_no_text_are_a_400_and_nothing_is_stored()
    {
        var before = await _client.Desk.ContentAsync();
        var good = $"api_key={_client.Key}&service_code=urban&address_id=office&description=";
        foreach (var (body, type) in new[]
        {
            ("{\"service_code\":\"urban\"}", "application/json"), ("<request/>", "text/xml"), ("x", "multipart/form-data; boundary=x"), (good + "x", "application/x-www-form-urlencoded; charset=gbk"), (good + "%00", Form), (good + "%ED%A0%80", Form), (good + "%FF", Form),
            (good + new string('a', 300_000), Form), (string.Join('&', Enumerable.Range(0, 400).Select(i => "a" + i + "=1")), Form), (string.Join('&', Enumerable.Range(0, 5000).Select(i => "a" + i + "=1")), Form), ("", Form), (good + "<script>x</script>", Form),
        })
        {
            var told = await _client.SendAsync(HttpMethod.Post, "/open311/v2/requests.xml", Encoding.UTF8.GetBytes(body), type);
            Assert.True(told.Status == (body.Length == 0 ? 403 : 400) || (told.Status == 403 && body.StartsWith("a0", StringComparison.Ordinal)), $"{type} {body[..Math.Min(60, body.Length)]}: {told.Status}");
            Assert.NotEmpty(told.Errors);
        }

        Assert.Equal(before, await _client.Desk.ContentAsync());
    }

    [SpecificationFact]
    public async Task The_samples_that_are_not_well_formed_are_a_400()
    {
        foreach (var name in new[] { "v2_01.json", "v2_10.json", "v2_12.json", "bulk_00.txt", "bulk_01.xml", "bulk_02.json" })
        {
            var told = await _client.SendAsync(HttpMethod.Post, "/open311/v2/requests" + (name.EndsWith(".json", StringComparison.Ordinal) ? ".json" : ".xml"), await File.ReadAllBytesAsync(Files.Specification("spec_samples/" + name)),
                name.EndsWith(".json", StringComparison.Ordinal) ? "application/json; charset=utf-8" : name.EndsWith(".xml", StringComparison.Ordinal) ? "text/xml; charset=utf-8" : "text/csv");
            Assert.Equal((name, 400), (name, told.Status));
            Assert.NotEmpty(told.Errors);
        }
    }

    [Fact]
    public async Task A_closed_door_takes_nothing_and_goes_on_telling_what_is_published()
    {
        Assert.Null(await _client.Desk.Get<DoorSwitch>().SetAsync(Channel.Open311, false, await Open311Client.StaffAsync(_client.Desk, "admin-1"), default));
        var before = await _client.Desk.ContentAsync();
        var told = await _client.PostAsync("/open311/v2/requests.json", ("api_key", _client.Key), ("service_code", "urban"), ("address_id", "office"), ("description", "x"));
        Assert.Equal((503, "503"), (told.Status, Assert.Single(told.Errors).Code));
        Assert.Equal(503, (await _client.PostAsync("/open311/v2/servicerequestupdates.json", ("api_key", _client.Key))).Status);
        Assert.Equal(before, await _client.Desk.ContentAsync());
        foreach (var path in new[] { "discovery.xml", "v2/services.xml", "v2/requests.json" }) Assert.Equal(200, (await _client.GetAsync("/open311/" + path)).Status);
    }

    [Fact]
    public async Task Above_its_limit_an_address_is_told_to_wait_in_the_doors_own_words()
    {
        for (var i = 0; i < 60; i++) await _client.PostAsync("/open311/v2/requests.json", ("api_key", "x"));
        var told = await _client.PostAsync("/open311/v2/requests.json", ("api_key", _client.Key), ("service_code", "urban"), ("address_id", "office"), ("description", "x"));
        Assert.Equal((429, "429"), (told.Status, Assert.Single(told.Errors).Code));
        Assert.Equal(0, await _client.Desk.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal(200, (await _client.GetAsync("/open311/v2/services.json")).Status);
    }

    [Fact]
    public async Task The_same_posted_at_once_is_one_letter_with_the_same_answer()
    {
        var body = Encoding.UTF8.GetBytes($"api_key={_client.Key}&service_code=urban&address_id=office&description={Uri.EscapeDataString(RunningDesk.Streetlight)}");
        var told = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _client.SendAsync(HttpMethod.Post, "/open311/v2/requests.json", body, Form, "one")));
        Assert.All(told, one => Assert.Equal((200, told[0].Text), (one.Status, one.Text)));
        Assert.Equal(1, await _client.Desk.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.NotEqual(told[0].Text, (await _client.SendAsync(HttpMethod.Post, "/open311/v2/requests.json", body, Form, "two")).Text);
        Assert.Equal(400, (await _client.SendAsync(HttpMethod.Post, "/open311/v2/requests.json", body, Form, new string('k', 201))).Status);
    }
}
