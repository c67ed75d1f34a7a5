using Microsoft.Data.Sqlite;
using Xunit;

namespace Opinion.Cli.Tests.Office;

/// <summary><c>opinion train --data DIR</c>: what people corrected at the desk trains the office's sorter.</summary>
public sealed class TrainCorrectionsTests : IDisposable
{
    private readonly HotlineFiles _files = new();

    private string Model => Path.Combine(_files.Folder, "subjects.model");

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Corrections_train_and_labels_outside_the_scheme_are_refused()
    {
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(12)))).ExitCode);
        string[] subjects = Subjects();
        Assert.True(subjects.Length >= 2);

        var none = await OpinionProcess.RunAsync("train", "--data", _files.Data, "--model", Model);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("0 corrections: 0 label(s) where at least two are needed", none.Error, StringComparison.Ordinal);

        // What CorrectSubject stores when officers correct; a withdrawn letter teaches nothing.
        Run("INSERT INTO training_examples SELECT id, CASE WHEN number < (SELECT number FROM letters ORDER BY number LIMIT 1 OFFSET 6) THEN $a ELSE $b END, 1 FROM letters", subjects);
        Run("UPDATE letters SET state = 'withdrawn' WHERE id = (SELECT MIN(id) FROM letters)", subjects);
        var trained = await OpinionProcess.RunAsync("train", "--data", _files.Data, "--model", Model);
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Contains("0 letters and 11 corrections, 2 labels", trained.Error, StringComparison.Ordinal);

        string good = _files.Write("good.csv", $"text,label\n路灯不亮,{subjects[0]}\n垃圾成堆,{subjects[1]}\n");
        var both = await OpinionProcess.RunAsync("train", "--data", _files.Data, "--input", good, "--text", "text", "--label", "label", "--model", Model);
        Assert.Contains("2 letters and 11 corrections, 2 labels", both.Error, StringComparison.Ordinal);
        byte[] kept = await File.ReadAllBytesAsync(Model);

        string foreign = _files.Write("foreign.csv", $"text,label\n路灯不亮,{subjects[0]}\n垃圾成堆,disloyal\n");
        var refused = await OpinionProcess.RunAsync("train", "--data", _files.Data, "--input", foreign, "--text", "text", "--label", "label", "--model", Model);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"{foreign}, row 3, column \"label\": \"disloyal\" is not a subject of the office's scheme", refused.Error, StringComparison.Ordinal);
        Assert.Equal(kept, await File.ReadAllBytesAsync(Model));
    }

    private string[] Subjects()
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT code FROM subjects ORDER BY code LIMIT 2";
        using SqliteDataReader reader = command.ExecuteReader();
        var codes = new List<string>();
        while (reader.Read()) codes.Add(reader.GetString(0));
        return [.. codes];
    }

    private void Run(string sql, string[] subjects)
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$a", subjects[0]);
        command.Parameters.AddWithValue("$b", subjects[1]);
        Assert.True(command.ExecuteNonQuery() > 0);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_files.Data, "desk.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}
