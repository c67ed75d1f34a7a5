using System.Data.Common;

namespace Opinion.Desk.Storage;

/// <summary>What differs between the engines that keep a store: how sessions are opened, and how erased data leaves the disk.</summary>
internal abstract class StoreEngine : IDisposable
{
    /// <summary>The engine's name as <c>doctor</c> prints it, and of its folder of migrations: <c>sqlite</c> or <c>postgres</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Where the store lives, without any password.</summary>
    public abstract string Location { get; }

    /// <summary>The connection string.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>Where connections come from, where the engine has such a thing.</summary>
    public virtual DbDataSource? Source => null;

    /// <summary>Transactions of letters arriving one by one that run at the same time; more arrivals share them.</summary>
    public abstract int WritersAtOnce { get; }

    /// <summary>Opens a connection for reading.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancel);

    /// <summary>Opens a session that writes. Of the exclusive ones only one runs at a time, on all nodes.</summary>
    public abstract Task<StoreSession> WriteAsync(bool exclusive, CancellationToken cancel);

    /// <summary>Makes room for letters that arrived at these moments.</summary>
    public abstract Task PrepareAsync(IEnumerable<DateTimeOffset> arrivals, CancellationToken cancel);

    /// <summary>Whether forgetting costs so little that each erasure does it; else erasures share a pass.</summary>
    public abstract bool ForgetsAtOnce { get; }

    /// <summary>Makes sure that what was erased and committed can no longer be read from the store's files.</summary>
    public abstract Task ForgetErasedAsync(CancellationToken cancel);

    /// <summary>What is wrong with the store's files, in words; empty when nothing is.</summary>
    public abstract Task<IReadOnlyList<string>> ExamineAsync(StoreSession session, CancellationToken cancel);

    /// <summary>Copies the whole store as it is at one moment into a folder, while others go on writing.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="alongside">Reads more from the same moment.</param>
    /// <param name="progress">Is told how far it has come.</param>
    /// <param name="cancel">Cancels it.</param>
    public abstract Task<StoreCopy> SaveAsync(string folder, Func<StoreSession, Task> alongside, IProgress<StepProgress> progress, CancellationToken cancel);

    /// <summary>Puts a copy into this store, which is new; all of it or nothing.</summary>
    /// <param name="folder">The folder it was copied into.</param>
    /// <param name="copy">What it must hold.</param>
    /// <param name="migrate">Brings a session's store to a schema.</param>
    /// <param name="afterwards">What belongs into the same transaction.</param>
    /// <param name="progress">Is told how far it has come.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <exception cref="StoreException">The store is not new, or what was put back is not what was copied.</exception>
    public abstract Task LoadAsync(string folder, StoreCopy copy, Func<StoreSession, int, Task> migrate, Func<StoreSession, Task> afterwards, IProgress<StepProgress> progress, CancellationToken cancel);

    /// <inheritdoc/>
    public abstract void Dispose();
}
