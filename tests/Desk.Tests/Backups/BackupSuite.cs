using Opinion.Desk.Backups;
using Opinion.Desk.Retention;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Backups;

/// <summary>Tests that take backups of their office and restore them.</summary>
public abstract class BackupSuite(TestEngine engine) : DeskSuite(engine)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-backups-").FullName;

    /// <summary>A path below a folder of this test's own; nothing is there.</summary>
    protected string Fresh(string name) => Path.Combine(_folder, name);

    protected async Task<string> BackUpAsync(string name = "backup")
    {
        await Town.Get<BackUpOffice>().HandleAsync(Fresh(name), new Silence(), None);
        return Fresh(name);
    }

    /// <summary>Restores into a new place, the keys put there first as the operator would.</summary>
    protected async Task<Restored> RestoreAsync(string backup, string folder, params string[] journals)
    {
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        File.Copy(OfficeKeys.PathIn(Town.Desk.DataFolder), OfficeKeys.PathIn(folder), overwrite: true);
        return await new RestoreOffice(Town.Clock).HandleAsync(backup, folder, Engine.StoreOf(folder) ?? await Engine.EmptyStoreAsync(folder), journals, expired: true, new Silence(), None);
    }

    protected string Journal => ErasureJournal.PathIn(Town.Desk.DataFolder);

    protected async Task<Town> OpenAgainAsync(string folder)
    {
        var town = await Town.OpenAsync(Engine, folder: folder);
        town.Clock.Now = Town.Clock.Now;
        return town;
    }

    protected static string[] FilesOf(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories);

    protected sealed class Silence : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
        }
    }
}
