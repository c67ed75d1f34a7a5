using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.Tests.Offices;
using Opinion.Ingest.Tests.OwnSite;

namespace Opinion.Ingest.Tests.Outgoing;

/// <summary>The client against a real server on this machine.</summary>
public sealed class OutgoingClientTests : IAsyncLifetime, IDisposable
{
    private LocalSite _site = null!;
    private OutgoingClient _client = null!;

    public async Task InitializeAsync()
    {
        _site = await LocalSite.StartAsync();
        _client = new OutgoingClient(_site.Rule, new StoppedClock(TempOffice.Now));
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task An_answer_comes_with_its_tags_and_asked_with_them_is_unchanged()
    {
        _site.Put("/a?b=c", "<p>words");
        var answer = await GetAsync("/a?b=c");
        Assert.Equal((200, "<p>words", "text/html; charset=utf-8", false), (answer.Status, Encoding.UTF8.GetString(answer.Content), answer.ContentType, answer.Unchanged));
        Assert.NotNull(answer.EntityTag);
        var again = await _client.SendAsync(new OutgoingCall(new Uri(_site.Address, "/a?b=c")) { EntityTag = answer.EntityTag }, default);
        Assert.Equal((true, 0), (again.Unchanged, again.Content.Length));
        Assert.All(_site.Log, asked => Assert.Equal("OpinionIntake/1.0", asked.Agent));
    }

    [Fact]
    public async Task A_body_is_posted_and_no_redirect_is_followed_with_it()
    {
        _site.Pages["/in"] = async http => await http.Response.WriteAsync(http.Request.ContentType + " " + await new StreamReader(http.Request.Body).ReadToEndAsync());
        _site.PutRedirect("/moved", "/in", 307);
        OutgoingCall Call(string path) => new(new Uri(_site.Address, path)) { Method = HttpMethod.Post, Body = "a=b"u8.ToArray(), BodyType = "application/x-www-form-urlencoded" };
        Assert.Equal("application/x-www-form-urlencoded a=b", Encoding.UTF8.GetString((await _client.SendAsync(Call("/in"), default)).Content));
        await RefusedAsync(OutgoingFault.Redirects, Call("/moved"));
        Assert.Equal(["/in", "/moved"], _site.Paths);
    }

    [Theory]
    [InlineData("ftp://board.test/", OutgoingFault.Scheme)]
    [InlineData("file:///etc/passwd", OutgoingFault.Scheme)]
    [InlineData("http://user@board.test/", OutgoingFault.Scheme)]
    [InlineData("http://board.test:8080/", OutgoingFault.Port)]
    [InlineData("https://board.test:22/", OutgoingFault.Port)]
    [InlineData("http://127.0.0.1/", OutgoingFault.Address)]
    [InlineData("http://localhost/", OutgoingFault.Address)]
    [InlineData("https://LOCALHOST./", OutgoingFault.Address)]
    [InlineData("http://desk.localhost/", OutgoingFault.Address)]
    [InlineData("http://printer.local/", OutgoingFault.Address)]
    [InlineData("https://intranet.internal/", OutgoingFault.Address)]
    [InlineData("https://nowhere.invalid/", OutgoingFault.Address)]
    [InlineData("http://2130706433/", OutgoingFault.Address)]
    [InlineData("http://0x7f.1/", OutgoingFault.Address)]
    [InlineData("http://[::1]/", OutgoingFault.Address)]
    [InlineData("http://[::ffff:10.0.0.1]/", OutgoingFault.Address)]
    [InlineData("http://[64:ff9b::7f00:1]/", OutgoingFault.Address)]
    [InlineData("http://169.254.169.254/latest/meta-data/", OutgoingFault.Address)]
    public async Task What_is_never_called_is_refused_before_anything_is_sent(string address, OutgoingFault fault) => await RefusedAsync(fault, new OutgoingCall(new Uri(address)));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fd00::1")]
    public async Task A_name_that_leads_to_a_refused_address_is_refused_whatever_else_it_leads_to(string address)
    {
        using var client = new OutgoingClient(new OutgoingRule([], (_, _) => Task.FromResult(new[] { IPAddress.Parse("1.1.1.1"), IPAddress.Parse(address) })), new StoppedClock(TempOffice.Now));
        var error = await Assert.ThrowsAsync<OutgoingException>(() => client.SendAsync(new OutgoingCall(new Uri("http://public.example/")), default));
        Assert.Equal(OutgoingFault.Address, error.Fault);
    }

    [Fact]
    public async Task A_name_that_changes_between_two_calls_is_checked_at_each_connection()
    {
        _site.Put("/", "first");
        var calls = 0;
        var rule = _site.Rule with { Resolve = (_, _) => Task.FromResult(new[] { ++calls == 1 ? IPAddress.Loopback : IPAddress.Parse("10.0.0.1") }) };
        using (var client = new OutgoingClient(rule, new StoppedClock(TempOffice.Now)))
            Assert.Equal(200, (await client.SendAsync(new OutgoingCall(_site.Address), default)).Status);
        using (var client = new OutgoingClient(rule, new StoppedClock(TempOffice.Now)))
        {
            var error = await Assert.ThrowsAsync<OutgoingException>(() => client.SendAsync(new OutgoingCall(_site.Address), default));
            // On a port that only the named address may have.
            Assert.Equal(OutgoingFault.Address, error.Fault);
        }

        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_call_that_no_test_arranged_throws() =>
        Assert.Contains("no test has arranged", (await Assert.ThrowsAnyAsync<Exception>(() => _client.SendAsync(new OutgoingCall(new Uri("http://elsewhere.example/")), default))).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1/secret", OutgoingFault.Address)]
    [InlineData("http://169.254.169.254/secret", OutgoingFault.Address)]
    [InlineData("http://[::1]/secret", OutgoingFault.Address)]
    [InlineData("http://board.test:1/secret", OutgoingFault.Port)]
    [InlineData("http://other.test:PORT/secret", OutgoingFault.OtherHost)]
    [InlineData("ftp://board.test/secret", OutgoingFault.Scheme)]
    [InlineData("http://", OutgoingFault.Redirects)]
    public async Task A_redirect_is_checked_as_the_first_address_was(string to, OutgoingFault fault)
    {
        _site.Put("/secret", "secret");
        _site.PutRedirect("/go", to.Replace("PORT", _site.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await RefusedAsync(fault, new OutgoingCall(new Uri(_site.Address, "/go")));
        Assert.Equal(["/go"], _site.Paths);
    }

    [Fact]
    public async Task Redirects_on_the_host_are_followed_up_to_the_limit()
    {
        for (var i = 0; i < 7; i++) _site.PutRedirect("/r" + i, "r" + (i + 1));
        _site.Put("/r5", "five");
        Assert.Equal((200, "/r5"), ((await GetAsync("/r0")) is var answer ? (answer.Status, answer.Address.AbsolutePath) : default));
        _site.PutRedirect("/r5", "/r6");
        await RefusedAsync(OutgoingFault.Redirects, new OutgoingCall(new Uri(_site.Address, "/r0")));
        await RefusedAsync(OutgoingFault.Redirects, new OutgoingCall(new Uri(_site.Address, "/r4")) { Redirects = 0 });
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Bytes_are_counted_after_unpacking(string packing)
    {
        using var packed = new MemoryStream();
        await using (Stream pack = packing switch { "gzip" => new GZipStream(packed, CompressionLevel.SmallestSize, true), "br" => new BrotliStream(packed, CompressionLevel.Optimal, true), _ => new ZLibStream(packed, CompressionLevel.SmallestSize, true) })
            await pack.WriteAsync(new byte[3 * 1024 * 1024]);
        Assert.InRange(packed.Length, 1, 64 * 1024);
        _site.Pages["/bomb"] = async http =>
        {
            http.Response.Headers.ContentEncoding = packing;
            await http.Response.Body.WriteAsync(packed.ToArray());
        };
        await RefusedAsync(OutgoingFault.TooLarge, new OutgoingCall(new Uri(_site.Address, "/bomb")));
        Assert.Equal(3 * 1024 * 1024, (await _client.SendAsync(new OutgoingCall(new Uri(_site.Address, "/bomb")) { Limit = 3 * 1024 * 1024 }, default)).Content.Length);
        Assert.Equal(1000, (await _client.SendAsync(new OutgoingCall(new Uri(_site.Address, "/bomb")) { Limit = 1000, CutAtLimit = true }, default)).Content.Length);
    }

    [Fact]
    public async Task What_is_packed_wrongly_or_breaks_off_is_refused()
    {
        _site.Pages["/wrong"] = async http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            await http.Response.WriteAsync("this is no gzip at all");
        };
        await RefusedAsync(OutgoingFault.BadAnswer, new OutgoingCall(new Uri(_site.Address, "/wrong")));
        _site.Pages["/half"] = async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("half");
            await http.Response.Body.FlushAsync();
            http.Abort();
        };
        await RefusedAsync(OutgoingFault.Unreachable, new OutgoingCall(new Uri(_site.Address, "/half")));
    }

    [Fact]
    public async Task What_never_ends_is_given_up_by_size_or_by_time()
    {
        _site.PutEndless("/much", 64 * 1024, 0);
        await RefusedAsync(OutgoingFault.TooLarge, new OutgoingCall(new Uri(_site.Address, "/much")));
        _site.PutEndless("/slow", 1, 50);
        await RefusedAsync(OutgoingFault.TooSlow, new OutgoingCall(new Uri(_site.Address, "/slow")) { Patience = TimeSpan.FromMilliseconds(400) });
        _site.Pages["/silent"] = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await RefusedAsync(OutgoingFault.TooSlow, new OutgoingCall(new Uri(_site.Address, "/silent")) { Patience = TimeSpan.FromMilliseconds(300) });
        using var stop = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.SendAsync(new OutgoingCall(new Uri(_site.Address, "/silent")), stop.Token));
    }

    [Fact]
    public async Task Cookies_are_not_kept()
    {
        string? sent = "none asked";
        _site.Pages["/cookie"] = http =>
        {
            sent = http.Request.Headers.Cookie;
            http.Response.Headers.SetCookie = "visitor=1";
            return Task.CompletedTask;
        };
        await GetAsync("/cookie");
        await GetAsync("/cookie");
        Assert.Null(sent);
    }

    [Theory]
    [InlineData("{\"installation\": \"here\", \"until\": \"2026-11-20\"}", OptInFinding.Given)]
    [InlineData("\uFEFF{\"installation\": \"here\", \"until\": \"2027-01-01\", \"contact\": 5}", OptInFinding.Given)]
    [InlineData("{\"installation\": \"here\", \"until\": \"2026-11-19\"}", OptInFinding.Passed)]
    [InlineData("{\"installation\": \"there\", \"until\": \"2027-01-01\"}", OptInFinding.OtherInstallation)]
    [InlineData("{\"installation\": \"HERE\", \"until\": \"2027-01-01\"}", OptInFinding.OtherInstallation)]
    [InlineData("{\"installation\": \"here\"}", OptInFinding.Unreadable)]
    [InlineData("{\"installation\": \"here\", \"until\": \"soon\"}", OptInFinding.Unreadable)]
    [InlineData("{\"installation\": \"here\", \"until\": 20270101}", OptInFinding.Unreadable)]
    [InlineData("{\"installation\": \"there\", \"installation\": \"here\", \"until\": \"2027-01-01\"}", OptInFinding.Unreadable)]
    [InlineData("[\"here\", \"2027-01-01\"]", OptInFinding.Unreadable)]
    [InlineData("{\"installation\": \"\\ud800\", \"until\": \"2027-01-01\"}", OptInFinding.Unreadable)]
    [InlineData("<html>here</html>", OptInFinding.Unreadable)]
    [InlineData("", OptInFinding.Unreadable)]
    public void The_opt_in_file_must_name_this_installation_and_a_day_that_has_not_passed(string json, OptInFinding finding) =>
        Assert.Equal(finding, OptIn.Read(Encoding.UTF8.GetBytes(json), "here", new DateOnly(2026, 11, 20)).Finding);

    private Task<OutgoingAnswer> GetAsync(string path) => _client.SendAsync(new OutgoingCall(new Uri(_site.Address, path)), default);

    private async Task RefusedAsync(OutgoingFault fault, OutgoingCall call)
    {
        var error = await Assert.ThrowsAsync<OutgoingException>(() => _client.SendAsync(call, default));
        Assert.Equal(fault, error.Fault);
    }
}
