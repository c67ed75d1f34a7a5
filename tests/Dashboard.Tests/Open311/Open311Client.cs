using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Accounts;
using Opinion.Desk.Answers;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Open311;
using Opinion.Ingest.Open311;

namespace Opinion.Dashboard.Tests.Open311;

/// <summary>One answer of the door.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Type">Its content type.</param>
/// <param name="Body">Its body.</param>
internal sealed record Told(int Status, string? Type, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public AnswerFormat Format => Type == "application/json; charset=utf-8" ? AnswerFormat.Json : AnswerFormat.Xml;

    public ReadNode Root => DocumentReader.Read(Body, Format);

    /// <summary>The errors it tells of.</summary>
    public IReadOnlyList<(string Code, string Description)> Errors => GeoReport.Errors(Root);

    public JsonElement Json
    {
        get
        {
            using var json = JsonDocument.Parse(Body);
            return json.RootElement.Clone();
        }
    }
}

/// <summary>A running desk with its Open311 door open, and an application that has a key.</summary>
internal sealed class Open311Client : IAsyncDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    private Open311Client(RunningDesk desk, string key) => (Desk, Key) = (desk, key);

    public RunningDesk Desk { get; }

    public string Key { get; }

    /// <summary>Everything that was answered to a GET.</summary>
    public List<Told> Read { get; } = [];

    public static async Task<Open311Client> StartAsync(Func<DashboardOptions, DashboardOptions>? options = null)
    {
        var desk = await RunningDesk.StartAsync(options);
        var administrator = await StaffAsync(desk, "admin-1");
        Assert.Null(await desk.Get<DoorSwitch>().SetAsync(Channel.Open311, true, administrator, default));
        return new Open311Client(desk, (await desk.Get<Applications>().MakeAsync(administrator, "app", default)).Key!);
    }

    public static async Task<StaffMember> StaffAsync(RunningDesk desk, string login) =>
        (await desk.Get<StaffDirectory>().FindAsync((await desk.Get<StaffDirectory>().ListAsync(default)).Single(account => account.Login == login).Id, default))!;

    public async Task<Told> GetAsync(string path, string? language = null)
    {
        var told = await SendAsync(HttpMethod.Get, path, null, null, language: language);
        Read.Add(told);
        return told;
    }

    public Task<Told> PostAsync(string path, params (string Name, string Value)[] fields) => SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(Browser.Encode(fields)), "application/x-www-form-urlencoded; charset=utf-8");

    public async Task<Told> SendAsync(HttpMethod method, string path, byte[]? body, string? type, string? repeatKey = null, string? language = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Desk.Address, path));
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type!) } };
        if (repeatKey is not null) request.Headers.Add("Idempotency-Key", repeatKey);
        if (language is not null) request.Headers.Add("Accept-Language", language);
        using var response = await _http.SendAsync(request, default);
        return new Told((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>A request about a street light, with whatever a test adds.</summary>
    public async Task<(string Number, string Code)> RequestAsync(params (string Name, string Value)[] more)
    {
        var told = await PostAsync("/open311/v2/requests.json", [("api_key", Key), ("service_code", "urban"), ("address_id", "office"), ("description", RunningDesk.Streetlight), .. more]);
        Assert.True(told.Status == 200, told.Text);
        var one = told.Json[0];
        return (one.GetProperty("service_request_id").GetString()!, CodeIn(one.GetProperty("service_notice").GetString()!));
    }

    public static string CodeIn(string notice) => notice.Split("收据码 ")[1][..30];

    /// <summary>Answers a letter and publishes the answer.</summary>
    public async Task PublishAsync(string number, string answer = "路灯今日已修复。")
    {
        await Desk.CarryOnAsync();
        var officer = await StaffAsync(Desk, "urban-1");
        Assert.Null(await Desk.Get<AnswerMatter>().HandleAsync(officer, number, Disposition.Solved, answer, default));
        var editor = await StaffAsync(Desk, "editor-1");
        var review = Desk.Get<ReviewAnswers>();
        var line = (await review.ListAsync(editor, default))[^1];
        var view = (await review.OpenAsync(editor, line.AnswerId, default)).View!;
        Assert.Null(await review.PublishAsync(editor, line.AnswerId, view.Title, view.Question, view.RedactedAnswer, default));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Desk.DisposeAsync();
    }
}
