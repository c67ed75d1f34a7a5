using System.Text.Json.Nodes;
using Opinion.Desk.Audit;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Sealing;

/// <summary>The fault "contact key missing, rotated".</summary>
public abstract class RotationTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task After_rotation_new_letters_use_the_new_key_and_old_ones_open_as_before()
    {
        var old = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        // The desk runs on meanwhile and takes the new key up by itself.
        Assert.Equal("k2", OfficeKeys.Rotate(Town.Desk.DataFolder));
        var fresh = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        Assert.Equal(["k1", "k2"], await Town.QueryAsync("SELECT key_id FROM sealed_contacts ORDER BY key_id", row => row.GetString(0)));
        foreach (var filed in new[] { old, fresh }) Assert.Equal(Someone, (await OpenAsync(filed)).Original!.Contact);
        Assert.Equal("k3", OfficeKeys.Rotate(Town.Desk.DataFolder));
        Assert.Equal(["k1", "k2", "k3"], OfficeKeys.Load(Town.Desk.DataFolder).Ids);
        Assert.Single(Directory.GetFiles(Path.Combine(Town.Desk.DataFolder, "keys")));
    }

    [Fact]
    public async Task Rewrapped_letters_open_without_the_old_key_and_a_second_run_has_nothing_to_do()
    {
        var old = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        for (var i = 0; i < 7; i++) await Town.FileAsync();
        OfficeKeys.Rotate(Town.Desk.DataFolder);
        Assert.Equal(9, await RewrapAsync());
        Assert.Equal(0, await RewrapAsync());
        TakeOut("k1");
        Assert.Equal(Someone, (await OpenAsync(old)).Original!.Contact);
        Assert.Empty((await Town.Get<Doctor>().ExamineAsync(all: true, None)).Findings);
    }

    [Fact]
    public async Task Without_its_key_a_contact_stays_closed_the_attempt_is_audited_and_the_doctor_names_the_key()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var kept = File.ReadAllBytes(OfficeKeys.PathIn(Town.Desk.DataFolder));
        OfficeKeys.Rotate(Town.Desk.DataFolder);
        TakeOut("k1");
        var again = await Town.OpenAsync(Engine, folder: Town.Desk.DataFolder);
        var (original, refusal) = await again.Get<OpenOriginal>().HandleAsync(await again.StaffAsync("urban-1"), filed.Number, "需要回电", None);
        Assert.Equal((null, Refusal.SealBroken), (original, refusal));
        Assert.Equal(AuditLog.OriginalOpened, (await again.Get<AuditLog>().NewestAsync(1, None))[0].Action);
        var findings = (await again.Get<Doctor>().ExamineAsync(None)).Findings;
        Assert.Contains(findings, finding => finding.Contains("key k1 is not in the key file: 2 ", StringComparison.Ordinal));
        await Assert.ThrowsAsync<SealBrokenException>(() => again.Get<RewrapSeals>().HandleAsync(new Progress<StepProgress>(), None));
        await again.StopAsync();

        File.WriteAllBytes(OfficeKeys.PathIn(Town.Desk.DataFolder), kept);
        var mended = await Town.OpenAsync(Engine, folder: Town.Desk.DataFolder);
        Assert.Equal(Someone, (await mended.Get<OpenOriginal>().HandleAsync(await mended.StaffAsync("urban-1"), filed.Number, "需要回电", None)).Original!.Contact);
        await mended.StopAsync();
    }

    private Task<int> RewrapAsync() => Town.Get<RewrapSeals>().HandleAsync(new Progress<StepProgress>(), None);

    private async Task<(Original? Original, Refusal? Refusal)> OpenAsync(Filed filed) => await Town.Get<OpenOriginal>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, "需要回电", None);

    private void TakeOut(string id)
    {
        var path = OfficeKeys.PathIn(Town.Desk.DataFolder);
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        var sealing = file["sealing"]!.AsArray();
        sealing.Remove(sealing.Single(key => key!["id"]!.GetValue<string>() == id));
        File.WriteAllText(path, file.ToJsonString());
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(2));
    }
}
