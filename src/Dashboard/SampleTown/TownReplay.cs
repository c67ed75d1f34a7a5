using System.Globalization;
using Opinion.Desk.Accounts;
using Opinion.Desk.Answers;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.SampleTown;

/// <summary>Replays the sample town's letters and casework in the order of time, through the same use cases the pages call.</summary>
public sealed class TownReplay(IServiceProvider desk, ReplayClock clock, DateTimeOffset now, IReadOnlyList<StaffMember> staff)
{
    private readonly Dictionary<string, Progress> _progress = new(StringComparer.Ordinal);

    /// <summary>Replays everything up to now.</summary>
    public async Task RunAsync(IReadOnlyList<TownLetter> letters, IReadOnlyList<TownDeed> deeds, CancellationToken cancel)
    {
        var office = await Get<OfficeDirectory>().GetAsync(cancel);
        var steps = new List<(DateTimeOffset At, int Order, Func<Task> Do)>();
        var today = office.Calendar.DayOf(now);
        var arrivals = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var letter in letters)
        {
            var arrived = office.Calendar.FromOffice(today.ToDateTime(TimeOnly.MinValue).AddDays(-letter.DaysAgo) + letter.Time);
            // A letter of today whose hour has not come yet arrived a little while ago.
            if (arrived > now) arrived = now.AddMinutes(-20);
            arrivals.Add(letter.Id, arrived);
            steps.Add((arrived, 0, () => ReceiveAsync(letter, arrived, cancel)));
        }

        foreach (var (deed, index) in deeds.Select((deed, index) => (deed, index)))
        {
            if (!arrivals.TryGetValue(deed.Letter, out var arrived)) throw new StoreException($"casework.csv names the letter {deed.Letter}, which letters.csv does not have.");
            var at = arrived.AddDays(deed.AfterDays);
            if (at < now) steps.Add((at, index + 1, () => DoAsync(deed, letters.First(letter => letter.Id == deed.Letter), office, cancel)));
        }

