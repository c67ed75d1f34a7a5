using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Opinion.Desk.Storage;

/// <summary>One value for each row of a statement that is run for many rows.</summary>
/// <param name="Name">The parameter's name without its <c>@</c>.</param>
/// <param name="Values">A string[], long[], double[] or byte[][], one element a row; strings may be null.</param>
public readonly record struct SqlColumn(string Name, Array Values)
{
    /// <summary>Lets a call write <c>("id", ids)</c>.</summary>
    public static implicit operator SqlColumn((string Name, Array Values) pair) => new(pair.Name, pair.Values);
}

/// <summary>
/// Statements that go to the store together: on PostgreSQL in one exchange with the server, on SQLite, where a statement is
/// a call into the same process, one after the other with each text prepared once. They run in the order they were added
/// and inside the session's transaction; the first that fails fails the batch. As everywhere, a statement is a
/// compile-time constant.
/// </summary>
public sealed class StoreBatch
{
    private readonly DbConnection _connection;
    private readonly DbTransaction? _transaction;
    private readonly List<(string Sql, SqlValue[] Values, SqlColumn[]? Columns)> _statements = [];

    internal StoreBatch(DbConnection connection, DbTransaction? transaction) => (_connection, _transaction) = (connection, transaction);

    /// <summary>Adds a statement.</summary>
    public StoreBatch Add([ConstantExpected] string sql, params SqlValue[] values)
    {
        _statements.Add((sql, values, null));
        return this;
    }

    /// <summary>Adds a statement for many rows; for none, nothing.</summary>
    /// <param name="row">Its text on SQLite, where it is run for each row with that row's values.</param>
    /// <param name="rows">Its text on PostgreSQL, where it is run once and each value is an array of all rows', read with <c>unnest</c>.</param>
    /// <param name="columns">The values, all of the same length.</param>
    /// <exception cref="ArgumentException">The columns are not equally long.</exception>
    public StoreBatch AddRows([ConstantExpected] string row, [ConstantExpected] string rows, params SqlColumn[] columns)
    {
        var length = columns[0].Values.Length;
        if (columns.Any(column => column.Values.Length != length)) throw new ArgumentException("The columns are not equally long.", nameof(columns));
        if (length > 0) _statements.Add(_connection.CanCreateBatch ? (rows, [.. columns.Select(column => new SqlValue(column.Name, column.Values))], null) : (row, [], columns));
        return this;
    }

    /// <summary>Runs the statements.</summary>
    /// <returns>The rows each of them changed, in the order they were added; an empty statement for many rows is not among them.</returns>
    public async Task<IReadOnlyList<int>> ExecuteAsync(CancellationToken cancel)
    {
        if (_statements.Count == 0) return [];
        return _connection.CanCreateBatch ? await TogetherAsync(cancel) : await OneByOneAsync(cancel);
    }

    private async Task<IReadOnlyList<int>> TogetherAsync(CancellationToken cancel)
    {
        await using var batch = _connection.CreateBatch();
        batch.Transaction = _transaction;
        foreach (var (sql, values, _) in _statements)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            foreach (var (name, value) in values)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.Value = value ?? DBNull.Value;
                command.Parameters.Add(parameter);
            }

            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancel);
        return [.. batch.BatchCommands.Select(command => command.RecordsAffected)];
    }

    private async Task<IReadOnlyList<int>> OneByOneAsync(CancellationToken cancel)
    {
        var changed = new int[_statements.Count];
        var commands = new Dictionary<string, DbCommand>(StringComparer.Ordinal);
        try
        {
            for (var i = 0; i < changed.Length; i++)
            {
                var (sql, values, columns) = _statements[i];
                if (!commands.TryGetValue(sql, out var command))
                {
                    command = commands[sql] = _connection.CreateCommand();
                    command.Transaction = _transaction;
                    command.CommandText = sql;
                }

                for (var row = 0; row < (columns?[0].Values.Length ?? 1); row++)
                {
                    command.Parameters.Clear();
                    foreach (var (name, value) in values) Give(command, name, value);
                    foreach (var column in columns ?? []) Give(command, column.Name, column.Values.GetValue(row));
                    changed[i] += await command.ExecuteNonQueryAsync(cancel);
                }
            }
        }
        finally
        {
            foreach (var command in commands.Values) await command.DisposeAsync();
        }

        return changed;
    }

    private static void Give(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
