using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.People;

/// <summary>A letter as it is typed into the form.</summary>
public sealed record TypedLetter(string Title, string Body)
{
    public string? District { get; init; }

    public string? Place { get; init; }

    public string? Name { get; init; }

    public string? Phone { get; init; }

    public bool Publish { get; init; }
}

/// <summary>What a writer does on the public pages.</summary>
public static partial class Writing
{
    /// <summary>Writes a letter from the front page.</summary>
    /// <returns>The receipt code.</returns>
    public static async Task<string> WriteAsync(this Visitor writer, TypedLetter letter)
    {
        await writer.OpenAsync("/");
        await writer.FollowLinkAsync("写信");
        var page = writer.Page;
        await page.GetByLabel("标题").FillAsync(letter.Title);
        await page.GetByLabel("正文").FillAsync(letter.Body);
        if (letter.District is not null) await page.GetByLabel("事情发生在").SelectOptionAsync(new SelectOptionValue { Label = letter.District });
        if (letter.Place is not null) await page.GetByLabel("具体地点").FillAsync(letter.Place);
        if (letter.Name is not null) await page.GetByLabel("称呼").FillAsync(letter.Name);
        if (letter.Phone is not null) await page.GetByLabel("电话").FillAsync(letter.Phone);
        await page.GetByLabel("答复可以隐去个人信息后公开").SetCheckedAsync(letter.Publish);
        await writer.ClickAsync("寄出");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("信已收到");
        return await writer.ReceiptAsync();
    }

    /// <summary>Reads the receipt code off the page: 26 characters in groups, in no address.</summary>
    public static async Task<string> ReceiptAsync(this Visitor writer)
    {
        var code = (await writer.Page.Locator("#receipt").InnerTextAsync()).Trim();
        Assert.Matches(Groups(), code);
        Assert.Equal(26, code.Count(char.IsAsciiLetterOrDigit));
        Assert.DoesNotContain(code, writer.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(code.Replace("-", "", StringComparison.Ordinal), writer.Page.Url, StringComparison.Ordinal);
        return code;
    }

    /// <summary>Follows the letter with the receipt code, until the desk has sorted it.</summary>
    /// <returns>The name of the department it went to.</returns>
    public static async Task<string> FollowAsync(this Visitor writer, string code)
    {
        await writer.OpenAsync("/follow");
        await writer.Page.GetByLabel("收据码").FillAsync(code);
        await writer.ClickAsync("查看");
        await Expect(writer.Page).ToHaveURLAsync(LetterAddress());
        await writer.ReloadUntilAsync(writer.Fact("负责部门"));
        return (await writer.Fact("负责部门").InnerTextAsync()).Trim();
    }

    /// <summary>One of the facts at the head of a letter or matter.</summary>
    public static ILocator Fact(this Visitor visitor, string name) => visitor.Main.Locator($".facts > div:has(> dt:text-is('{name}')) > dd");

    /// <summary>The history of a letter or matter.</summary>
    public static ILocator History(this Visitor visitor) => visitor.Main.Locator("ol.history");

    /// <summary>The letter's text as the page shows it.</summary>
    public static ILocator LetterText(this Visitor visitor) => visitor.Main.Locator("blockquote.letter").First;

    /// <summary>The number of the letter, which may be told to others.</summary>
    public static async Task<string> NumberAsync(this Visitor writer) => (await writer.Fact("编号（可以告诉别人）").InnerTextAsync()).Trim();

    [GeneratedRegex("^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}-[0-9A-Z]{6}$")]
    private static partial Regex Groups();

    [GeneratedRegex("/letter$")]
    private static partial Regex LetterAddress();
}
