using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Open311;
using Opinion.Desk.Sealing;

namespace Opinion.Ingest.Open311;

/// <summary>
/// Turns the parameters of <c>POST requests</c> into a letter, or says everything that is wrong with them. <c>device_id</c> and
/// <c>account_id</c> are not read; name, e-mail and phone become the sealed contact; <c>media_url</c> is kept as words of the
/// letter and never called; of a point on the map about a hundred metres are kept, as far as a street.
/// </summary>
public sealed partial class RequestForm(Office office, DoorSetup setup)
{
    /// <summary>The <c>address_id</c> of a letter that is about no place.</summary>
    public const string OfficeAddress = "office";

    /// <summary>The longest description, in UTF-16 code units.</summary>
    public const int DescriptionLimit = 4000;

    private const int LineLimit = 1000;
    private const string Media = "附带网址（未读取）";
    private readonly List<Problem> _problems = [];

    /// <summary>Reads the parameters.</summary>
    /// <param name="fields">The parameters.</param>
    /// <param name="jurisdiction">The jurisdiction it was sent to; null where there is only the office.</param>
    /// <param name="channelKey">Its channel key.</param>
    /// <param name="origin">Who sent it; the service is filled in here.</param>
    /// <param name="now">When it arrived.</param>
    /// <exception cref="ProblemException">Something is wrong with them.</exception>
    public IncomingLetter Read(PostedFields fields, Jurisdiction? jurisdiction, string channelKey, RequestOrigin origin, DateTimeOffset now)
    {
        var service = Service(fields["service_code"]);
        var (place, district) = Place(fields);
        var letter = new IncomingLetter(Channel.Open311, channelKey, now, Title(service), Body(fields, service))
        {
            Place = place,
            District = jurisdiction?.District ?? district,
            Contact = Contact(fields),
            Publish = Agreed(fields["publish"]),
            Origin = origin with { Service = service?.Code },
        };
        if (_problems.Count == 0 && letter.Problem() is { } problem) Refuse($"内容不能接收（{NameOf(problem)}）。", $"The request cannot be taken ({problem}).");
        return _problems.Count == 0 ? letter : throw new ProblemException([.. _problems]);
    }

    /// <summary>A request's text without the address of its media, which is for the department alone: it goes into no list and to no other server.</summary>
    public static string WithoutMedia(string text) =>
        text.Contains(Media, StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Where(line => !line.StartsWith(Media + "：", StringComparison.Ordinal))) : text;

    /// <summary>Title and text as the one description that the protocol has, no longer than it may be.</summary>
    public static string DescriptionOf(string title, string text)
    {
        var joined = title.Length == 0 || text.StartsWith(title, StringComparison.Ordinal) ? text : title + "\n" + text;
        return joined.Length <= DescriptionLimit ? joined : LetterText.Cut(joined, DescriptionLimit - 1) + "…";
    }

    /// <summary>Whether a text holds HTML, which a description must not.</summary>
    public static bool IsMarkedUp(string text) => Markup().IsMatch(text);

    private static string NameOf(TextProblem problem) => problem switch
    {
        TextProblem.Empty => "空",
        TextProblem.TooLong => "太长",
        TextProblem.NullCharacter => "空字符",
        _ => "不完整的代理对",
    };

    private Subject? Service(string? code)
    {
        if (code is null)
        {
            Refuse("缺少 service_code。", "The service_code is missing.");
            return null;
        }

        if (office.Scheme.Find(code) is { } subject) return subject;
        _problems.Add(Problem.NotFound("没有这个 service_code。", "There is no such service_code."));
        return null;
    }

    private static string Title(Subject? service) => service?.Name.Zh ?? "";

    private (string Place, string? District) Place(PostedFields fields)
    {
        var (lat, @long, text, id) = (fields["lat"], fields["long"], fields["address_string"], fields["address_id"]);
        string? district = null;
        if (lat is null != @long is null) Refuse("lat 和 long 要一起给出。", "lat and long must be given together.");
        if (lat is null && text is null && id is null) Refuse("缺少地点：请给出 lat 和 long，或 address_string，或 address_id；与地点无关的来信用 address_id=office。", "A location is missing: lat and long, or address_string, or address_id; a letter about no place has address_id=office.");
        if (id is not null && id != OfficeAddress)
        {
            if (office.District(id) is null) Refuse("没有这个 address_id：可用 office 或一个区的编号。", "There is no such address_id; it is office, or the code of a district.");
            else district = id;
        }

        if (text is { Length: > LetterText.TitleLimit - 20 }) Refuse("address_string 太长。", "The address_string is too long.");
        var point = lat is null || @long is null ? null : Point(lat, @long);
        return (string.Join(" ", new[] { text?.Trim(), point }.Where(part => part is not null)), district);
    }

    // The letter's place is read by the whole department: nobody's front door is found by it.
    private string? Point(string lat, string @long)
    {
        if (Coordinate(lat, 90) is { } north && Coordinate(@long, 180) is { } east)
            return string.Create(CultureInfo.InvariantCulture, $"({Math.Round(north, 3):0.000}, {Math.Round(east, 3):0.000})");
        Refuse("lat 或 long 不是坐标。", "lat or long is no coordinate.");
        return null;
    }

