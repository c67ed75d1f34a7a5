using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Hosting;

/// <summary>Personal data planted in letters stands on the audited original and nowhere else: no page, no log, nothing published.</summary>
public sealed class CanaryTests
{
    private const string Name = "欧阳慕容";
    private const string Phone = "13987650123";
    private const string Email = "canary@example.org";
    private const string Id = "11010119900307109X";

    private static readonly string[] Canaries = [Name, Phone, Email, Id];

    [Fact]
    public async Task Planted_personal_data_is_seen_on_the_audited_original_only()
    {
        await using var desk = await RunningDesk.StartAsync();
        var words = $"我叫{Name}，身份证号{Id}，电话{Phone}，邮箱{Email}。";
        var sent = await desk.SendAsync(words + RunningDesk.Streetlight, ("Title", "路灯不亮，联系电话" + Phone), ("Place", "门口，找" + Email), ("ContactName", Name), ("ContactPhone", Phone), ("ContactEmail", Email), ("Publish", "true"));
        var danger = await desk.SendAsync(RunningDesk.Fire + words, ("ContactName", Name), ("ContactPhone", Phone));
        var seen = new List<Browser>();
        try
        {
            var (writer, page) = await desk.FollowAsync(sent.Code);
            seen.Add(writer);
            await writer.SubmitAsync(page, "form[action*='handler=Add']", ("text", "补充：" + words));

            var officer = await desk.SignInAsync("urban-1");
            seen.Add(officer);
            var matter = await officer.GetAsync("/staff/matter/" + sent.Number);
            using (var audited = await desk.SignInAsync("urban-1"))
            {
                var original = await audited.SubmitAsync(await audited.GetAsync("/staff/matter/" + sent.Number), "form[action*='handler=Original']", ("text", "需要回电"));
                Assert.All(Canaries, canary => Assert.Contains(canary, original.Body, StringComparison.Ordinal));
            }

            // A refused opening, a broken request and an unknown page tell nothing either.
            await officer.SubmitAsync(matter, "form[action*='handler=Original']", ("text", ""));
            await writer.PostBodyAsync("/write", $"Body={Uri.EscapeDataString(words)}%ED%A0%80");
            await writer.PostBodyAsync("/write", $"Body={Uri.EscapeDataString(words)}");
            await writer.PostAsync("/staff/sign-in", ("login", Name), ("password", Phone));
            await writer.GetAsync("/answers?subject=" + Uri.EscapeDataString(Name));
            await officer.SubmitAsync(matter, "form#answer", ("text", $"{Name}先生您好，已按{Phone}、{Email}与您联系，路灯已修复。"), ("disposition", "solved"));

            var editor = await desk.SignInAsync("editor-1");
            seen.Add(editor);
            var link = (await editor.GetAsync("/staff/review")).Document.QuerySelector("td a")!.GetAttribute("href")!;
            var review = await editor.GetAsync(link);
            Assert.Equal("答复已公开。", (await editor.SubmitAsync(review, "form[action*='handler=Publish']")).Done);

            using var visitor = desk.Browser();
            var published = await Crawl.FromAsync(visitor, ["/", "/answers?q=路灯"]);
            Assert.Contains(published, page => page.Path.StartsWith("/answers/", StringComparison.Ordinal));
            foreach (var login in new[] { "intake-1", "housing-duty", "housing-1", "analyst-1", "admin-1" }) seen.Add(await desk.SignInAsync(login));
            var crawled = new List<Page>(published);
            foreach (var browser in seen) crawled.AddRange(await Crawl.FromAsync(browser, ["/staff", "/letter"]));
            Assert.Contains(crawled, page => page.Path == "/staff/matter/" + danger.Number && page.Status == 200);

            // The answer as the officer wrote it goes to the writer and to the officer's department, and the editor compares it before publication.
            var pages = crawled.Concat(seen.SelectMany(browser => browser.Seen)).Where(page => page.Path != "/letter" && !page.Path.StartsWith("/staff/matter/" + sent.Number, StringComparison.Ordinal) && page.Path != link).ToList();
            Assert.True(pages.Count > 100, $"{pages.Count} pages");
            foreach (var canary in Canaries)
            {
                Assert.All(pages, page => Assert.False(page.Body.Contains(canary, StringComparison.OrdinalIgnoreCase) && !Typed(page), $"{canary} on {page}"));
                Assert.DoesNotContain(canary, matter.Body, StringComparison.Ordinal);
                Assert.All(desk.Log.Lines, line => Assert.DoesNotContain(canary, line, StringComparison.OrdinalIgnoreCase));
                Assert.Equal(0, await desk.CountAsync($"SELECT COUNT(*) FROM published_answers WHERE title || question || answer LIKE '%{canary}%'"));
                Assert.Equal(0, await desk.CountAsync($"SELECT COUNT(*) FROM letters WHERE COALESCE(title, '') || COALESCE(place, '') || COALESCE(body, '') LIKE '%{canary}%'"));
                Assert.Equal(0, await desk.CountAsync($"SELECT COUNT(*) FROM audit_log WHERE COALESCE(actor, '') || COALESCE(target, '') || COALESCE(reason, '') LIKE '%{canary}%'"));
            }
        }
        finally
        {
            foreach (var browser in seen) browser.Dispose();
        }
    }

    /// <summary>A sign-in that failed shows the login as it was typed, to the person who typed it.</summary>
    private static bool Typed(Page page) => page.Path == "/staff/sign-in" && page.Status == 401;
}
