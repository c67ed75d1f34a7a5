using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Tables;

namespace Opinion.Load.Letters;

/// <summary>One letter of many, as the store has it once it was answered or is being worked on.</summary>
public sealed record MadeLetter(string Id, string Title, string Body, string Department, string Subject, long Arrived, long? Closed, bool Urgent)
{
    public long Deadline => Arrived + (15L * 86_400_000);

    public long OpenedAt => Arrived + 60_000;
}

/// <summary>
/// Very many letters made of few by perturbing: sentences are exchanged between letters and characters changed. They are spread
/// evenly over three years and unevenly over the departments, and the older ones are closed. The sources are requests_2019.csv of the
/// research data where it is there, else the sample town's letters. A fixed seed: the same arguments give the same letters.
/// </summary>
public sealed class ManyLetters
{
    private const int Seed = 20261124;
    private const string Research = "/work/shared/data/requests_2019.csv";

    private static readonly long End = Town.MondayMorning.ToUnixTimeMilliseconds();
    private static readonly long Start = Town.MondayMorning.AddYears(-3).ToUnixTimeMilliseconds();

    private readonly List<(string Title, string[] Sentences)> _sources;
    private readonly string[] _subjects;
    private readonly string[] _departments;

    /// <param name="departments">Departments, the busiest first: the second gets half of what the first gets, the third a third.</param>
    /// <param name="subjects">Subjects to choose from.</param>
    public ManyLetters(IReadOnlyList<string> departments, IReadOnlyList<string> subjects)
    {
        _subjects = [.. subjects];
        _departments = [.. departments];
        Source = File.Exists(Research) ? Research : Path.Combine(Repository(), "samples", "town", "letters.csv");
        using var table = Table.Open(Source, new TableOptions(), CancellationToken.None);
        int title = table.Columns.ToList().IndexOf("title");
        int body = table.Columns.ToList().IndexOf("body");
        _sources = [.. table.ReadRows(CancellationToken.None).Select(row => (row.Cells[title].Text, Sentences(row.Cells[body].Text))).Where(letter => letter.Item2.Length > 0)];
        Assert.InRange(_sources.Count, 50, 100_000);
    }

    /// <summary>The file the letters are made of.</summary>
    public string Source { get; }

    /// <summary>Pairs of words, each pair out of one sentence of a source.</summary>
    public IReadOnlyList<string> Pairs(int count)
    {
        var random = new Random(Seed + 1);
        var pairs = new List<string>(count);
        while (pairs.Count < count)
        {
            string sentence = Pick(_sources[random.Next(_sources.Count)].Sentences, random);
            string[] words = [.. Readers.Segmenter.Cut(sentence).Select(range => sentence[range.Start..range.End]).Where(word => word.Length >= 2 && word.All(char.IsLetter)).Distinct()];
            if (words.Length < 2) continue;
            random.Shuffle(words);
            pairs.Add(words[0] + " " + words[1]);
        }

        return pairs;
    }

    /// <summary>Makes letters number <paramref name="from"/> to <paramref name="to"/> (exclusive) of <paramref name="of"/>, in the order of their arrival.</summary>
    public IEnumerable<MadeLetter> Make(int from, int to, int of)
    {
        double weights = Enumerable.Range(1, _departments.Length).Sum(i => 1.0 / i);
        for (int i = from; i < to; i++)
        {
            var random = new Random(Seed + (i * 31));
            long arrived = Start + (long)((End - Start) * (double)i / of);
            double chance = random.NextDouble() * weights;
            int department = 0;
            while (department < _departments.Length - 1 && (chance -= 1.0 / (department + 1)) > 0) department++;
            var (title, sentences) = _sources[random.Next(_sources.Count)];
            string body = string.Concat(sentences.Select(sentence => Misspell(random.Next(3) == 0 ? Pick(_sources[random.Next(_sources.Count)].Sentences, random) : sentence, random) + "。"));
            // One in fifty of the older ones is still open, and most of the last two weeks.
            bool open = random.Next(50) == 0 || (End - arrived < 14L * 86_400_000 && random.Next(4) > 0);
            string id = arrived.ToString("x12", CultureInfo.InvariantCulture) + "7" + random.Next(0x1000).ToString("x3", CultureInfo.InvariantCulture) + i.ToString("x16", CultureInfo.InvariantCulture);
            yield return new MadeLetter(id, Misspell(title, random), body, _departments[department], Pick(_subjects, random), arrived,
                open ? null : Math.Min(End, arrived + random.NextInt64(86_400_000, 20L * 86_400_000)), random.Next(500) == 0);
        }
    }

