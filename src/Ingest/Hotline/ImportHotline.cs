using Opinion.Desk;
using Opinion.Desk.Doors;
using Opinion.Desk.Imports;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Hotline;

/// <summary>What an import did.</summary>
/// <param name="Run">The number of its run.</param>
/// <param name="Counts">What became of the rows.</param>
/// <param name="Assigned">Letters that became matters meanwhile; they may be others' too.</param>
/// <param name="RejectedFile">Where the rows that were set aside are; null where there are none.</param>
public sealed record ImportResult(long Run, ImportCounts Counts, int Assigned, string? RejectedFile);

/// <summary>
/// Takes a hotline's sheet in: good rows become letters, bad rows are set aside with their reason, rows that had arrived
/// before are counted as repeated. May be killed at any moment and run again: every row is in, each key once.
/// </summary>
public sealed class ImportHotline(OpenedDesk desk, ReceiveLetter receive, LetterWay way, ImportRuns runs, DoorSwitch doors, SetAsideRows setAside, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>Rows in one transaction: enough to share the cost of making it durable, few enough not to hold up a writer at the form.</summary>
    public const int BatchSize = 200;

    /// <summary>Imports a checked sheet.</summary>
    /// <param name="sheet">The sheet.</param>
    /// <param name="progress">Told after every batch how far the import has come; null where nobody looks.</param>
    /// <param name="cancel">Stops the import after the current batch; what is stored stays.</param>
    /// <exception cref="InputFileException">The file was changed since it was checked.</exception>
    /// <exception cref="DoorClosedException">The hotline is closed; nothing was stored.</exception>
    public async Task<ImportResult> HandleAsync(HotlineSheet sheet, Action<ImportCounts>? progress, CancellationToken cancel)
    {
        if (!await doors.IsOpenAsync(Channel.Hotline, cancel)) throw new DoorClosedException(Channel.Hotline);
        var run = await runs.StartAsync(Channel.Hotline, sheet.Source, cancel);
        var counts = default(ImportCounts);
        // Letters are carried on while the next ones are taken in: reading a letter is the desk's work, storing it the store's.
        var carrying = Task.FromResult(0);
        var assigned = 0;
        try
        {
            using var rejected = new RejectedRows(desk.DataFolder, run, sheet.Source);
            using var table = sheet.Open(cancel);
            var rows = new HotlineRow(sheet.Map, sheet.Columns, await offices.GetAsync(cancel), clock.GetUtcNow());
            foreach (var batch in table.ReadRows(cancel).Chunk(BatchSize))
            {
                counts = await TakeAsync(batch, sheet, rows, rejected, counts, cancel);
                await runs.AdvanceAsync(run, counts, cancel);
                progress?.Invoke(counts);
                if (!carrying.IsCompleted) continue;
                assigned += await carrying;
                carrying = Task.Run(() => way.CarryOnAsync(cancel), cancel);
            }

            assigned += await carrying;
            assigned += await way.CarryOnAsync(cancel);
            await runs.FinishAsync(run, counts, null, cancel);
            return new ImportResult(run, counts, assigned, rejected.Any ? rejected.Location : null);
        }
        catch (Exception error)
        {
            // What carries letters on ends before the run does, whatever became of it.
            await Task.WhenAny(carrying);
            // Not cancelled with the import: why it stopped is what the run is kept for.
            await runs.FinishAsync(run, counts, error is OperationCanceledException ? "cancelled" : error is InputFileException ? error.Message : error.GetType().Name, CancellationToken.None);
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
