using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Accounts;

namespace Opinion.Dashboard.Tests.Staff;

/// <summary>Roles by pages: every staff page the host has, against a visitor and every role.</summary>
[Collection(OfficeCollection.Name)]
public sealed class AccessTests(SharedOffice office)
{
    private const string Words = "玉兰里的路灯不亮";

    private static readonly (string Login, Role Role)[] People = [("urban-1", Role.Officer), ("editor-1", Role.Editor), ("analyst-1", Role.Analyst), ("admin-1", Role.Administrator)];

    private RunningDesk Desk => office.Desk;

    [Fact]
    public async Task Every_staff_page_opens_for_the_roles_of_the_table_and_for_nobody_else()
    {
        var letter = await Desk.SendAsync(Words + "。" + RunningDesk.Streetlight, ("Publish", "true"));
        var open = await Desk.SendAsync(Words + "，还有一盏。" + RunningDesk.Streetlight);
        var officer = await office.AsAsync("urban-1");
        await officer.SubmitAsync(await officer.GetAsync("/staff/matter/" + letter.Number), "form#answer", ("text", Words + "，已修好。"), ("disposition", "solved"));
        var answer = await Desk.CountAsync($"SELECT id FROM answers WHERE letter_id = '{letter.Id}'");
        var pages = StaffPages().Select(page => (page.View, Path: "/" + page.Route.Replace("{number?}", open.Number, StringComparison.Ordinal).Replace("{number}", open.Number, StringComparison.Ordinal)
            .Replace("{id:long}", answer.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal))).ToList();
        Assert.True(pages.Count >= 12, string.Join(' ', pages));
        Assert.DoesNotContain(pages, page => page.Path.Contains('{', StringComparison.Ordinal));
        using var visitor = Desk.Browser();
        var opened = 0;
        foreach (var (view, path) in pages)
        {
            var outside = await visitor.GetAsync(path);
            Assert.Equal(302, outside.Status);
            Assert.StartsWith("/staff/sign-in?back=%2Fstaff", outside.Location, StringComparison.Ordinal);
            var roles = StaffAccess.Table.Single(row => view.StartsWith(row.Key + "/", StringComparison.Ordinal)).Value;
            foreach (var (login, role) in People)
            {
                var page = await (await office.AsAsync(login)).GetAsync(path);
                Assert.Equal((path, role, roles.Contains(role) ? 200 : 403), (path, role, page.Status));
                if (roles.Contains(role)) opened++;
                else Assert.Equal("您的角色不能做这件事。", page.Problem);
                // The analyst and the administrator see no letter anywhere.
                if (role is Role.Analyst or Role.Administrator || !roles.Contains(role)) Assert.DoesNotContain(Words, page.Body, StringComparison.Ordinal);
                Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
            }
        }

        Assert.True(opened >= 15);
        Assert.Contains(Words, (await officer.GetAsync("/staff/matter/" + open.Number)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_every_staff_page_and_no_page_that_is_gone()
    {
        var views = StaffPages().Select(page => page.View).ToList();
        Assert.NotEmpty(views);
        Assert.All(views, view => Assert.NotEmpty(StaffAccess.RolesFor(view)));
        Assert.All(StaffAccess.Table.Keys, folder => Assert.Contains(views, view => view.StartsWith(folder + "/", StringComparison.Ordinal)));
        Assert.Equal([Role.Officer], StaffAccess.Table["/Staff/Matter"]);
        Assert.Equal([Role.Officer], StaffAccess.Table["/Staff/Queue"]);
        Assert.Equal([Role.Officer], StaffAccess.Table["/Staff/Search"]);
        Assert.Equal([Role.Officer], StaffAccess.Table["/Staff/SetAside"]);
        Assert.Equal([Role.Editor], StaffAccess.Table["/Staff/Review"]);
        Assert.Equal([Role.Administrator], StaffAccess.Table["/Staff/Admin"]);
    }

    [Theory]
    [InlineData("urban-1", "/staff/admin/accounts?handler=Add")]
    [InlineData("urban-1", "/staff/admin/accounts?handler=Ask")]
    [InlineData("urban-1", "/staff/clarifications")]
    [InlineData("urban-1", "/staff/review/1?handler=Publish")]
    [InlineData("editor-1", "/staff/search")]
    [InlineData("analyst-1", "/staff/search")]
    [InlineData("admin-1", "/staff/search")]
    [InlineData("editor-1", "/staff/admin/accounts?handler=Duty")]
    [InlineData("editor-1", "/staff/set-aside/x?handler=Open")]
    [InlineData("analyst-1", "/staff/admin/accounts?handler=Confirm")]
    [InlineData("analyst-1", "/staff/clarifications")]
    [InlineData("admin-1", "/staff/set-aside/x?handler=Open")]
    [InlineData("admin-1", "/staff/review/1?handler=Return")]
    public async Task No_role_posts_to_the_pages_of_another(string login, string path)
    {
        var browser = await office.AsAsync(login);
        var token = Browser.Fill(await browser.GetAsync("/staff"), "form[action*='handler=out']").Fields;
        var before = await Desk.ContentAsync();
        var page = await browser.PostAsync(path, [.. token, ("text", "不该写进来"), ("login", "x"), ("wording", "x"), ("known", "x"), ("sources", "https://x.example")]);
        Assert.Equal((403, "您的角色不能做这件事。"), (page.Status, page.Problem));
        Assert.Equal(before, await Desk.ContentAsync());
    }

    [Fact]
    public async Task Only_the_intake_sees_the_letters_set_aside()
    {
        Assert.Equal(200, (await (await office.AsAsync("intake-1")).GetAsync("/staff/set-aside")).Status);
        var browser = await office.AsAsync("urban-1");
        var page = await browser.GetAsync("/staff/set-aside");
        var refused = await browser.PostAsync("/staff/set-aside/000000000000?handler=Open", [.. Browser.Fill(page, "form[action*='handler=out']").Fields, ("reason", "看看")]);
        Assert.Equal(403, refused.Status);
    }

    private List<(string View, string Route)> StaffPages() =>
        [.. Desk.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (View: endpoint.Metadata.GetMetadata<PageActionDescriptor>()?.ViewEnginePath, Route: endpoint.RoutePattern.RawText!))
            .Where(page => page.View?.StartsWith("/Staff/", StringComparison.Ordinal) == true && !page.View.StartsWith("/Staff/SignIn/", StringComparison.Ordinal))
            .Select(page => (page.View!, page.Route.TrimStart('/'))).Distinct()];
}
