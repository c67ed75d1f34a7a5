using Opinion.Desk.Letters;

namespace Opinion.Ingest.Open311;

/// <summary>What an application says about its own request.</summary>
/// <param name="Number">The request's public number.</param>
/// <param name="Id">The application's own number of the update; a repeat of it is refused.</param>
/// <param name="Text">Its words, with the status the application has for the request. The department alone decides what stands here.</param>
public sealed record RequestUpdate(string Number, string Id, string Text)
{
    /// <summary>Reads the parameters of <c>POST servicerequestupdates</c>.</summary>
    /// <exception cref="ProblemException">Something is wrong with them.</exception>
    public static RequestUpdate Read(PostedFields fields)
    {
        var problems = new List<Problem>();
        var (number, id, text, status) = (Needed("service_request_id"), Needed("update_id"), Needed("description"), fields["status"]?.Trim().ToLowerInvariant());
        if (id.Length > LetterText.TitleLimit) problems.Add(Problem.Bad("update_id 太长。", "The update_id is too long."));
        if (text.Length > RequestForm.DescriptionLimit) problems.Add(Problem.Bad("description 最多 4000 字。", "The description may have 4,000 characters."));
        if (RequestForm.IsMarkedUp(text)) problems.Add(Problem.Bad("description 不能含 HTML。", "The description must not hold HTML."));
        if (status is not (null or "open" or "closed")) problems.Add(Problem.Bad("status 只能是 open 或 closed。", "status is open or closed."));
        if (fields["updated_datetime"] is { } moment && GeoReport.Moment(moment) is null) problems.Add(Problem.Bad("updated_datetime 要写成 2010-01-01T00:00:00Z 的样子。", "updated_datetime must look like 2010-01-01T00:00:00Z."));
        if (problems.Count > 0) throw new ProblemException(problems);
        return new RequestUpdate(number, id, status is null ? text : text + "\n（" + status + "）");

        string Needed(string name)
        {
            if (fields[name]?.Trim() is { } value) return value;
            problems.Add(Problem.Bad($"缺少 {name}。", $"The {name} is missing."));
            return "";
        }
    }
}
