using System.Text;
using Opinion.Desk.Letters;
using Opinion.Desk.Retention;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Sealing;

/// <summary>What an outsider finds in the bytes of the SQLite file and its log.</summary>
public class DatabaseFileTests() : DeskSuite(TestEngine.Sqlite)
{
    private const string CanaryText = "这里有一句绝不该明文入库的原话 7Q9XPLAINTEXT，电话13900001111，路灯坏了，路灯不亮。";

    [Fact]
    public async Task The_receipt_code_is_nowhere_in_the_files()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var number = Encoding.ASCII.GetBytes(filed.Number);
        Assert.True(Holds(number), "the search must be able to find what is there");
        foreach (var form in new[] { filed.Receipt.Code.Text, filed.Receipt.Code.Shown, filed.Receipt.Code.Text.ToLowerInvariant() }) AssertAbsent(form);
        AssertAbsent("key-1");
    }

    [Fact]
    public async Task Contact_data_and_the_original_words_are_nowhere_in_plain()
    {
        await Town.AssignAsync(Town.Letter(CanaryText) with { Contact = Someone, Title = "电话13900001111" });
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM letters WHERE state = 'assigned'"));
        Assert.True(Holds(Encoding.UTF8.GetBytes("路灯不亮")), "the twin is there");
        foreach (var canary in new[] { Someone.Name!, Someone.Phone!, Someone.Email! }) AssertAbsent(canary);
    }

    [Fact]
    public async Task A_letter_that_waits_to_be_redacted_is_nowhere_in_plain()
    {
        await Town.FileAsync(Town.Letter(CanaryText) with { Contact = Someone, Title = "标题暗语", Place = "地点暗语" });
        foreach (var canary in new[] { "7Q9XPLAINTEXT", "标题暗语", "地点暗语", Someone.Name! }) AssertAbsent(canary);
    }

    [Fact]
    public async Task A_withdrawn_letters_sealed_bytes_are_gone_from_the_file_and_its_log()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var boxes = await BoxesAsync();
        Assert.Equal(4, boxes.Count);
        Assert.All(boxes, box => Assert.True(Holds(box)));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.All(boxes, box => Assert.False(Holds(box)));
    }

    [Fact]
    public async Task Contact_data_erased_alone_is_gone_from_the_file_and_its_log()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var contact = await Town.QueryAsync("SELECT sealed FROM sealed_contacts", row => row.GetFieldValue<byte[]>(0));
        Assert.True(Holds(Assert.Single(contact)));
        Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(filed.Id, None));
        Assert.False(Holds(contact[0]));
        // Numbers in the letter's own words are contact data as well; the redacted twin is what is worked on.
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM sealed_texts"));
        Assert.Equal(Town.Streetlight, (await Town.FollowAsync(filed)).Body);
    }

    [Fact]
    public async Task Contact_data_erased_before_the_twin_is_made_leaves_the_letter()
    {
        var filed = await Town.FileAsync(Town.Letter() with { Contact = Someone });
        Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(filed.Id, None));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM sealed_texts"));
        Assert.Equal(1, await Town.CarryOnAsync());
        Assert.Equal(Town.Streetlight, (await Town.FollowAsync(filed)).Body);
    }

    [Fact]
    public async Task Contact_data_that_ended_is_gone_from_the_file_and_its_log()
    {
        await Town.AnswerAsync(Town.Letter() with { Contact = Someone });
        var contact = await Town.QueryAsync("SELECT sealed FROM sealed_contacts", row => row.GetFieldValue<byte[]>(0));
        Assert.True(Holds(Assert.Single(contact)));
        Town.Clock.Advance(TimeSpan.FromDays(60));
        Assert.Equal(1, await Town.Get<EndContacts>().HandleAsync(None));
        Assert.False(Holds(contact[0]));
    }

    [Fact]
    public async Task A_log_that_a_reader_held_back_is_emptied_by_the_next_daily_run()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var boxes = await BoxesAsync();
        await using (var reader = new Microsoft.Data.Sqlite.SqliteConnection(Town.Store.ConnectionString))
        {
            await reader.OpenAsync();
            await using var held = reader.BeginTransaction(deferred: true);
            await using var command = reader.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM letters";
            await command.ExecuteScalarAsync();
            Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
            Assert.Contains(boxes, Holds);
        }

        await Town.Get<EndContacts>().HandleAsync(None);
        Assert.Equal(4, boxes.Count);
        Assert.All(boxes, box => Assert.False(Holds(box)));
    }

    [Fact]
    public async Task A_taken_back_answer_is_gone_from_the_search_index()
    {
        var filed = await PublishedAsync("量子灯泡");
        Assert.True(Holds(Encoding.UTF8.GetBytes("量子")));
        Assert.Null(await Town.Get<ChoosePublication>().HandleAsync(filed.Id, false, None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM published_search"));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM published_answers"));
    }

    [Fact]
    public async Task A_letter_with_a_receipt_survives_a_program_killed_right_after()
    {
        var filed = await Town.FileAsync(Town.Letter() with { Contact = Someone });
        // What lies on disk at this moment is what a killed program leaves: nothing was closed or flushed.
        var folder = Directory.CreateTempSubdirectory("opinion-killed-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        foreach (var file in Files()) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.Copy(Opinion.Desk.Sealing.OfficeKeys.PathIn(Town.Desk.DataFolder), Opinion.Desk.Sealing.OfficeKeys.PathIn(folder));
        await using var after = await Town.OpenAsync(Engine, folder: folder);
        Assert.Equal(filed.Id, await after.Get<FollowLetter>().FindAsync(filed.Receipt.Code.Text, None));
        Assert.Equal(1, await after.CarryOnAsync());
    }

    [Fact]
    public async Task Every_connection_writes_through_to_disk_and_overwrites_what_it_deletes()
    {
        await using var session = await Town.Store.WriteAsync(None);
        Assert.Equal(2, await session.CountAsync("PRAGMA synchronous", None));
        Assert.Equal(1, await session.CountAsync("PRAGMA secure_delete", None));
        Assert.Equal(1, await session.CountAsync("PRAGMA foreign_keys", None));
        Assert.Equal("wal", await session.TextAsync("PRAGMA journal_mode", None));
    }

    private async Task<Filed> PublishedAsync(string word)
    {
        var filed = await Town.AnswerAsync(Town.Letter() with { Publish = true }, word + "已换好。");
        var review = Town.Get<Opinion.Desk.Answers.ReviewAnswers>();
        var editor = await Town.StaffAsync("editor-1");
        var waiting = Assert.Single(await review.ListAsync(editor, None));
        Assert.Null(await review.PublishAsync(editor, waiting.AnswerId, "路灯", "路灯坏了", word + "已换好。", None));
        return filed;
    }

    private async Task<List<byte[]>> BoxesAsync() => [.. (await Town.QueryAsync(
        "SELECT wrapped_key, sealed FROM sealed_texts UNION ALL SELECT wrapped_key, sealed FROM sealed_contacts",
        row => new[] { row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1) })).SelectMany(pair => pair)];

    private void AssertAbsent(string text)
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode }) Assert.False(Holds(encoding.GetBytes(text)), $"{text} stands in the files in plain");
    }

    private bool Holds(byte[] bytes) => Files().Any(file => Read(file).AsSpan().IndexOf(bytes) >= 0);

    private string[] Files()
    {
        string[] files = [Town.Store.Location, Town.Store.Location + "-wal"];
        Assert.All(files, file => Assert.True(File.Exists(file), file));
        return files;
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
