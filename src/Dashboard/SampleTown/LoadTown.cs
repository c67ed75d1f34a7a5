using Microsoft.AspNetCore.Identity;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Dashboard.Accounts;
using Opinion.Desk;
using Opinion.Desk.Accounts;
using Opinion.Desk.Answers;
using Opinion.Desk.Letters;
using Opinion.Desk.Reports;
using Opinion.Desk.Retention;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.SampleTown;

/// <summary>
/// Sets up the sample town in a new office: accounts, answer bank, a trained sorter, and half a year of letters with what
/// was done on them, each replayed through the desk's own use cases on a clock that stands where the deed was done.
/// </summary>
public sealed class LoadTown(OpenedDesk desk, DictionaryFolder dictionaries, Segmenter segmenter, IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>Sets the town up.</summary>
    /// <exception cref="StoreException">A file of the town is missing or a row of it cannot be used.</exception>
    public async Task HandleAsync(TownFiles town, CancellationToken cancel)
    {
        var staff = await AccountsAsync(town.Accounts(), cancel);
        var letters = town.Letters();
        var examples = town.Training();
        Train([.. examples.Select(example => new TrainingExample(example.Text, example.Label))]);

        var replayClock = new ReplayClock(clock);
        var services = new ServiceCollection().AddLogging();
        // The replay works on the same store and dictionaries; only its clock is another.
        services.AddDesk(desk, replayClock).AddSingleton(dictionaries).AddSingleton(segmenter);
        await using (var provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<AnswerBank>().PutAsync(town.Bank(), cancel);
            await new TownReplay(provider, replayClock, clock.GetUtcNow(), staff).RunAsync(letters, town.Deeds(), cancel);
            replayClock.Stand = null;
            await provider.GetRequiredService<EndContacts>().HandleAsync(cancel);
            await provider.GetRequiredService<WeeklyReport>().ReleaseDueAsync(cancel);
            // From here on the town's own letters, as its officers sorted them, train the sorter too.
            var redactor = provider.GetRequiredService<LetterReader>();
            Train([.. examples.Select(example => new TrainingExample(example.Text, example.Label)),
                .. letters.Select(letter => new TrainingExample(redactor.Redact(letter.Title + "\n" + letter.Body) ?? "", letter.Subject)).Where(example => example.Text.Length > 0)]);
        }
    }

    private void Train(IReadOnlyList<TrainingExample> examples)
    {
        var path = Path.Combine(desk.DataFolder, LoadLetterReader.ModelFile);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var stream = File.Create(path + ".new")) SorterModel.Train(examples, segmenter).Save(stream);
        File.Move(path + ".new", path, overwrite: true);
    }

    private async Task<IReadOnlyList<StaffMember>> AccountsAsync(IReadOnlyList<TownAccount> accounts, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<DeskAccount>>();
        var directory = scope.ServiceProvider.GetRequiredService<StaffDirectory>();
        var grants = new List<(string, Role, string?, bool)>();
        foreach (var account in accounts)
        {
            var user = new DeskAccount { UserName = account.Login, NameZh = account.Name.Zh, NameEn = account.Name.En };
            var made = await users.CreateAsync(user, account.Password);
            if (!made.Succeeded) throw new StoreException($"The sample account {account.Login} cannot be made: {string.Join(' ', made.Errors.Select(error => error.Description))}");
            grants.Add((user.Id, Enum.Parse<Role>(account.Role, ignoreCase: true), account.Department, account.OnDuty));
        }

        await directory.GrantAtSetUpAsync(grants, cancel);
        var staff = new List<StaffMember>();
        foreach (var (id, _, _, _) in grants)
        {
            if (await directory.FindAsync(id, cancel) is { } member) staff.Add(member);
        }

        return staff;
    }
}
