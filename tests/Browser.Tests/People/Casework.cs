using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.People;

/// <summary>What an officer does on a matter's page.</summary>
public static class Casework
{
    /// <summary>Finds a letter in the own queue and opens it.</summary>
    public static async Task OpenFromQueueAsync(this Visitor officer, string number)
    {
        await officer.OpenAsync("/staff/queue");
        var line = officer.Main.Locator($"a[href$='/staff/matter/{number}']");
        // An urgent or overdue letter stands on the first page, a new one with a far deadline may stand on a later one.
        while (!await line.IsVisibleAsync()) await officer.FollowLinkAsync("下一页");
        await line.ClickAsync();
        await Expect(officer.Fact("编号")).ToHaveTextAsync(number);
    }

    /// <summary>Opens one of the folded forms of the matter's page.</summary>
    public static async Task<ILocator> UnfoldAsync(this Visitor officer, string deed)
    {
        var details = officer.Main.Locator("details").Filter(new() { Has = officer.Page.Locator($"summary:text-is('{deed}')") });
        if (await details.GetAttributeAsync("open") is null) await details.Locator("summary").ClickAsync();
        return details;
    }

    /// <summary>Opens a folded form, fills what it asks for and sends it.</summary>
    public static async Task DoAsync(this Visitor officer, string deed, string label, string text, string button)
    {
        var form = await officer.UnfoldAsync(deed);
        await form.GetByLabel(label).FillAsync(text);
        await form.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
    }

    /// <summary>Gives the matter another subject.</summary>
    public static async Task CorrectAsync(this Visitor officer, string subject)
    {
        var form = await officer.UnfoldAsync("更正分类");
        await form.GetByLabel("分类").SelectOptionAsync([subject]);
        await form.GetByRole(AriaRole.Button, new() { Name = "更正", Exact = true }).ClickAsync();
        await Expect(officer.Status).ToHaveTextAsync("分类已更正。");
    }

    /// <summary>Answers and closes.</summary>
    public static async Task AnswerAsync(this Visitor officer, string text, string disposition)
    {
        await officer.Page.GetByLabel("答复内容").FillAsync(text);
        await officer.Page.GetByLabel("办理结果").SelectOptionAsync(new SelectOptionValue { Label = disposition });
        await officer.ClickAsync("答复并办结");
        await Expect(officer.Status).ToHaveTextAsync("已答复并办结。");
    }
}
