using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Opinion.Desk.Storage.Moving;

/// <summary>The SQLite store that is moved: locked against every other program for the time, and left byte for byte as it is.</summary>
internal sealed class MoveSource : IDisposable
{
    private const int BusyError = 5;
    private readonly SqliteConnection _connection;

    private MoveSource(string file, SqliteConnection connection, string fingerprint)
    {
        (File, _connection, Fingerprint) = (file, connection, fingerprint);
        Session = new StoreSession("sqlite", connection, null, null);
    }

    /// <summary>The full path of the file.</summary>
    public string File { get; }

    /// <summary>SHA-256 of the store's bytes, in hexadecimal: the same while nothing is written to it.</summary>
    public string Fingerprint { get; }

    /// <summary>The open connection, locked.</summary>
    public SqliteConnection Connection => _connection;

    /// <summary>A session on the same connection; it must not be disposed.</summary>
    public StoreSession Session { get; }

    /// <summary>Locks a store and looks whether it can be moved.</summary>
    /// <param name="file">The path of <c>desk.db</c>.</param>
    /// <param name="cancel">Cancels the opening.</param>
    /// <exception cref="StoreException">It is no store of this program's schema, or another program has it open.</exception>
    public static async Task<MoveSource> OpenAsync(string file, CancellationToken cancel)
    {
        var path = Path.GetFullPath(file);
        if (!System.IO.File.Exists(path)) throw new StoreException($"{path}: there is no such file");
        var log = new FileInfo(path + "-wal");
        // Read before SQLite opens the file: closing it later would give up SQLite's own locks on it.
        var before = States(path);
        var fingerprint = await FingerprintAsync([path, .. log.Exists && log.Length > 0 ? new[] { log.FullName } : []], cancel);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 2, Pooling = false }.ToString());
        try
        {
            await connection.OpenAsync(cancel);
            // In this mode SQLite asks for the file alone, and is refused as long as any other program has it open.
            await RunAsync(connection, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;", cancel);
            // A log that a crash left behind stays as it is too.
            if (log.Exists && log.Length > 0) SQLitePCL.raw.sqlite3_db_config(connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            if (before != States(path)) throw InUse(path);
            var source = new MoveSource(path, connection, fingerprint);
            await source.CheckAsync(cancel);
            return source;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw error.SqliteErrorCode == BusyError ? InUse(path) : new StoreException($"{path} is no store that can be read: {error.Message}", error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private async Task CheckAsync(CancellationToken cancel)
    {
        if (await Session.CountAsync("SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_versions'", cancel) == 0) throw new StoreException($"{File} is no office's store.");
        var version = await Session.CountAsync("SELECT MAX(version) FROM schema_versions", cancel);
        if (version > Migrator.Newest) throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"The store {File} has schema {version}, this program knows {Migrator.Newest}. Use the newer program."));
        if (version < Migrator.Newest)
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"The store {File} has schema {version}, this program {Migrator.Newest}, and a move changes nothing in it. Run ./opinion doctor --data {Path.GetDirectoryName(File)} once, which brings it up."));
        if (await Session.TextAsync("PRAGMA quick_check", cancel) is not "ok") throw new StoreException($"{File} is damaged: PRAGMA quick_check does not say ok.");
    }

    private static StoreException InUse(string path) => new($"{path} is open in another program. Stop the desk and every command on it, then move.");

    private static string States(string path) => string.Join('|', new[] { path, path + "-wal" }.Select(name => new FileInfo(name))
        .Select(file => file.Exists && file.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}") : ""));

    private static async Task<string> FingerprintAsync(IEnumerable<string> files, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        foreach (var name in files)
        {
            try
            {
                await using var stream = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(name)} {stream.Length}\n")));
                for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;) hash.AppendData(buffer.AsSpan(0, read));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new StoreException($"{name} cannot be read: {error.Message}", error);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task RunAsync(SqliteConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancel);
    }
}
