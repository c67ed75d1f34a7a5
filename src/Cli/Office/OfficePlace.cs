using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Opinion.Desk;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Open311;

namespace Opinion.Cli.Office;

/// <summary>
/// Where a command finds its office: <c>--data DIR</c>, a folder with a SQLite store, or <c>--store CONNECTION</c>, a PostgreSQL
/// database. With <c>--store</c> the folder still holds what lies outside the database, keys and model; it is
/// <c>--data</c> where that is given too, else a folder named after the database in <c>OPINION_HOME</c> or <c>~/.opinion</c>.
/// </summary>
internal sealed class OfficePlace
{
    private readonly Option<string?> _data = new("--data") { Description = "The office's data folder; an empty one becomes an office.", HelpName = "DIR" };
    private readonly Option<string?> _store = new("--store")
    {
        Description = "A PostgreSQL database in place of the folder's own store, as Host=…;Database=…;Username=… or postgres://….",
        HelpName = "CONNECTION",
    };

    /// <summary>Gives a command both options.</summary>
    /// <param name="command">The command.</param>
    /// <param name="needed">Whether one of them must be given.</param>
    public OfficePlace AddTo(Command command, bool needed = true)
    {
        command.Options.Add(_data);
        command.Options.Add(_store);
        if (!needed) return this;
        command.Validators.Add(result =>
        {
            if (!IsGiven(result)) result.AddError("--data DIR or --store CONNECTION is needed.");
        });
        return this;
    }

    /// <summary>Whether an office was named.</summary>
    public bool IsGiven(SymbolResult result) => result.GetResult(_data) is not null || result.GetResult(_store) is not null || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OPINION_STORE_FILE"));

    /// <summary>What is wrong with looking for an office there; null where one can be. A database is asked when it is opened.</summary>
    public static string? Missing((string Folder, string? Connection) place) =>
        place.Connection is not null || File.Exists(Path.Combine(place.Folder, "desk.db")) ? null
        : $"{place.Folder}: {(Directory.Exists(place.Folder) ? "no office's store is in this folder (desk.db is missing)" : "there is no such folder")}";

    /// <summary>What was asked for.</summary>
    /// <exception cref="UsageException">The connection cannot be read.</exception>
    public (string Folder, string? Connection) Of(ParseResult parsed)
    {
        var data = parsed.GetValue(_data);
        if ((parsed.GetValue(_store) ?? StoreFile()) is not { } store) return (data!, null);
        var settings = ConnectionOf(store, "--store");
        return (data ?? HomeOf(settings), settings.ToString());
    }

    /// <summary>Reads a connection in either form. A password that is not in it comes from the file <c>OPINION_STORE_PASSWORD_FILE</c> names.</summary>
    /// <param name="store">The connection.</param>
    /// <param name="option">The option it was given by, for the error.</param>
    /// <exception cref="UsageException">It cannot be read.</exception>
    internal static NpgsqlConnectionStringBuilder ConnectionOf(string store, string option)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(FromAddress(store));
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // It may hold a password, so it is not repeated.
            throw new UsageException($"{option}: not a connection; it has the form Host=…;Port=…;Database=…;Username=…;Password=… or postgres://user@host:port/database");
        }

        if (string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database)) throw new UsageException($"{option}: Host and Database are needed");
        if (string.IsNullOrEmpty(settings.Password) && SecretOf("OPINION_STORE_PASSWORD_FILE") is { } password) settings.Password = password;
        return settings;
    }

    /// <summary>The connection in the file that <c>OPINION_STORE_FILE</c> names, so that it stands in no list of processes; null where none is named.</summary>
    private static string? StoreFile() => SecretOf("OPINION_STORE_FILE");

    private static string? SecretOf(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } file) return null;
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{variable}: {file} cannot be read: {error.Message}");
        }
    }

    /// <summary>Opens the office and composes the desk on it. An empty folder or database becomes an office without samples.</summary>
    /// <exception cref="StoreException">It cannot be used; the message says why.</exception>
    public static async Task<ServiceProvider> OpenAsync((string Folder, string? Connection) place, CancellationToken cancel)
    {
        var clock = CommandServices.Clock;
        var desk = await OpenedDesk.OpenAsync(place.Folder, place.Connection, OfficeFoundation.Plain, clock, cancel);
        return new ServiceCollection().AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning))
            .AddDesk(desk, clock).AddHotline().AddOpen311().BuildServiceProvider();
    }

    // Npgsql reads key=value pairs only; operators often have the address form at hand.
    private static string FromAddress(string store)
    {
        string text = store.StartsWith("postgres:", StringComparison.Ordinal) && !store.StartsWith("postgres://", StringComparison.Ordinal) ? store["postgres:".Length..] : store;
        if (!text.StartsWith("postgres://", StringComparison.Ordinal) && !text.StartsWith("postgresql://", StringComparison.Ordinal)) return text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)) throw new FormatException();
        var user = address.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder { Host = address.Host, Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')) };
        if (address.Port > 0) settings.Port = address.Port;
        if (user[0].Length > 0) settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) settings.Password = Uri.UnescapeDataString(user[1]);
        return settings.ToString();
    }

    /// <summary>The folder of an office's keys where none is named.</summary>
    internal static string HomeOf(NpgsqlConnectionStringBuilder settings)
    {
        string home = Environment.GetEnvironmentVariable("OPINION_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".opinion");
        string name = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}-{settings.Port}-{settings.Database}");
        return Path.Combine(home, string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '_')));
    }
}
