using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Opinion.Desk.Storage;

/// <summary>One named value of a statement. A null value is stored as SQL NULL.</summary>
/// <param name="Name">The parameter's name without its <c>@</c>.</param>
/// <param name="Value">A string, long, int, double, byte[] or null; on PostgreSQL also a string[] or long[].</param>
public readonly record struct SqlValue(string Name, object? Value)
{
    /// <summary>Lets a call write <c>("id", id)</c>.</summary>
    public static implicit operator SqlValue((string Name, object? Value) pair) => new(pair.Name, pair.Value);
}

/// <summary>
/// A connection with, where one was begun, its transaction. Statements must be compile-time constants (CA1857 is an
/// error here), so no text from outside can ever become SQL. Disposing without <see cref="CommitAsync"/> rolls back.
/// </summary>
public sealed class StoreSession : IAsyncDisposable
{
    private readonly DbConnection _connection;
    private readonly DbTransaction? _transaction;
    private readonly IDisposable? _turn;
    private List<Action>? _afterwards;
    private bool _committed;

    internal StoreSession(string engine, DbConnection connection, DbTransaction? transaction, IDisposable? turn)
    {
        Engine = engine;
        _connection = connection;
        _transaction = transaction;
        _turn = turn;
    }

    /// <summary>The engine's name, for the few statements that differ: <c>sqlite</c> or <c>postgres</c>.</summary>
    public string Engine { get; }

    /// <summary>Whether this is PostgreSQL.</summary>
    public bool IsPostgres => Engine == "postgres";

    /// <summary>
    /// Whether its statements may take as long as the store is large, as migrations, VACUUM, restoring and the doctor do. All
    /// others end after half a minute, so that no page waits longer.
    /// </summary>
    internal bool Unhurried { get; set; }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public async Task<int> ExecuteAsync([ConstantExpected] string sql, CancellationToken cancel, params SqlValue[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Reads all rows of a query.</summary>
    public async Task<List<T>> QueryAsync<T>([ConstantExpected] string sql, Func<DbDataReader, T> read, CancellationToken cancel, params SqlValue[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Reads the first row of a query, or null where there is none.</summary>
    public async Task<T?> FirstAsync<T>([ConstantExpected] string sql, Func<DbDataReader, T> read, CancellationToken cancel, params SqlValue[] values)
        where T : class
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? read(reader) : null;
    }

    /// <summary>Reads one whole number; a query without a row or with NULL gives 0.</summary>
    public async Task<long> CountAsync([ConstantExpected] string sql, CancellationToken cancel, params SqlValue[] values)
    {
        await using var command = Command(sql, values);
        var value = await command.ExecuteScalarAsync(cancel);
        return value is null or DBNull ? 0 : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Reads one text; a query without a row or with NULL gives null.</summary>
    public async Task<string?> TextAsync([ConstantExpected] string sql, CancellationToken cancel, params SqlValue[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <summary>Begins statements that go to the store together.</summary>
    public StoreBatch Batch() => new(_connection, _transaction);

    /// <summary>Makes everything done in this session durable. Without a transaction there is nothing to do.</summary>
    public async Task CommitAsync(CancellationToken cancel)
    {
        if (_transaction is null) return;
        await _transaction.CommitAsync(cancel);
        _committed = true;
        foreach (var deed in _afterwards ?? []) deed();
    }

    /// <summary>Does something outside the store once what was done here is durable, and not at all where it is undone. It must not throw.</summary>
    internal void AfterCommit(Action deed) => (_afterwards ??= []).Add(deed);

    /// <summary>Rolls back what was not committed and gives the connection back.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_transaction is not null)
            {
                try
                {
                    if (!_committed && _connection.State == System.Data.ConnectionState.Open) await _transaction.RollbackAsync();
                }
                catch (DbException error) when (StoreFaults.Of(error) == StoreFault.Unavailable)
                {
                    // The connection is gone and its transaction with it; what is told is why, not that.
                }

                await _transaction.DisposeAsync();
            }

            await _connection.DisposeAsync();
        }
        finally
        {
            _turn?.Dispose();
        }
    }

    /// <summary>Runs a migration's text, the only SQL that is not a constant of the program's code.</summary>
    internal async Task ExecuteScriptAsync(string script, CancellationToken cancel)
    {
        await using var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = script;
        await command.ExecuteNonQueryAsync(cancel);
    }

    private DbCommand Command(string sql, SqlValue[] values)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = sql;
        if (Unhurried) command.CommandTimeout = 0;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
