using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Desk.Accounts;
using Opinion.Desk.Answers;
using Opinion.Desk.Attachments;
using Opinion.Desk.Audit;
using Opinion.Desk.Clarifications;
using Opinion.Desk.Doors;
using Opinion.Desk.Imports;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Outbox;
using Opinion.Desk.Reminders;
using Opinion.Desk.Reports;
using Opinion.Desk.Retention;
using Opinion.Desk.Runs;
using Opinion.Desk.Sealing;
using Opinion.Desk.Search;
using Opinion.Desk.Storage;

namespace Opinion.Desk;

/// <summary>An office's data folder, opened: its store brought to the program's schema, its keys read, its office founded.</summary>
/// <param name="DataFolder">The folder's full path.</param>
/// <param name="Store">The store.</param>
/// <param name="Keys">The office's keys.</param>
/// <param name="New">Whether the office was founded by this opening.</param>
public sealed record OpenedDesk(string DataFolder, DeskStore Store, OfficeKeys Keys, bool New)
{
    /// <summary>Opens a data folder; an empty one becomes an office.</summary>
    /// <param name="dataFolder">The folder of the store, the keys and the model; it is created where it is missing.</param>
    /// <param name="connection">A PostgreSQL database that holds the store in the folder's place, in Npgsql's form; null for SQLite.</param>
    /// <param name="foundation">What a new office begins with.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancel">Cancels the opening.</param>
    /// <exception cref="StoreException">The store or the key file cannot be used; the message says why.</exception>
    public static async Task<OpenedDesk> OpenAsync(string dataFolder, string? connection, OfficeFoundation foundation, TimeProvider clock, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(dataFolder);
        DeskStore store;
        try
        {
            Directory.CreateDirectory(folder);
            store = connection is null ? DeskStore.OnSqlite(folder) : DeskStore.OnPostgres(connection);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The data folder {folder} cannot be used: {error.Message}", error);
        }

        try
        {
            await new Migrator(store, clock).MigrateAsync(cancel);
            var founded = await new FoundOffice(store, clock).HandleAsync(foundation, cancel);
            var keys = File.Exists(OfficeKeys.PathIn(folder)) || await HasLettersAsync(store, cancel) ? OfficeKeys.Load(folder) : OfficeKeys.CreateOrLoad(folder);
            return new OpenedDesk(folder, store, keys, founded);
        }
        catch (System.Data.Common.DbException error)
        {
            store.Dispose();
            throw new StoreException($"The store {store.Location} cannot be opened: {error.Message}", error);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static async Task<bool> HasLettersAsync(DeskStore store, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.CountAsync("SELECT COUNT(*) FROM letters", cancel) > 0;
    }
}

/// <summary>Composition of the desk.</summary>
public static class DeskServices
{
    /// <summary>Adds the desk's casework on an opened data folder.</summary>
    public static IServiceCollection AddDesk(this IServiceCollection services, OpenedDesk desk, TimeProvider clock)
    {
        services.AddSingleton(clock).AddSingleton(desk).AddSingleton(desk.Store).AddSingleton(desk.Keys);
        services.AddSingleton(_ => DictionaryFolder.Default);
        services.AddSingleton(provider => provider.GetRequiredService<DictionaryFolder>().LoadSegmenter());
        services.AddSingleton<OfficeDirectory>().AddSingleton<AuditLog>().AddSingleton<StaffDirectory>();
        services.AddSingleton<Sealer>().AddSingleton<SealedLetters>().AddSingleton<OpenOriginal>();
        services.AddSingleton(new AttachmentFiles(desk.DataFolder, clock)).AddSingleton<SealedAttachments>().AddSingleton<OpenAttachment>().AddSingleton<SweepAttachments>().AddSingleton<ExamineAttachments>();
        services.AddSingleton(provider =>
        {
            // The scheme is needed to judge the model; at this point of start-up there is nobody to wait for it in vain.
            var office = provider.GetRequiredService<OfficeDirectory>().GetAsync(CancellationToken.None).GetAwaiter().GetResult();
            return LoadLetterReader.Load(provider.GetRequiredService<DictionaryFolder>(), provider.GetRequiredService<Segmenter>(), desk.DataFolder, office.Scheme,
                provider.GetRequiredService<ILoggerFactory>().CreateLogger<LetterReader>());
        });
        services.AddSingleton<StuckLetters>().AddSingleton<ReceiveLetter>().AddSingleton<RedactLetters>().AddSingleton<SortLetters>().AddSingleton<LetterWay>().AddSingleton<SetAsideLetters>();
        services.AddSingleton<FollowLetter>().AddSingleton<WriterMatters>().AddSingleton<AddToLetter>().AddSingleton<WithdrawLetter>().AddSingleton<ChoosePublication>().AddSingleton<ReleaseHold>().AddSingleton<DisputeAnswer>();
        services.AddSingleton<OpenMatters>().AddSingleton<ListQueue>().AddSingleton<ViewMatter>().AddSingleton<DutyAlerts>().AddSingleton<CorrectSubject>().AddSingleton<LearnCorrections>().AddSingleton<TransferMatter>()
            .AddSingleton<WriteToWriter>().AddSingleton<LeaveNote>().AddSingleton<ExtendDeadline>().AddSingleton<AnswerMatter>();
        services.AddSingleton<AnswerBank>().AddSingleton<AnswerAtOnce>().AddSingleton<PublishedAnswers>().AddSingleton<ReviewAnswers>();
        services.AddSingleton<SearchTokens>().AddSingleton<LetterIndex>().AddSingleton<LetterSearch>().AddSingleton<RebuildLetterSearch>();
        services.AddSingleton<Clarifications.Clarifications>().AddSingleton<AskAboutClaim>().AddSingleton<PublishClarification>();
        services.AddSingleton(new ErasureJournal(desk.DataFolder)).AddSingleton<EraseLetters>();
        services.AddSingleton<EndContacts>().AddSingleton<EndTexts>().AddSingleton<WeeklyReport>().AddSingleton<CorrectWeek>().AddSingleton<ExamineSeals>().AddSingleton<RewrapSeals>().AddSingleton<Doctor>().AddSingleton<Backups.BackUpOffice>().AddSingleton<ImportRuns>();
        services.AddSingleton<JobRuns>().AddSingleton<ClockGuard>().AddSingleton<RemindOfficers>().AddSingleton<PrepareMonths>().AddSingleton<OpenReplyAddress>().AddSingleton<DeadMail>();
        services.AddSingleton<SealedReceipts>().AddSingleton<MailThreads>().AddSingleton<QueueReceipt>();
        services.AddSingleton<DoorSwitch>().AddSingleton<DoorRuns>().AddSingleton<DoorTally>().AddSingleton<SetAsideRows>().AddSingleton<PendingQuestions>();
        foreach (var channel in new[] { Channel.Form, Channel.Paper })
            services.AddSingleton<IDoorTest>(provider => ActivatorUtilities.CreateInstance<FormDoorTest>(provider, channel));
        services.AddSingleton<Open311.Applications>().AddSingleton<Open311.ServiceSetup>().AddSingleton<Open311.OpenRequests>().AddSingleton<Open311.AddUpdate>().AddSingleton<Open311.PeerLetters>();
        return services;
    }
}