    /// <summary>Loads letters into a PostgreSQL office by COPY: letters, their keys, matters and history, but not the search index.</summary>
    public async Task CopyAsync(string connectionString, int from, int to, int of)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        // No trigger and no reference is checked row by row: what is made here is right.
        await RunAsync(connection, "SET session_replication_role = replica");
        for (var month = DateTimeOffset.FromUnixTimeMilliseconds(Start); month < DateTimeOffset.FromUnixTimeMilliseconds(End).AddMonths(1); month = month.AddMonths(1))
            await RunAsync(connection, $"SELECT make_letters_month({month.UtcDateTime.Year}, {month.UtcDateTime.Month})");
        const int batch = 20_000;
        for (int at = from; at < to; at += batch)
        {
            List<MadeLetter> letters = [.. ParallelEnumerable.Range(0, 4).AsOrdered().SelectMany(part => Make(Part(at, part), Part(at, part + 1), of))];
            int Part(int first, int part) => first + ((Math.Min(batch, to - first) * part) / 4);
            await CopyRowsAsync(connection, "letters (id, receipt_hash, number, channel, arrived_at, registered_at, district, publish, state, title, place, body, subject, need, sorted_by)",
                letters, letter => $"{letter.Id}\t\\\\x{letter.Id}\t{letter.Id}\thotline\t{letter.Arrived}\t{letter.Arrived}\t\\N\t0\tassigned\t{Escape(letter.Title)}\t\t{Escape(letter.Body)}\t{letter.Subject}\tcomplaint\tmachine");
            await CopyRowsAsync(connection, "letter_keys (letter_id, receipt_hash, number)", letters, letter => $"{letter.Id}\t\\\\x{letter.Id}\t{letter.Id}");
            await CopyRowsAsync(connection, "matters (letter_id, department, state, disposition, urgent, deadline, deadline_at, opened_at, closed_at)", letters, letter =>
                string.Create(CultureInfo.InvariantCulture, $"{letter.Id}\t{letter.Department}\t{(letter.Closed is null ? "open\t\\N" : "closed\tsolved")}\t{(letter.Urgent ? 1 : 0)}\t{Day(letter.Deadline)}\t{letter.Deadline}\t{letter.OpenedAt}\t{letter.Closed?.ToString(CultureInfo.InvariantCulture) ?? "\\N"}"));
            await CopyRowsAsync(connection, "matter_events (letter_id, at, kind, actor, visible, detail)", letters, letter =>
                $"{letter.Id}\t{letter.Arrived}\treceived\twriter\t1\t\\N\n{letter.Id}\t{letter.OpenedAt}\tsorted\tdesk\t1\t{letter.Subject}\n{letter.Id}\t{letter.OpenedAt}\tassigned\tdesk\t1\t{letter.Department}"
                + (letter.Closed is { } closed ? $"\n{letter.Id}\t{closed}\tanswered\turban-1\t1\tsolved" : ""));
        }

        await RunAsync(connection, "VACUUM (ANALYZE) letters, matters, matter_events, letter_keys");
    }

    /// <summary>Loads letters into a SQLite office: letters and matters, but not the search index.</summary>
    public async Task InsertAsync(string connectionString, int count)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync();
        await using var letter = connection.CreateCommand();
        letter.CommandText = "INSERT INTO letters (id, receipt_hash, number, channel, arrived_at, registered_at, publish, state, title, place, body, subject, need, sorted_by) VALUES ($id, CAST($id AS BLOB), $id, 'hotline', $at, $at, 0, 'assigned', $title, '', $body, $subject, 'complaint', 'machine')";
        await using var matter = connection.CreateCommand();
        matter.CommandText = "INSERT INTO matters (letter_id, department, state, disposition, urgent, deadline, deadline_at, opened_at, closed_at) VALUES ($id, $department, $state, $disposition, 0, $day, $deadline, $at, $closed)";
        foreach (var made in Make(0, count, count))
        {
            letter.Parameters.Clear();
            foreach (var (name, value) in new (string, object)[] { ("$id", made.Id), ("$at", made.Arrived), ("$title", made.Title), ("$body", made.Body), ("$subject", made.Subject) }) letter.Parameters.AddWithValue(name, value);
            await letter.ExecuteNonQueryAsync();
            matter.Parameters.Clear();
            foreach (var (name, value) in new (string, object?)[] { ("$id", made.Id), ("$department", made.Department), ("$state", made.Closed is null ? "open" : "closed"), ("$disposition", made.Closed is null ? null : "solved"), ("$day", Day(made.Deadline)), ("$deadline", made.Deadline), ("$at", made.OpenedAt), ("$closed", made.Closed) })
                matter.Parameters.AddWithValue(name, value ?? DBNull.Value);
            await matter.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    private static async Task CopyRowsAsync(NpgsqlConnection connection, string table, List<MadeLetter> letters, Func<MadeLetter, string> row)
    {
        await using var writer = await connection.BeginTextImportAsync($"COPY {table} FROM STDIN");
        foreach (var letter in letters)
        {
            await writer.WriteAsync(row(letter));
            await writer.WriteAsync('\n');
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }

    private static string Day(long moment) => DateTimeOffset.FromUnixTimeMilliseconds(moment).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", " ", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);

    private static T Pick<T>(T[] from, Random random) => from[random.Next(from.Length)];

    private static string[] Sentences(string text) => text.Split(['\u3002', '\uFF01', '\uFF1F', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // One character in a hundred is another, so that rare words are as many as in letters that people wrote.
    private static string Misspell(string text, Random random)
    {
        var changed = new StringBuilder(text);
        for (int i = 0; i < changed.Length; i++)
        {
            if (changed[i] is >= '\u4E00' and < '\u9FA6' && random.Next(100) == 0) changed[i] = (char)('\u4E00' + random.Next(3500));
        }

        return changed.ToString();
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Opinion.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
