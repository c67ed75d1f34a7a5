using Opinion.Desk.Letters;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Storage;

/// <summary>Each kind of damage, made to a live store, is found and named.</summary>
public abstract class DoctorFindingTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task A_changed_schema_is_found()
    {
        await Town.ExecuteAsync("CREATE TABLE stray (a TEXT)");
        await Town.ExecuteAsync("DROP INDEX letters_arrival");
        await (Town.Store.Engine == "postgres" ? Town.ExecuteAsync("DROP TRIGGER audit_log_keep ON audit_log") : Town.ExecuteAsync("DROP TRIGGER audit_log_keep"));
        var findings = await FindingsAsync();
        Assert.Contains(findings, finding => finding.StartsWith("The schema has what no migration made", StringComparison.Ordinal) && finding.Contains("stray", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.StartsWith("The schema lacks", StringComparison.Ordinal) && finding.Contains("letters_arrival", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.StartsWith("The schema lacks", StringComparison.Ordinal) && finding.Contains("audit_log_keep", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changed_sealed_bytes_are_found()
    {
        await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        Assert.Empty(await FindingsAsync());
        var bytes = (await Town.QueryAsync("SELECT sealed FROM sealed_contacts", row => row.GetFieldValue<byte[]>(0)))[0];
        bytes[20] ^= 1;
        await Town.ExecuteAsync("UPDATE sealed_contacts SET sealed = @bytes", ("bytes", bytes));
        foreach (var all in new[] { false, true })
            Assert.StartsWith("1 sealed texts or contacts do not open", Assert.Single((await Town.Get<Doctor>().ExamineAsync(all, None)).Findings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_point_nowhere_and_come_from_the_future_are_found()
    {
        var filed = await Town.AssignAsync();
        await Town.ExecuteAsync("INSERT INTO audit_log (at, actor, action) VALUES (@at, 'urban-1', 'test')", ("at", Town.Clock.Now.AddDays(400).ToUnixTimeMilliseconds()));
        await Town.ExecuteAsync("UPDATE letters SET state = 'redacted' WHERE id = @id", ("id", filed.Id));
        var findings = await FindingsAsync();
        Assert.Contains(findings, finding => finding.Contains("lines of the audit log are of the future", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("letters that were never assigned", StringComparison.Ordinal));
        Assert.Equal(2, findings.Count);
    }

    [Fact]
    public async Task A_model_that_cannot_be_read_is_found()
    {
        var path = Path.Combine(Town.Desk.DataFolder, LoadLetterReader.ModelFile);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "no model");
        Assert.Contains("cannot be used", Assert.Single(await FindingsAsync()), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> FindingsAsync() => (await Town.Get<Doctor>().ExamineAsync(None)).Findings;
}
