using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Opinion.Desk.Storage;

/// <summary>Why a store did not do what it was asked, where the reason is its state and not what was asked.</summary>
public enum StoreFault
{
    /// <summary>It could not be reached, the connection broke, or it is busy or cannot be written. Whether a commit that was under way came through is not known.</summary>
    Unavailable,

    /// <summary>Its disk is full. Nothing of the transaction was stored.</summary>
    Full,
}

/// <summary>Tells the states of a store from mistakes of the program, by what its driver threw.</summary>
public static class StoreFaults
{
    // SQLite's result codes, from sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
    private const int Full = 13;
    private static readonly int[] Unusable = [5, 6, 8, 10, 14];

    /// <summary>The state of the store that an exception, or one inside it, tells of; null where it tells of none.</summary>
    public static StoreFault? Of(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            switch (error)
            {
                case SqliteException { SqliteErrorCode: Full } or PostgresException { SqlState: PostgresErrorCodes.DiskFull }:
                    return StoreFault.Full;
                case SqliteException sqlite when Unusable.Contains(sqlite.SqliteErrorCode):
                case PostgresException server when IsState(server.SqlState):
                case NpgsqlException and not PostgresException and { InnerException: null or IOException or SocketException or TimeoutException }:
                    return StoreFault.Unavailable;
            }
        }

        return null;
    }

    // Classes 08 (connection), 53 (resources), 57P (the server ends or starts), 58 (its system), and a server that only reads.
    private static bool IsState(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal)
        || state.StartsWith("58", StringComparison.Ordinal) || state == PostgresErrorCodes.ReadOnlySqlTransaction;
}
