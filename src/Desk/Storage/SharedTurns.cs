using System.Data.Common;

namespace Opinion.Desk.Storage;

/// <summary>
/// Lets pieces of work that come one by one at the same time share a transaction (group commit: D. Gawlick and D. Kinkade,
/// "Varieties of Concurrency Control in IMS/VS Fast Path", 1985). Nobody waits for company: a piece that finds a free turn
/// goes at once, and what arrives while all turns are taken goes together in the next one. Each is answered only after
/// the commit it was part of. Where a shared turn fails, each of its pieces is tried alone, so that a bad one fails only
/// itself, and one whose connection broke is tried once more.
/// </summary>
/// <param name="atOnce">Turns that may run at the same time.</param>
/// <param name="work">Does pieces in one transaction, all or none of them, and gives one result for each in their order. It is safe to repeat.</param>
internal sealed class SharedTurns<TItem, TResult>(int atOnce, Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> work)
{
    /// <summary>Pieces in one turn: enough to share its cost, few enough that a failure of one costs the others little.</summary>
    public const int Most = 64;

    private readonly Lock _gate = new();
    private readonly Queue<Piece> _waiting = new();
    private int _running;

    /// <summary>Does one piece.</summary>
    /// <param name="item">The piece.</param>
    /// <param name="cancel">Gives it up as long as its turn has not come.</param>
    public Task<TResult> DoAsync(TItem item, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var piece = new Piece(item, cancel);
        lock (_gate)
        {
            _waiting.Enqueue(piece);
            if (_running == atOnce) return piece.Result;
            _running++;
        }

        // Turns are nobody's own: they go on when the request that began them is answered.
        _ = Task.Run(RunAsync, CancellationToken.None);
        return piece.Result;
    }

    private async Task RunAsync()
    {
        while (Next() is { Count: > 0 } pieces)
        {
            if (await TryAsync(pieces) is not { } error) continue;
            if (pieces.Count == 1 && error is not DbException { IsTransient: true })
            {
                pieces[0].Fail(error);
                continue;
            }

            foreach (var piece in pieces)
            {
                if (await TryAsync([piece]) is { } own) piece.Fail(own);
            }
        }
    }

    // Whatever goes wrong is the caller's to hear: here it must not end the turn for the others.
    private async Task<Exception?> TryAsync(List<Piece> pieces)
    {
        try
        {
            var results = await work(pieces.ConvertAll(piece => piece.Item));
            for (var i = 0; i < pieces.Count; i++) pieces[i].Finish(results[i]);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private List<Piece> Next()
    {
        var pieces = new List<Piece>();
        lock (_gate)
        {
            while (pieces.Count < Most && _waiting.TryDequeue(out var piece))
            {
                if (!piece.GivenUp()) pieces.Add(piece);
            }

            if (pieces.Count == 0) _running--;
        }

        return pieces;
    }

    private sealed class Piece(TItem item, CancellationToken cancel)
    {
        private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TItem Item => item;

        public Task<TResult> Result => _result.Task;

        public bool GivenUp() => cancel.IsCancellationRequested && _result.TrySetCanceled(cancel);

        public void Finish(TResult result) => _result.TrySetResult(result);

        public void Fail(Exception error) => _result.TrySetException(error);
    }
}