    private static double? Coordinate(string text, double most) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
        && Math.Abs(value) <= most ? value : null;

    private string Body(PostedFields fields, Subject? service)
    {
        var body = new StringBuilder();
        if (fields["description"] is { } description)
        {
            if (description.Length > DescriptionLimit) Refuse("description 最多 4000 字。", "The description may have 4,000 characters.");
            if (IsMarkedUp(description)) Refuse("description 不能含 HTML。", "The description must not hold HTML.");
            body.Append(description.Trim());
        }

        var given = fields.Attributes;
        var asked = service is null ? [] : setup.Of(service.Code);
        if (service is not null)
        {
            foreach (var unknown in given.Select(group => group.Key).Where(code => asked.All(attribute => attribute.Code != code)))
                Refuse($"这项服务没有 attribute[{unknown}]。", $"This service has no attribute[{unknown}].");
        }

        foreach (var attribute in asked)
        {
            var values = given[attribute.Code].ToList();
            if (values.Count == 0)
            {
                if (attribute.Required) Refuse($"缺少 attribute[{attribute.Code}]。", $"attribute[{attribute.Code}] is missing.");
                continue;
            }

            if (Answer(attribute, values) is { } answer) Line(body, attribute.Question, answer);
            else Refuse($"attribute[{attribute.Code}] 的值不符合 {ServiceAttribute.NameOf(attribute.Kind)}。", $"The value of attribute[{attribute.Code}] is no {ServiceAttribute.NameOf(attribute.Kind)}.");
        }

        if (fields["media_url"] is { } media)
        {
            if (media.Length > LineLimit || !Uri.TryCreate(media.Trim(), UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)) Refuse("media_url 不是网址。", "The media_url is no web address.");
            else Line(body, Media, media.Trim());
        }

        if (body.Length == 0) body.Append(service?.Name.Zh ?? "-");
        return body.ToString();
    }

    private static void Line(StringBuilder body, string question, string answer)
    {
        if (body.Length > 0) body.Append('\n');
        body.Append(question).Append('：').Append(answer);
    }

    private static string? Answer(ServiceAttribute attribute, List<string> values)
    {
        if (values.Count > 1 && attribute.Kind != AttributeKind.MultiValueList) return null;
        if (attribute.IsList)
        {
            var chosen = values.Distinct(StringComparer.Ordinal).Select(value => attribute.Choices.FirstOrDefault(choice => choice.Key == value)?.Name).ToList();
            return chosen.Contains(null) ? null : string.Join('、', chosen);
        }

        var text = values[0].Trim();
        var fits = attribute.Kind switch
        {
            AttributeKind.Number => text.Length <= 60 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number),
            AttributeKind.DateTime => GeoReport.Moment(text) is not null || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            AttributeKind.String => text.Length <= LineLimit && text.IndexOfAny(['\r', '\n']) < 0,
            _ => text.Length <= DescriptionLimit && !IsMarkedUp(text),
        };
        return fits ? text : null;
    }

    private Contact? Contact(PostedFields fields)
    {
        var (first, last) = (fields["first_name"]?.Trim(), fields["last_name"]?.Trim());
        // A Chinese name begins with the family's.
        var name = first is null || last is null ? first ?? last : (first + last).Any(c => c is >= '\u3400' and <= '\u9FFF') ? last + first : first + " " + last;
        var (phone, email) = (fields["phone"]?.Trim(), fields["email"]?.Trim());
        if (email is not null && !Mail().IsMatch(email)) Refuse("email 不是邮箱地址。", "The email is no address.");
        if (name is { Length: > LetterText.TitleLimit } || phone is { Length: > LetterText.TitleLimit } || email is { Length: > LetterText.TitleLimit }) Refuse("联系方式太长。", "The contact is too long.");
        var contact = new Contact(name, phone, email);
        return contact.IsEmpty ? null : contact;
    }

    private bool Agreed(string? publish)
    {
        switch (publish?.Trim())
        {
            case "true" or "yes" or "1":
                return true;
            case null or "false" or "no" or "0":
                return false;
            default:
                Refuse("publish 只能是 true 或 false。", "publish is true or false.");
                return false;
        }
    }

    private void Refuse(string chinese, string english) => _problems.Add(Problem.Bad(chinese, english));

    // Elements of HTML by their names, so that "a < b and c > d" stays a sentence.
    [GeneratedRegex(@"<\s*/?\s*(a|abbr|article|audio|b|base|big|blockquote|body|br|button|canvas|center|code|div|embed|em|font|form|frame|frameset|h[1-6]|head|hr|html|i|iframe|img|input|li|link|marquee|math|meta|object|ol|option|p|picture|pre|s|script|select|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|th|tr|u|ul|video)(\s+[^<>]*=[^<>]*|\s*/?\s*)>|<!--|<!doctype|<\?xml|<script",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Markup();

    [GeneratedRegex(@"^[^\s@<>,;:""]{1,64}@[^\s@<>,;:""]{1,120}$", RegexOptions.CultureInvariant)]
    private static partial Regex Mail();
}
