using Opinion.Browser.People;
using Opinion.Browser.Running;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Ways;

/// <summary>The writer's form by keyboard alone, with the focus always to be seen.</summary>
[Collection(TownCollection.Name)]
public sealed class KeyboardTests(Town town)
{
    [Fact]
    public async Task ALetterIsWrittenAndSentByKeyboardAlone()
    {
        await using var writer = await town.VisitAsync();
        await writer.OpenAsync("/write");
        var keys = writer.Page.Keyboard;
        await keys.PressAsync("Tab");
        await Expect(writer.Page.Locator(".skip")).ToBeFocusedAsync();
        await Expect(writer.Page.Locator(".skip")).ToBeInViewportAsync();
        await keys.PressAsync("Enter");

        foreach (var (field, typed) in new[] { ("Title", "路灯不亮"), ("Body", "桥头路的路灯坏了三天，晚上看不清路。"), ("District", ""), ("Place", "桥头路"), ("About", ""), ("ContactName", "李秀英"), ("ContactPhone", "13800000127"), ("ContactEmail", "li@example.org"), ("Publish", "") })
        {
            await TabToAsync(writer, $"[name={field}]");
            if (field == "District") await keys.PressAsync("ArrowDown");
            else if (field == "Publish") await keys.PressAsync("Space");
            else if (typed.Length > 0) await keys.InsertTextAsync(typed);
        }

        await Expect(writer.Page.Locator("[name=District]")).Not.ToHaveValueAsync("");
        await Expect(writer.Page.Locator("[name=Publish]")).ToBeCheckedAsync();
        await TabToAsync(writer, "main button");
        await keys.PressAsync("Enter");
        await writer.ReceiptAsync();
    }

    private static async Task TabToAsync(Visitor writer, string field)
    {
        var wanted = writer.Page.Locator(field);
        for (var presses = 0; presses < 6; presses++)
        {
            await writer.Page.Keyboard.PressAsync("Tab");
            var outline = await writer.Page.EvaluateAsync<double>("() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth); }");
            Assert.True(outline >= 2, $"The focus cannot be seen on the way to {field}.");
            if (await wanted.EvaluateAsync<bool>("field => field === document.activeElement")) return;
        }

        Assert.Fail($"{field} is not reached by Tab.");
    }
}
