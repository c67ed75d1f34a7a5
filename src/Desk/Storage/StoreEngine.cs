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

    /// <inheritdoc/>
    public abstract void Dispose();
}
