using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Open311;
using static Opinion.Ingest.Open311.DocumentValue;

namespace Opinion.Ingest.Open311;

/// <summary>Writes what the desk tells as the documents of the specification. Nothing here has a field for who wrote.</summary>
/// <param name="office">The office.</param>
/// <param name="chinese">Whether names are given in Chinese; else in English.</param>
public sealed class Answers(Office office, bool chinese)
{
    /// <summary>The list of services: the office's public subject scheme.</summary>
    public Document Services(DoorSetup setup) => new("services", new List("service", [.. office.Scheme.Subjects.Select(subject => Service(subject, setup))]));

    /// <summary>What is asked about one service.</summary>
    public static Document Definition(string service, DoorSetup setup) => new("service_definition", new Group([("service_code", new Text(service)), ("attributes", new List("attribute", [.. setup.Of(service).Select(Attribute)]))]));

    /// <summary>What a sender is given.</summary>
    public static Document Taken(TakenRequest taken, string follow)
    {
        var code = taken.Receipt.Code.Shown;
        var notice = $"收据码 {code}，请交给来信人保存：凭码可在 {follow} 查进度、补充或撤回。 / Receipt code {code}, for the writer to keep: with it the letter is followed, added to or withdrawn at {follow}.";
        return One(taken.Number is not null ? ("service_request_id", new Text(taken.Number)) : ("token", new Text(taken.Token)), ("service_notice", new Text(notice)), ("account_id", new Text(null)));
    }

    /// <summary>The number a token leads to.</summary>
    public static Document Token(string token, string? number) => One(("service_request_id", new Text(number)), ("token", new Text(token)));

    /// <summary>A list of published matters.</summary>
    public Document Requests(IEnumerable<OpenRequest> requests) => new("service_requests", new List("request", [.. requests.Select(Published)]));

    /// <summary>A letter, for who holds its receipt code or sent it: its redacted twin.</summary>
    public Document Own(FollowedLetter letter, string? service)
    {
        var code = letter.Subject ?? service ?? "";
        var answer = letter.History.LastOrDefault(line => line.Entry.Kind == HistoryKind.Answered);
        return new("service_requests", new List("request", [Request(
            letter.Number, letter.Stage == LetterStage.Closed, answer?.Entry.Text, code, letter.Body is null ? null : RequestForm.DescriptionOf(letter.Title, letter.Body), letter.Department,
            GeoReport.Text(office.Calendar.InOffice(letter.Arrived)), GeoReport.Text(office.Calendar.InOffice(letter.History.Count == 0 ? letter.Arrived : letter.History[^1].At)),
            letter.Deadline is { } day ? GeoReport.Text(office.Calendar.InOffice(office.Calendar.EndOf(day).End)) : null, letter.Place.Length == 0 ? null : letter.Place, null)]));
    }

    /// <summary>What was said about published matters: each one's published answer.</summary>
    public Document Updates(IEnumerable<OpenRequest> requests) => new("service_request_updates", new List("request_update", [.. requests.Select(request => new Group(
    [
        ("update_id", new Text(request.AnswerNumber)), ("service_request_id", new Text(request.Number)), ("status", new Text(request.Open ? "open" : "closed")),
        ("updated_datetime", new Text(StartOf(request.PublishedOn))), ("description", new Text(request.Answer)), ("media_url", new Text(null)),
    ]))]));

    /// <summary>What was just added to a request.</summary>
    public static Document Added(string updateId, string number) => new("service_request_updates", new List("request_update", [new Group([("update_id", new Text(updateId)), ("service_request_id", new Text(number))])]));

    private Group Service(Subject subject, DoorSetup setup)
    {
        var path = office.Scheme.PathOf(subject.Code);
        return new Group(
        [
            ("service_code", new Text(subject.Code)), ("service_name", new Text(Of(subject.Name))), ("description", new Text(string.Join(" › ", path.Select(one => Of(one.Name))))),
            ("metadata", new Truth(setup.Of(subject.Code).Count > 0)), ("type", new Text(setup.NumbersLater ? "batch" : "realtime")),
            ("keywords", new Text(string.Join(", ", path.Select(one => one.Name.Zh).Concat(path.Select(one => one.Name.En)).Distinct(StringComparer.Ordinal)))), ("group", new Text(Of(path[0].Name))),
        ]);
    }

    private static Group Attribute(ServiceAttribute attribute, int place) => new(
    [
        ("variable", new Truth(true)), ("code", new Text(attribute.Code)), ("datatype", new Text(ServiceAttribute.NameOf(attribute.Kind))), ("required", new Truth(attribute.Required)),
        ("datatype_description", new Text(attribute.Hint.Length == 0 ? null : attribute.Hint)), ("order", new Number(place + 1)), ("description", new Text(attribute.Question)),
        ("values", new List("value", [.. attribute.Choices.Select(choice => new Group([("key", new Text(choice.Key)), ("name", new Text(choice.Name))]))])),
    ]);

    private Group Published(OpenRequest request) => Request(
        request.Number, !request.Open, request.Answer, request.Subject, RequestForm.DescriptionOf(request.Title, RequestForm.WithoutMedia(request.Question)), request.Department, StartOf(request.Arrived), StartOf(request.PublishedOn), null,
        request.District is null ? null : office.District(request.District) is { } district ? Of(district.Name) : request.District, request.District);

    private Group Request(string number, bool closed, string? notes, string service, string? description, string? department, string requested, string updated, string? expected, string? place, string? placeId) => new(
    [
        ("service_request_id", new Text(number)), ("status", new Text(closed ? "closed" : "open")), ("status_notes", new Text(notes)),
        ("service_name", new Text(office.Scheme.Find(service) is { } subject ? Of(subject.Name) : null)), ("service_code", new Text(service)), ("description", new Text(description)),
        ("agency_responsible", new Text(office.Department(department) is { } responsible ? Of(responsible.Name) : department)), ("service_notice", new Text(null)),
        ("requested_datetime", new Text(requested)), ("updated_datetime", new Text(updated)), ("expected_datetime", new Text(expected)),
        ("address", new Text(place)), ("address_id", new Text(placeId)), ("zipcode", new Text(null)), ("lat", new Text(null)), ("long", new Text(null)), ("media_url", new Text(null)),
    ]);

    private static Document One(params (string Name, DocumentValue Value)[] fields) => new("service_requests", new List("request", [new Group(fields)]));

    private string StartOf(DateOnly day) => GeoReport.Text(office.Calendar.InOffice(office.Calendar.StartOf(day)));

    private string Of(Name name) => chinese ? name.Zh : name.En;
}
