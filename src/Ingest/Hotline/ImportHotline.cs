using System.Security.Cryptography;
using Opinion.Desk;
using Opinion.Desk.Doors;
using Opinion.Desk.Imports;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Hotline;

/// <summary>What an import did.</summary>
/// <param name="Run">The number of its run.</param>
/// <param name="Counts">What became of the rows.</param>
/// <param name="Assigned">Letters that became matters meanwhile; they may be others' too.</param>
/// <param name="RejectedFile">Where the rows that were set aside are; null where there are none.</param>
/// <param name="Paused">Whether it stands at its cursor because a person paused it.</param>
public sealed record ImportResult(long Run, ImportCounts Counts, int Assigned, string? RejectedFile, bool Paused);

/// <summary>
/// Takes a hotline's sheet in: good rows become letters, bad rows are set aside with their reason, rows that had arrived
/// before are counted as repeated. May be killed at any moment and run again: every row is in, each key once. A person may
/// pause it from the page of imports; it goes on at its cursor.
/// </summary>
public sealed class ImportHotline(OpenedDesk desk, ReceiveLetter receive, LetterWay way, ImportRuns runs, OfficeKeys keys, DoorSwitch doors, SetAsideRows setAside, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>Rows in one transaction: enough to share the cost of making it durable, few enough not to hold up a writer at the form.</summary>
    public const int BatchSize = 200;

    /// <summary>Imports a checked sheet that a person brings; a run of it that was paused goes on.</summary>
    public Task<ImportResult> HandleAsync(HotlineSheet sheet, Action<ImportCounts>? progress, CancellationToken cancel) => HandleAsync(sheet, byHand: true, progress, cancel);

    /// <summary>Imports a checked sheet.</summary>
    /// <param name="sheet">The sheet.</param>
    /// <param name="byHand">Whether a person brings it; otherwise a run of it that was paused stays so until a person lets it go on.</param>
    /// <param name="progress">Told after every batch how far the import has come; null where nobody looks.</param>
    /// <param name="cancel">Stops the import after the current batch; what is stored stays.</param>
    /// <exception cref="InputFileException">The file was changed since it was checked.</exception>
    /// <exception cref="DoorClosedException">The hotline is closed; nothing was stored.</exception>
    public async Task<ImportResult> HandleAsync(HotlineSheet sheet, bool byHand, Action<ImportCounts>? progress, CancellationToken cancel)
    {
        if (!await doors.IsOpenAsync(Channel.Hotline, cancel)) throw new DoorClosedException(Channel.Hotline);
        // While the run is not done, so that it goes on with the very same sheet and never skips rows of another.
        var hash = await sheet.HashAsync(cancel);
        var mark = Convert.ToHexStringLower(HMACSHA256.HashData(keys.ChannelKeys, hash));
        var held = await runs.TakeUpAsync(Channel.Hotline, mark, byHand, cancel);
        if (held is { Hold: ImportHold.Paused }) return new ImportResult(held.Id, held.Counts, 0, null, Paused: true);
        var run = held?.Id ?? await runs.StartAsync(Channel.Hotline, sheet.Source, mark, cancel);
        var counts = held?.Counts ?? default;
        // Letters are carried on while the next ones are taken in: reading a letter is the desk's work, storing it the store's.
        var carrying = Task.FromResult(0);
        var assigned = 0;
        try
        {
            using var rejected = new RejectedRows(desk.DataFolder, run, sheet.Source);
            using var table = sheet.Open(cancel);
            var rows = new HotlineRow(sheet.Map, sheet.Columns, await offices.GetAsync(cancel), clock.GetUtcNow());
            foreach (var batch in table.ReadRows(cancel).Skip((int)counts.Done).Chunk(BatchSize))
            {
                counts = await TakeAsync(batch, sheet, rows, rejected, counts, cancel);
                var pause = await runs.AdvanceAsync(run, counts, cancel);
                progress?.Invoke(counts);
                if (pause && counts.Done < sheet.Rows)
                {
                    assigned += await carrying;
                    await runs.HoldAsync(run, ImportHold.Paused, cancel);
                    return new ImportResult(run, counts, assigned, rejected.Any ? rejected.Location : null, Paused: true);
                }

                if (!carrying.IsCompleted) continue;
                assigned += await carrying;
                carrying = Task.Run(() => way.CarryOnAsync(cancel), cancel);
            }

            assigned += await carrying;
            assigned += await way.CarryOnAsync(cancel);
            await runs.FinishAsync(run, counts, null, cancel);
            return new ImportResult(run, counts, assigned, rejected.Any ? rejected.Location : null, Paused: false);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAny(carrying);
            // Interrupted, not failed: it goes on at its cursor when its sheet comes again.
            await runs.HoldAsync(run, ImportHold.Ready, CancellationToken.None);
            throw;
        }
        catch (Exception error)
        {
            // What carries letters on ends before the run does, whatever became of it.
            await Task.WhenAny(carrying);
            // Not cancelled with the import: why it stopped is what the run is kept for.
            await runs.FinishAsync(run, counts, error is InputFileException ? error.Message : error.GetType().Name, CancellationToken.None);
            throw;
        }
    }

    private async Task<ImportCounts> TakeAsync(TableRow[] batch, HotlineSheet sheet, HotlineRow rows, RejectedRows rejected, ImportCounts before, CancellationToken cancel)
    {
        var letters = new List<IncomingLetter>(batch.Length);
        var aside = new List<NotTaken>();
        foreach (var row in batch)
        {
            var (letter, refusal) = rows.Read(row);
            if (letter is not null) letters.Add(letter);
            else
            {
                rejected.Add(row, refusal!);
                aside.Add(new NotTaken(Channel.Hotline, refusal!.Word, sheet.Source, row.Number, refusal.Column.Length == 0 ? null : refusal.Column, Words(row, sheet.Columns)));
            }
        }

        rejected.Flush();
        await setAside.PutAsync(aside, cancel);
        var receipts = letters.Count == 0 ? [] : await receive.HandleAsync(letters, cancel);
        var repeated = receipts.Count(receipt => receipt.Repeated);
        return new ImportCounts(before.Done + batch.Length, before.Added + letters.Count - repeated, before.Repeated + repeated, before.Rejected + batch.Length - letters.Count);
    }

    // In a row of another width nobody knows which cell belongs to which column.
    private static string Words(TableRow row, IReadOnlyList<string> columns) =>
        string.Join('\n', row.Cells.Select((cell, i) => row.Cells.Count == columns.Count ? columns[i] + ": " + cell.Text : cell.Text));
}