        foreach (var (at, _, act) in steps.OrderBy(step => step.At).ThenBy(step => step.Order))
        {
            clock.Stand = at;
            await act();
        }
    }

    private async Task ReceiveAsync(TownLetter letter, DateTimeOffset arrived, CancellationToken cancel)
    {
        var channel = ChannelNames.Find(letter.Channel) ?? throw new StoreException($"The sample letter {letter.Id} names the unknown channel {letter.Channel}.");
        var receipt = await Get<ReceiveLetter>().HandleAsync(new IncomingLetter(channel, "sample-" + letter.Id, arrived, letter.Title, letter.Body)
        {
            District = letter.District.Length > 0 ? letter.District : null,
            Place = letter.Place,
            Contact = new Contact(letter.Name, letter.Phone, letter.Email),
            Publish = letter.Publish,
            AboutDepartment = letter.About.Length > 0 ? letter.About : null,
        }, cancel);
        await Get<LetterWay>().CarryOnAsync(cancel);
        var id = await Get<FollowLetter>().FindAsync(receipt.Code.Text, cancel);
        var followed = id is null ? null : await Get<FollowLetter>().ReadAsync(id, cancel);
        if (id is null || followed is null) throw new StoreException($"The sample letter {letter.Id} was not stored.");
        _progress.Add(letter.Id, new Progress(id, followed.Number));
    }

    private async Task DoAsync(TownDeed deed, TownLetter letter, Office office, CancellationToken cancel)
    {
        var progress = _progress[deed.Letter];
        await SortByHandAsync(progress, letter, office, cancel);
        var officer = await OfficerAsync(progress, cancel);
        var refusal = deed.Action switch
        {
            "correct_subject" => await Get<CorrectSubject>().HandleAsync(officer, progress.Number, deed.Argument, null, cancel),
            "transfer" => await TransferAsync(progress, officer, deed.Argument, deed.Text, cancel),
            "ask" => await Get<WriteToWriter>().AskAsync(officer, progress.Number, deed.Text, cancel),
            "interim" => await Get<WriteToWriter>().ReplyAsync(officer, progress.Number, deed.Text, cancel),
            "note" => await Get<LeaveNote>().HandleAsync(officer, progress.Number, deed.Text, cancel),
            "extend" => await Get<ExtendDeadline>().HandleAsync(officer, progress.Number, int.Parse(deed.Argument, CultureInfo.InvariantCulture), deed.Text, cancel),
            "answer" => await AnswerAsync(progress, officer, deed, cancel),
            "approve" => await ApproveAsync(progress, cancel),
            "send_back" => await Get<ReviewAnswers>().ReturnAsync(Editor, progress.AnswerId, deed.Text, cancel),
            "add" => await Get<AddToLetter>().HandleAsync(progress.LetterId, deed.Text, cancel),
            "dispute" => await Get<DisputeAnswer>().HandleAsync(progress.LetterId, deed.Text, cancel),
            "withdraw" => await Get<WithdrawLetter>().HandleAsync(progress.LetterId, cancel),
            _ => throw new StoreException($"casework.csv, letter {deed.Letter}: the action {deed.Action} is not known."),
        };
        if (refusal is { } refused) throw new StoreException($"casework.csv, letter {deed.Letter}, {deed.Action}: {refused}");
    }

    /// <summary>What the machine sorted otherwise than the town's officers, an officer puts right before anything else is done.</summary>
    private async Task SortByHandAsync(Progress progress, TownLetter letter, Office office, CancellationToken cancel)
    {
        if (progress.Sorted) return;
        progress.Sorted = true;
        var followed = await Get<FollowLetter>().ReadAsync(progress.LetterId, cancel);
        if (followed is not { Stage: LetterStage.Open }) return;
        var officer = await OfficerAsync(progress, cancel);
        if (followed.Subject != letter.Subject) await Get<CorrectSubject>().HandleAsync(officer, progress.Number, letter.Subject, null, cancel);
        var responsible = office.ResponsibleFor(letter.Subject, letter.About.Length > 0 ? letter.About : null);
        if (followed.Department != responsible.Code) await TransferAsync(progress, officer, responsible.Code, "经核对来信内容，此事由该部门负责，现予转办。", cancel);
    }

    private Task<Refusal?> TransferAsync(Progress progress, StaffMember officer, string department, string reason, CancellationToken cancel) =>
        Get<TransferMatter>().HandleAsync(officer, progress.Number, department, reason, cancel);

    private async Task<StaffMember> OfficerAsync(Progress progress, CancellationToken cancel)
    {
        var department = (await Get<FollowLetter>().ReadAsync(progress.LetterId, cancel))?.Department;
        return staff.FirstOrDefault(member => member.Role == Role.Officer && member.Department == department && !member.OnDuty) ?? staff.FirstOrDefault(member => member.Department == department)
            ?? throw new StoreException($"The sample town has no officer for the department {department}.");
    }

    private StaffMember Editor => staff.First(member => member.Role == Role.Editor);

    private async Task<Refusal?> AnswerAsync(Progress progress, StaffMember officer, TownDeed deed, CancellationToken cancel)
    {
        if (await Get<AnswerMatter>().HandleAsync(officer, progress.Number, DispositionOf(deed), deed.Text, cancel) is { } refusal) return refusal;
        // Ids of answers only grow, and the replay goes one deed at a time: the newest that waits is this one, if it waits at all.
        progress.AnswerId = (await Get<ReviewAnswers>().ListAsync(Editor, cancel)).Select(line => line.AnswerId).DefaultIfEmpty().Max();
        return null;
    }

    private async Task<Refusal?> ApproveAsync(Progress progress, CancellationToken cancel)
    {
        var (view, refusal) = await Get<ReviewAnswers>().OpenAsync(Editor, progress.AnswerId, cancel);
        return view is null ? refusal : await Get<ReviewAnswers>().PublishAsync(Editor, progress.AnswerId, view.Title, view.Question, view.RedactedAnswer, cancel);
    }

    private static Disposition DispositionOf(TownDeed deed) => deed.Argument switch
    {
        "solved" => Disposition.Solved,
        "partly" => Disposition.PartlySolved,
        "declined" => Disposition.Declined,
        "transferred" => Disposition.Transferred,
        _ => throw new StoreException($"casework.csv, letter {deed.Letter}: the disposition {deed.Argument} is not known."),
    };

    private T Get<T>()
        where T : notnull => desk.GetRequiredService<T>();

    private sealed class Progress(string letterId, string number)
    {
        public string LetterId { get; } = letterId;

        public string Number { get; } = number;

        public bool Sorted { get; set; }

        public long AnswerId { get; set; }
    }
}
