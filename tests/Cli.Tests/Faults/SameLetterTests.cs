using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Faults;
using Opinion.Desk.Tests.Fixture;
using Opinion.Running;
using Xunit;

namespace Opinion.Cli.Tests.Faults;

/// <summary>The fault "the same delivery 20 times at once", with the form as the door: one letter, the same receipt for all.</summary>
public sealed class SameLetterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_form_sent_twenty_times_at_once_is_one_letter_with_one_receipt(bool postgres)
    {
        var connection = postgres ? await (await PostgresCluster.Running).CreateDatabaseAsync() : null;
        string[] store = connection is null ? [] : ["--store", connection];
        var folder = Directory.CreateTempSubdirectory("opinion-same-").FullName;
        // Two nodes share the database and the keys; an office on SQLite has one.
        await using (var first = await ServedDesk.StartAsync(folder, store))
        await using (var second = connection is null ? null : await ServedDesk.StartAsync(folder, store))
        using (var desk = connection is null ? DeskStore.OnSqlite(folder) : DeskStore.OnPostgres(connection))
        {
            var held = await Invariants.RememberAsync(desk);
            var writers = new Writers();
            for (var round = 1; round <= 3; round++)
            {
                using var writer = writers.Come(first);
                var form = await Writers.FormAsync(writer);
                var (action, fields) = Browser.Fill(form, "form.stack", ("Body", $"第{round}封同一封信：路灯不亮，请维修。"));
                var senders = Enumerable.Range(0, 20).Select(i =>
                {
                    var sender = writers.Come(i % 2 == 1 && second is not null ? second : first);
                    foreach (var (name, value) in writer.Cookies) sender.Cookies[name] = value;
                    return sender;
                }).ToList();
                var answers = await Task.WhenAll(senders.Select(sender => sender.PostAsync(action, fields)));
                Assert.Equal(20, answers.Count(answer => answer.Status == 200 && answer.Receipt.Length > 0));
                Assert.Single(answers.Select(answer => answer.Receipt).Distinct(StringComparer.Ordinal));
                Assert.Equal(19, answers.Count(answer => answer.Body.Contains("这封信已经收到过", StringComparison.Ordinal)));
                writers.Receipts.Add(answers[0].Receipt);
                foreach (var sender in senders) sender.Dispose();
                await held.HoldAsync(desk, writers.Receipts, round);
            }
        }

        Directory.Delete(folder, recursive: true);
    }
}
