using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Matters;

/// <summary>Every piece of casework an officer does on one matter, with words it takes, so that a rule can be tried on all of them.</summary>
public static class Casework
{
    public static IReadOnlyDictionary<string, Func<Town, StaffMember, string, Task<Refusal?>>> All { get; } = new Dictionary<string, Func<Town, StaffMember, string, Task<Refusal?>>>
    {
        ["ask"] = (town, staff, number) => town.Get<WriteToWriter>().AskAsync(staff, number, "请问具体是哪一盏？", default),
        ["reply"] = (town, staff, number) => town.Get<WriteToWriter>().ReplyAsync(staff, number, "已派人查看。", default),
        ["note"] = (town, staff, number) => town.Get<LeaveNote>().HandleAsync(staff, number, "内部备注", default),
        ["extend"] = (town, staff, number) => town.Get<ExtendDeadline>().HandleAsync(staff, number, 3, "等待配件", default),
        ["transfer"] = (town, staff, number) => town.Get<TransferMatter>().HandleAsync(staff, number, "water", "属水务管辖", default),
        ["correct"] = (town, staff, number) => town.Get<CorrectSubject>().HandleAsync(staff, number, "urban.streetlight.new", Analysis.Classification.Need.Suggestion, default),
        ["answer"] = (town, staff, number) => town.Get<AnswerMatter>().HandleAsync(staff, number, Disposition.Solved, "已修复。", default),
        ["acknowledge"] = (town, staff, number) => town.Get<DutyAlerts>().AcknowledgeAsync(staff, number, default),
        ["open"] = async (town, staff, number) =>
        {
            var (original, refusal) = await town.Get<OpenOriginal>().HandleAsync(staff, number, "需要回电", default);
            Assert.True(original is null == refusal is not null);
            return refusal;
        },
    };

    /// <summary>Those that take words, with the words and their limit.</summary>
    public static IReadOnlyDictionary<string, (Func<Town, StaffMember, string, string?, Task<Refusal?>> Do, int Limit)> WithWords { get; } =
        new Dictionary<string, (Func<Town, StaffMember, string, string?, Task<Refusal?>>, int)>
        {
            ["ask"] = ((town, staff, number, text) => town.Get<WriteToWriter>().AskAsync(staff, number, text, default), LetterText.ReplyLimit),
            ["reply"] = ((town, staff, number, text) => town.Get<WriteToWriter>().ReplyAsync(staff, number, text, default), LetterText.ReplyLimit),
            ["note"] = ((town, staff, number, text) => town.Get<LeaveNote>().HandleAsync(staff, number, text, default), LetterText.ReplyLimit),
            ["extend"] = ((town, staff, number, text) => town.Get<ExtendDeadline>().HandleAsync(staff, number, 3, text, default), LetterText.ReplyLimit),
            ["transfer"] = ((town, staff, number, text) => town.Get<TransferMatter>().HandleAsync(staff, number, "water", text, default), LetterText.ReplyLimit),
            ["answer"] = ((town, staff, number, text) => town.Get<AnswerMatter>().HandleAsync(staff, number, Disposition.Declined, text, default), LetterText.ReplyLimit),
            ["open"] = (async (town, staff, number, text) => (await town.Get<OpenOriginal>().HandleAsync(staff, number, text, default)).Refusal, LetterText.TitleLimit),
        };

    public static TheoryData<string> Names => [.. All.Keys];

    public static TheoryData<string> NamesWithWords => [.. WithWords.Keys];
}
