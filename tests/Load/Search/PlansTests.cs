using System.Globalization;
using System.Text.RegularExpressions;
using Opinion.Desk.Matters;
using Opinion.Desk.Reports;
using Opinion.Desk.Search;
using Opinion.Desk.Tests.Fixture;
using Opinion.Load.Letters;
using Xunit.Abstractions;

namespace Opinion.Load.Search;

/// <summary>
/// The plans of queue, search and report, as the server made them for the program's own statements: no table of letters or
/// matters is read as a whole. 1,000,000 letters with OPINION_TEST_LONG=1; else 20,000, where the planner is told to avoid
/// reading whole tables, so that it does so only where no index fits.
/// </summary>
public sealed partial class PlansTests(ITestOutputHelper output)
{
    private static readonly int Letters = LoadedTown.Long ? 1_000_000 : 20_000;

    [Fact]
    public async Task Queue_search_and_report_use_indexes()
    {
        var town = await Town.OpenAsync(TestEngine.Postgres);
        try
        {
            var letters = await LoadedTown.LettersForAsync(town);
            await letters.CopyAsync(town.Store.ConnectionString, 0, Letters, Letters);
            await LoadedTown.IndexAsync(town);
            await using (var session = await town.Store.ReadAsync(default)) await session.ExecuteAsync("VACUUM (ANALYZE) letter_search", default);
            await ServerLog.ExplainAsync(town);
            if (!LoadedTown.Long) await ServerLog.PretendToBeLargeAsync(town);
            town = await LoadedTown.ReopenAsync(town, TestEngine.Postgres);

            // The rule bites: no index knows how often a matter was transferred.
            long before = await ServerLog.EndAsync(town);
            Assert.Equal(0, await town.CountAsync("SELECT COUNT(*) FROM matters WHERE transfers = 7"));
            Assert.Contains((await ServerLog.PlansSinceAsync(town, before)).SelectMany(plan => WholeTables(plan.Text)), table => table == "matters");

            foreach (var who in new[] { "urban-1", "water-duty" })
            {
                var officer = await town.StaffAsync(who);
                foreach (var view in Enum.GetValues<QueueView>())
                {
                    foreach (var subject in new[] { null, "urban" })
                        await CheckAsync(town, $"queue of {who}, {view}, subject {subject}", 2, () => town.Get<ListQueue>().HandleAsync(officer, view, subject, 0, default));
                }
            }

            var searcher = await town.StaffAsync("urban-1");
            foreach (var order in Enum.GetValues<SearchOrder>())
            {
                foreach (var pair in letters.Pairs(20))
                    await CheckAsync(town, $"search {order}", 2, () => town.Get<LetterSearch>().HandleAsync(searcher, new LetterQuestion(pair, "urban", true, new DateOnly(2025, 1, 1), null, order), default));
            }

            var week = IsoWeek.Parse("2026-W44")!.Value;
            town.Clock.Advance(TimeSpan.FromDays(1));
            await CheckAsync(town, "report", 3, () => town.Get<WeeklyReport>().ReleaseAsync(week, default));
        }
        finally
        {
            await town.DisposeAsync();
        }
    }

    private async Task CheckAsync(Town town, string what, int atLeast, Func<Task> work)
    {
        long since = await ServerLog.EndAsync(town);
        await work();
        var plans = (await ServerLog.PlansSinceAsync(town, since)).Where(plan => Tables().IsMatch(plan.Text)).ToList();
        Assert.True(plans.Count >= atLeast, $"{what}: {plans.Count} plans");
        foreach (var plan in plans)
        {
            string[] whole = WholeTables(plan.Text);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {plan.Milliseconds:F1} ms{(whole.Length > 0 ? ", reads " + string.Join(' ', whole) : "")}"));
            // A week lies in one or two months, and reading a month as a whole may be the best way to a quarter of it.
            Assert.True(whole.Length <= 2 && whole.All(table => Month().IsMatch(table)), $"{what} reads whole tables: {string.Join(' ', whole)}\n{plan.Text}");
        }
    }

    private static string[] WholeTables(string plan) => [.. WholeTable().Matches(plan).Select(match => match.Groups[1].Value).Where(table => table != "letters_other").Distinct()];

    [GeneratedRegex(@"Seq Scan on ((?:letter|matter|duty)\w*)")]
    private static partial Regex WholeTable();

    [GeneratedRegex("^letters_[0-9]{6}$")]
    private static partial Regex Month();

    [GeneratedRegex(@"Scan (?:using|on) ")]
    private static partial Regex Tables();
}
