using Microsoft.Playwright;
using Opinion.Browser.People;
using Opinion.Browser.Running;
using Opinion.Running;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Ways;

/// <summary>
/// The program as its users start it: <c>opinion serve</c> with the sample town, and what it prints. It brings a desk and a
/// browser of its own, so it runs beside the others.
/// </summary>
public sealed class ServedTests
{
    [Fact]
    public async Task WhatServePrintsOpensTheDeskForWritersAndStaff()
    {
        await using var town = await ServedDesk.StartAsync(null, "--samples", Repository.SampleTown);
        await using var chromium = await Chromium.StartAsync();
        Assert.Equal(16, town.Accounts.Count);

        await using var writer = await Visitor.ComeAsync(chromium.Browser, town.Address, script: false, 1280, 900);
        var code = await writer.WriteAsync(new TypedLetter("河边的路灯不亮", "滨河步道的路灯坏了一排，晚上很黑，请派人修。"));
        var department = await writer.FollowAsync(code);
        Assert.NotEmpty(department);

        await using var staff = await Visitor.ComeAsync(chromium.Browser, town.Address, script: false, 1280, 900);
        await staff.SignInAsync("housing", town.Accounts["housing"]);
        await staff.OpenAsync("/staff/queue");
        await Expect(staff.Main.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
    }
}
