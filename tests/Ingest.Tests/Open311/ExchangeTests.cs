using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Sealing;
using Opinion.Ingest.Open311;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.Tests.Open311;

/// <summary>The exchange with another server of the office, on recorded traffic and both engines.</summary>
public abstract class ExchangeTests(bool postgres) : IAsyncLifetime
{
    private OtherServer _other = null!;
    private Open311Office _office = null!;

    public async Task InitializeAsync()
    {
        _other = await OtherServer.StartAsync();
        _office = await Open311Office.OpenAsync(postgres, _other.Rule);
        await _other.OptInAsync(_office);
        _other.Put("GET /v2/services.xml", Files.Traffic("services.xml"));
        _other.Put("GET /v2/services/TREE-02.xml", Files.Traffic("definition.xml"));
        _other.Put("GET /v2/requests.xml", Files.Traffic("requests.xml"));
        _other.Put("POST /v2/requests.xml", Files.Traffic("posted.xml"));
    }

    public async Task DisposeAsync()
    {
        Assert.Empty(_other.Unknown);
        await _office.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task What_is_listed_becomes_letters_once_and_what_cannot_be_taken_is_set_aside()
    {
        Assert.Equal(new DoorCounts(9, 2, 4, 3), await FetchAsync());
        Assert.Equal(new DoorCounts(3, 0, 2, 1), await FetchAsync() with { Came = 3, Repeated = 2, SetAside = 1 });
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal(1, await _office.CountAsync("SELECT COUNT(*) FROM set_aside_rows"));
        Assert.Equal(0, await _office.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
        var words = string.Join('\n', await _office.TextsAsync("SELECT title || '|' || place || '|' || body FROM letters ORDER BY id"));
        Assert.Contains("路灯不亮已经三天", words, StringComparison.Ordinal);
        Assert.Contains("Trees", words, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", words, StringComparison.Ordinal);
        Assert.DoesNotContain("photos", words, StringComparison.Ordinal);
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM door_runs WHERE channel = 'open311' AND error IS NULL"));
        // The letter of the tenth belongs to the day it was written, not to the day it was fetched.
        Assert.Equal(1, await _office.CountAsync("SELECT COUNT(*) FROM letters WHERE arrived_at = @at", ("at", new DateTimeOffset(2026, 11, 10, 9, 30, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds())));
    }

    [Fact]
    public async Task The_next_run_begins_where_the_last_came_to_and_asks_no_span_above_ninety_days()
    {
        await FetchAsync();
        var first = Spans();
        Assert.Equal(3, first.Count);
        Assert.Equal(Open311Office.MondayMorning - TimeSpan.FromDays(90), first[0].From);
        Assert.Equal(Open311Office.MondayMorning, first[^1].To);
        _other.Calls.Clear();
        _office.Clock.Now += TimeSpan.FromDays(1);
        await FetchAsync();
        var second = Spans();
        Assert.Equal(Open311Office.MondayMorning - TimeSpan.FromDays(30), second[0].From);
        Assert.All(first.Concat(second), span => Assert.InRange(span.To - span.From, TimeSpan.Zero, TimeSpan.FromDays(90)));
    }

    [Fact]
    public async Task A_run_that_breaks_off_is_run_again_and_takes_in_the_rest()
    {
        var calls = 0;
        var all = Enumerable.Range(1, 450).Select(i => Request(i)).ToList();
        _other.Answers["GET /v2/requests.xml"] = async http =>
        {
            if (++calls == 3)
            {
                http.Abort();
                return;
            }

            var (page, size) = (Number(http, "page"), Number(http, "page_size"));
            await WriteAsync(http, Moment(http, "start_date") > Open311Office.MondayMorning - TimeSpan.FromDays(31) ? all.Skip((page - 1) * size).Take(size) : []);
        };
        await Assert.ThrowsAsync<PeerException>(FetchAsync);
        Assert.Equal(0, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
        var counts = await FetchAsync();
        Assert.Equal(450, counts.New);
        Assert.Equal(450, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
        calls = 2;
        _office.Clock.Now += TimeSpan.FromMinutes(1);
        await Assert.ThrowsAsync<PeerException>(FetchAsync);
        Assert.Equal(0, (await FetchAsync()).New);
        Assert.Equal(450, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM door_runs WHERE error IS NOT NULL"));
    }

    [Fact]
    public async Task A_server_that_knows_no_pages_and_cuts_at_a_thousand_is_asked_for_shorter_spans()
    {
        var all = Enumerable.Range(0, 1500).Select(i => (At: Open311Office.MondayMorning - TimeSpan.FromHours(1 + (i / 2)), Xml: Request(i + 1, Open311Office.MondayMorning - TimeSpan.FromHours(1 + (i / 2))))).ToList();
        _other.Answers["GET /v2/requests.xml"] = http => WriteAsync(http, all.Where(one => one.At >= Moment(http, "start_date") && one.At <= Moment(http, "end_date")).Take(1000).Select(one => one.Xml));
        await FetchAsync();
        Assert.Equal(1500, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task Without_the_opt_in_nothing_is_asked_and_nothing_sent()
    {
        foreach (var spoil in new Func<Task>[]
        {
            () => _other.OptInAsync(_office, until: "2026-11-15"), () => _other.OptInAsync(_office, installation: "another-installation"),
            () => Done(() => _other.Put("GET " + OptIn.Path, "{}"u8.ToArray())), () => Done(() => _other.Put("GET " + OptIn.Path, [], status: 404)), () => Done(() => _other.Put("GET " + OptIn.Path, [], status: 503)),
        })
        {
            await spoil();
            Assert.Contains(OptIn.Path, (await Assert.ThrowsAsync<PeerException>(FetchAsync)).Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<PeerException>(() => SendAsync());
        }

        Assert.All(_other.Calls, call => Assert.Equal("GET " + OptIn.Path, call.Call));
        Assert.Equal(0, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
        await _other.OptInAsync(_office);
        Assert.Null(await _office.Get<DoorSwitch>().SetAsync(Channel.Open311, false, Open311Office.Administrator, default));
        await Assert.ThrowsAsync<PeerException>(FetchAsync);
    }

    [Fact]
    public async Task A_server_elsewhere_is_never_called()
    {
        foreach (var address in new[] { "http://127.0.0.2:" + _other.Port + "/v2", "http://10.0.0.1/v2", "http://user@127.0.0.1:" + _other.Port + "/v2", "ftp://example.org/v2" })
            await Assert.ThrowsAsync<PeerException>(() => _office.Get<FetchRequests>().HandleAsync(new FetchOrder(new Uri(address)), default));
        Assert.Empty(_other.Calls);
    }

    [Fact]
    public async Task The_redacted_twin_goes_once_and_no_contact_with_it()
    {
        await LetterAsync("1", "我叫欧阳慕容，电话13900001111。小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。");
        await LetterAsync("2", "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。", about: "urban");
        await _office.CarryOnAsync();
        Assert.Equal(new SendResult(1, 0, null), await SendAsync());
        var (_, said, repeatKey) = Assert.Single(_other.Of("POST /v2/requests.xml"));
        Assert.Contains("路灯不亮", said, StringComparison.Ordinal);
        Assert.Contains("service_code=LIGHT-01", said, StringComparison.Ordinal);
        Assert.Contains("api_key=their-key", said, StringComparison.Ordinal);
        Assert.NotNull(repeatKey);
        foreach (var canary in new[] { "慕容", "13900001111", "canary", "email=", "phone=", "first_name", "device_id" }) Assert.DoesNotContain(canary, said, StringComparison.Ordinal);
        Assert.Equal(new SendResult(0, 0, null), await SendAsync());
        Assert.Equal("77001", Assert.Single(await _office.TextsAsync("SELECT remote_id FROM open311_sent")));
        Assert.Equal(1, await _office.CountAsync("SELECT COUNT(*) FROM matter_events WHERE kind = 'note' AND detail = 'open311-sent' AND visible = 1"));
        Assert.Equal(1, await _office.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'open311-sent'"));
        // Killed between the answer and the note: the same thing goes again under the same repeat key.
        await _office.ExecuteAsync("DELETE FROM open311_sent");
        Assert.Equal(1, (await SendAsync()).Sent);
        Assert.Equal(repeatKey, _other.Of("POST /v2/requests.xml")[^1].RepeatKey);
    }

    [Fact]
    public async Task What_was_fetched_never_goes_back_and_what_went_is_not_fetched()
    {
        await LetterAsync("1", "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。");
        await _office.CarryOnAsync();
        await SendAsync();
        _other.Answers["GET /v2/requests.xml"] = http => WriteAsync(http, [Request(77001), Request(5)]);
        await FetchAsync();
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal(new SendResult(0, 0, null), await SendAsync());
    }

    [Fact]
    public async Task A_server_that_refuses_stops_the_run_and_one_that_asks_questions_is_not_sent_to()
    {
        await LetterAsync("1", "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。");
        await _office.CarryOnAsync();
        _other.Put("POST /v2/requests.xml", Files.Traffic("refused.xml"), status: 403);
        Assert.Contains("403", (await SendAsync()).Stopped!, StringComparison.Ordinal);
        _other.Put("POST /v2/requests.xml", Files.Traffic("refused.xml"), status: 400);
        Assert.Equal(new SendResult(0, 1, null), await SendAsync());
        await Assert.ThrowsAsync<PeerException>(() => SendAsync("TREE-02"));
        await Assert.ThrowsAsync<PeerException>(() => SendAsync("NONE"));
        await Assert.ThrowsAsync<PeerException>(() => SendAsync("LIGHT-01", "no-such-subject"));
        Assert.Equal(0, await _office.CountAsync("SELECT COUNT(*) FROM open311_sent"));
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private Task<DoorCounts> FetchAsync() => _office.Get<FetchRequests>().HandleAsync(new FetchOrder(_other.Endpoint), default);

    private Task<SendResult> SendAsync(string service = "LIGHT-01", string subject = "urban") => _office.Get<SendRequests>().HandleAsync(new SendOrder(_other.Endpoint, "their-key", [(subject, service)]), default);

    private async Task LetterAsync(string key, string body, string? about = null) => await _office.Get<ReceiveLetter>().HandleAsync(
        new IncomingLetter(Channel.Form, key, _office.Clock.Now, "", body) { Contact = new Contact("欧阳慕容", "13900001111", "canary@example.org"), AboutDepartment = about }, default);

    private List<(DateTimeOffset From, DateTimeOffset To)> Spans() => [.. _other.Of("GET /v2/requests.xml").Select(call => call.Said.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]))
        .Select(query => (GeoReport.Moment(query["start_date"])!.Value, GeoReport.Moment(query["end_date"])!.Value))];

    private static string Request(int id, DateTimeOffset? at = null) =>
        $"<request><service_request_id>{id}</service_request_id><status>open</status><service_name>Lights</service_name><service_code>L</service_code><description>路灯不亮 {id}</description><requested_datetime>{GeoReport.Text(at ?? Open311Office.MondayMorning - TimeSpan.FromDays(1))}</requested_datetime></request>";

    private static async Task WriteAsync(HttpContext http, IEnumerable<string> requests)
    {
        http.Response.ContentType = "text/xml; charset=utf-8";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?><service_requests>" + string.Concat(requests) + "</service_requests>"));
    }

    private static int Number(HttpContext http, string name) => int.Parse(http.Request.Query[name].ToString(), CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(HttpContext http, string name) => GeoReport.Moment(http.Request.Query[name].ToString())!.Value;
}

public sealed class ExchangeOnSqlite() : ExchangeTests(postgres: false);

public sealed class ExchangeOnPostgres() : ExchangeTests(postgres: true);
