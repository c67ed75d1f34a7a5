using System.Globalization;
using Opinion.Dashboard.Hosting;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Open311;
using Opinion.Ingest.Open311;

namespace Opinion.Dashboard.Open311;

/// <summary>
/// The Open311 GeoReport v2 server. Reading needs no key and shows published matters alone; a letter that is not published
/// is told of by POST only, to whoever holds its receipt code or sent it, so that neither code nor key stands in an address.
/// </summary>
public sealed class Open311Endpoint(
    OfficeDirectory offices, ServiceSetup setup, Applications applications, OpenRequests requests, TakeRequest take, AddUpdate add, FollowLetter follow, DoorSwitch doors, LetterWayWorker worker, TimeProvider clock)
{
    /// <summary>Bytes of a posted body: the longest description, percent-encoded, with all that may stand beside it.</summary>
    public const int BodyLimit = 256 * 1024;

    /// <summary>The most requests one answer lists.</summary>
    public const int MostRequests = 1000;

    // Changes when what stands behind the endpoint does.
    private const string Changeset = "2026-11-25T00:00:00Z";
    private const int MostAtOnce = 100;
    private const int MostPages = 10_000;

    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(90);

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var cancel = http.RequestAborted;
        var resource = Open311Resource.Of(http.Request.Path);
        var post = HttpMethods.IsPost(http.Request.Method);
        if (resource.Name.Length == 0) throw new ProblemException(Problem.NotFound("没有这个地址。", "There is nothing at this address."));
        if (!post && !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)) throw new ProblemException(Problem.Bad("请用 GET 或 POST。", "The method is GET or POST."));
        var answer = (resource.Name, resource.Id, post) switch
        {
            ("discovery", _, false) => await DiscoveryAsync(http, cancel),
            ("services", null, false) => await ServicesAsync(http, cancel),
            ("services", var code, false) => await DefinitionAsync(http, code, cancel),
            ("requests", null, false) => await ListAsync(http, cancel),
            ("requests", var id, false) => await FindAsync(http, id, cancel),
            ("tokens", var token, false) => await TokenAsync(http, token!, cancel),
            ("updates", _, false) => await UpdatesAsync(http, cancel),
            ("requests", null, true) => await TakeAsync(http, cancel),
            ("requests", var id, true) => await OwnAsync(http, id, cancel),
            ("updates", _, true) => await AddAsync(http, cancel),
            _ => throw new ProblemException(Problem.Bad("这里只能用 GET。", "Only GET is understood here.")),
        };
        await Open311Resource.WriteAsync(http, answer);
    }

    private async Task<Document> DiscoveryAsync(HttpContext http, CancellationToken cancel)
    {
        var name = (await offices.GetAsync(cancel)).Settings.Name;
        return Discovery.Document(new Uri(Base(http)), name, Changeset);
    }

    private async Task<Document> ServicesAsync(HttpContext http, CancellationToken cancel)
    {
        var (_, now, _) = await ReadAsync(http, cancel);
        return (await AnswersAsync(http, cancel)).Services(now);
    }

    private async Task<Document> DefinitionAsync(HttpContext http, string code, CancellationToken cancel)
    {
        var (_, now, _) = await ReadAsync(http, cancel);
        return (await offices.GetAsync(cancel)).Scheme.Find(code) is { } subject ? Answers.Definition(subject.Code, now) : throw new ProblemException(Problem.NotFound("没有这个 service_code。", "There is no such service_code."));
    }

    private async Task<Document> ListAsync(HttpContext http, CancellationToken cancel)
    {
        var (fields, _, jurisdiction) = await ReadAsync(http, cancel);
        var answers = await AnswersAsync(http, cancel);
        if (fields.Each("service_request_id") is { Count: > 0 } numbers)
        {
            // What overrides all other arguments.
            if (numbers.Count > MostAtOnce) throw new ProblemException(Problem.Bad($"一次最多查 {MostAtOnce} 个编号。", $"At most {MostAtOnce} numbers are looked up at once."));
            var found = new List<OpenRequest>();
            foreach (var number in numbers)
            {
                if (await requests.FindAsync(number, cancel) is { } request) found.Add(request);
            }

            return answers.Requests(found);
        }

        return Query(fields, jurisdiction, (await offices.GetAsync(cancel)).Calendar) is { } query ? answers.Requests(await requests.ListAsync(query, cancel)) : answers.Requests([]);
    }

    private async Task<Document> FindAsync(HttpContext http, string number, CancellationToken cancel)
    {
        await ReadAsync(http, cancel);
        return await requests.FindAsync(number, cancel) is { } request ? (await AnswersAsync(http, cancel)).Requests([request]) : throw Unlisted();
    }

    private async Task<Document> TokenAsync(HttpContext http, string token, CancellationToken cancel)
    {
        var (_, now, _) = await ReadAsync(http, cancel);
        var (known, number) = await requests.TokenAsync(token, now.NumbersLater, cancel);
        return known ? Answers.Token(token, number) : throw new ProblemException(Problem.NotFound("没有这个 token。", "There is no such token."));
    }

    private async Task<Document> UpdatesAsync(HttpContext http, CancellationToken cancel)
    {
        var (fields, _, jurisdiction) = await ReadAsync(http, cancel);
        var answers = await AnswersAsync(http, cancel);
        return Query(fields, jurisdiction, (await offices.GetAsync(cancel)).Calendar) is { } query ? answers.Updates(await requests.AnswersAsync(query, cancel)) : answers.Updates([]);
    }

    private async Task<Document> TakeAsync(HttpContext http, CancellationToken cancel)
    {
        var fields = await PostedAsync(http, cancel);
        await OpenOrRefuseAsync(cancel);
        var application = await ApplicationAsync(fields, cancel);
        var now = await setup.ReadAsync(cancel);
        var repeatKey = http.Request.Headers["Idempotency-Key"].ToString();
        if (LetterText.Check(repeatKey, TakeRequest.RepeatKeyLimit, required: false) is not null) throw new ProblemException(Problem.Bad("Idempotency-Key 不能识别。", "The Idempotency-Key cannot be taken."));
        var taken = await take.HandleAsync(application, fields, now, JurisdictionOf(fields, now), repeatKey.Length == 0 ? null : repeatKey, cancel);
        worker.Wake();
        return Answers.Taken(taken, Base(http) + "/follow");
    }

    private async Task<Document> OwnAsync(HttpContext http, string number, CancellationToken cancel)
    {
        var fields = await PostedAsync(http, cancel);
        JurisdictionOf(fields, await setup.ReadAsync(cancel));
        string? letterId;
        if (fields["receipt_code"] is { } code) letterId = await follow.FindAsync(code, cancel);
        else if (fields["api_key"] is not null) letterId = await requests.OwnAsync(await ApplicationAsync(fields, cancel), number, cancel);
        else throw new ProblemException(Problem.Bad("请给出 receipt_code，或这件诉求的 api_key。", "The receipt_code is needed, or the api_key the request was sent with."));
        // A wrong code, an unknown number and a code of another letter look alike.
        var letter = letterId is null ? null : await follow.ReadAsync(letterId, cancel);
        if (letter is null || !string.Equals(letter.Number, number, StringComparison.Ordinal)) throw Unlisted();
        return (await AnswersAsync(http, cancel)).Own(letter, await requests.ServiceAsync(letter.LetterId, cancel));
    }

    private async Task<Document> AddAsync(HttpContext http, CancellationToken cancel)
    {
        var fields = await PostedAsync(http, cancel);
        await OpenOrRefuseAsync(cancel);
        var application = await ApplicationAsync(fields, cancel);
        JurisdictionOf(fields, await setup.ReadAsync(cancel));
        var update = RequestUpdate.Read(fields);
        var letterId = await requests.OwnAsync(application, update.Number, cancel) ?? throw Unlisted();
        var (repeated, refusal) = await add.HandleAsync(letterId, update.Id, update.Text, cancel);
        if (repeated) throw new ProblemException(Problem.Bad("这个 update_id 已经收到过。", "This update_id was received before."));
        if (refusal is not null) throw new ProblemException(refusal == Refusal.NotOpen ? Problem.Bad("这件诉求已办结或撤回，不能再补充。", "This request is closed or withdrawn and takes no update.") : Problem.Bad("内容不能接收。", "The content cannot be taken."));
        worker.Wake();
        return Answers.Added(update.Id, update.Number);
    }

    private OpenQuery? Query(PostedFields fields, Jurisdiction? jurisdiction, Desk.Deadlines.WorkingCalendar calendar)
    {
        var (start, end) = (MomentOf(fields, "start_date"), MomentOf(fields, "end_date"));
        var to = end ?? (start is { } first && first + LongestSpan < clock.GetUtcNow() ? first + LongestSpan : clock.GetUtcNow());
        var from = start ?? to - LongestSpan;
        if (to - from > LongestSpan) throw new ProblemException(Problem.Bad("起止时间最多相隔 90 天。", "The span may be 90 days at most."));
        var states = fields.Each("status").Distinct(StringComparer.Ordinal).ToList();
        if (states.Any(state => state is not ("open" or "closed"))) throw new ProblemException(Problem.Bad("status 只能是 open 或 closed。", "status is open or closed."));
        var (page, size) = (Whole(fields, "page", 1, MostPages), Whole(fields, "page_size", MostRequests, MostRequests));
        // Of a published matter only the day of its arrival is told, so a day is in the span when its beginning is.
        var firstDay = calendar.DayOf(from) is var day && calendar.StartOf(day) < from ? day.AddDays(1) : day;
        var lastDay = calendar.DayOf(to);
        return firstDay > lastDay ? null : new OpenQuery(firstDay, lastDay, fields.Each("service_code"), states.Count == 1 ? states[0] == "open" : null, jurisdiction?.District, (page - 1) * size, size);
    }

    private static DateTimeOffset? MomentOf(PostedFields fields, string name)
    {
        if (fields[name] is not { } text) return null;
        // Far dates leave no room for a span around them.
        return GeoReport.Moment(text) is { Year: > 1900 and < 3000 } moment ? moment : throw new ProblemException(Problem.Bad($"{name} 要写成 2010-01-01T00:00:00Z 的样子。", $"{name} must look like 2010-01-01T00:00:00Z."));
    }

    private static int Whole(PostedFields fields, string name, int otherwise, int most) =>
        fields[name] is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 && value <= most ? value
        : throw new ProblemException(Problem.Bad($"{name} 要是 1 到 {most} 的整数。", $"{name} is a whole number from 1 to {most}."));

    private async Task<(PostedFields Fields, DoorSetup Setup, Jurisdiction? Jurisdiction)> ReadAsync(HttpContext http, CancellationToken cancel)
    {
        var fields = new PostedFields(http.Request.Query.SelectMany(field => field.Value.Select(value => (field.Key, value ?? ""))));
        if (LetterText.Check(http.Request.Path.Value, 2000, required: true) is not null) throw new ProblemException(Problem.NotFound("没有这个地址。", "There is nothing at this address."));
        var now = await setup.ReadAsync(cancel);
        return (fields, now, JurisdictionOf(fields, now));
    }

    private static async Task<PostedFields> PostedAsync(HttpContext http, CancellationToken cancel)
    {
        if (!http.Request.HasFormContentType) throw new ProblemException(Problem.Bad("请用 application/x-www-form-urlencoded 提交。", "The content is to be application/x-www-form-urlencoded."));
        // The whole body has been read by now, and was checked to be UTF-8.
        if (http.Request.Body.Length > BodyLimit) throw new ProblemException(Problem.Bad("内容太长。", "The content is too long."));
        if (LetterText.Check(http.Request.Path.Value, 2000, required: true) is not null) throw new ProblemException(Problem.NotFound("没有这个地址。", "There is nothing at this address."));
        var form = await http.Request.ReadFormAsync(cancel);
        return new PostedFields(form.SelectMany(field => field.Value.Select(value => (field.Key, value ?? ""))));
    }

    private static Jurisdiction? JurisdictionOf(PostedFields fields, DoorSetup setup)
    {
        // An office with one jurisdiction need not be asked for it; one without any ignores what it is asked for.
        if (setup.Jurisdictions.Count == 0) return null;
        if (fields["jurisdiction_id"] is not { } id)
            return setup.Jurisdictions.Count == 1 ? setup.Jurisdictions[0] : throw new ProblemException(Problem.Bad("缺少 jurisdiction_id。", "The jurisdiction_id is missing."));
        return setup.Jurisdictions.FirstOrDefault(one => string.Equals(one.Id, id.Trim(), StringComparison.Ordinal)) ?? throw new ProblemException(Problem.NotFound("没有这个 jurisdiction_id。", "There is no such jurisdiction_id."));
    }

    private async Task<long> ApplicationAsync(PostedFields fields, CancellationToken cancel) => await applications.FindAsync(fields["api_key"]?.Trim(), cancel) ?? throw new ProblemException(Problem.NoKey);

    private async Task OpenOrRefuseAsync(CancellationToken cancel)
    {
        if (!await doors.IsOpenAsync(Channel.Open311, cancel)) throw new ProblemException(new Problem(503, "本入口暂未开放，没有存下任何内容。 / This door is closed; nothing was stored."));
    }

    private async Task<Answers> AnswersAsync(HttpContext http, CancellationToken cancel) => new(await offices.GetAsync(cancel), Open311Resource.IsChinese(http.Request));

    private static string Base(HttpContext http) => http.Request.Scheme + "://" + http.Request.Host.ToUriComponent();

    private static ProblemException Unlisted() => new(Problem.NotFound(
        "没有公开的这件诉求。未公开的来信请用收据码以 POST 查询。", "There is no published request of this number. A letter that is not published is asked for by POST with its receipt code."));
}
