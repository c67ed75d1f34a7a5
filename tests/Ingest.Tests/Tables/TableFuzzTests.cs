using System.Text;
using Opinion.Desk.Deadlines;
using Opinion.Desk.Offices;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tables;
using Opinion.Ingest.Tests.Offices;
using Xunit.Abstractions;

namespace Opinion.Ingest.Tests.Tables;

/// <summary>
/// Changes valid files at random, under a fixed printed seed: nothing but <see cref="InputFileException"/> may come out, and
/// what is accepted is checked again with slow and simple logic.
/// </summary>
public class TableFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    private static readonly string[] CsvPieces = ["\"", "\"\"", ",", "\n", "\r\n", "\r", "\uFEFF", "\0", "=1+1", "路", "𠮷", " ", "\t", "id"];

    private static readonly string[] XmlPieces =
    [
        "<", ">", "</x:row>", "<x:row r=\"1048576\">", "<x:row>", "<x:c t=\"s\"><x:v>5</x:v></x:c>", "<x:c t=\"d\"><x:v>x</x:v></x:c>", "<x:c s=\"99\"><x:v>1</x:v></x:c>",
        "<x:c r=\"AAA1\">", "<x:c r=\"\">", "<x:v>1e400</x:v>", "<x:v>-5</x:v>", "_x0000_", "_xD800_", "&#0;", "&lt;", "\0", "r=\"-1\"", "t=\"e\"", "s=\"1\"", "99999999999", "路",
    ];

    private static int Rounds(int usual) => Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? usual * 20 : usual;

    [Fact]
    public void Changed_CSV_is_refused_or_read_as_the_slow_reader_reads_it()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var valid = Encoding.UTF8.GetBytes("id,time,body\r\n1,2026/1/2 3:04:05,\"路灯，\"\"坏\"\"了\r\n两天\"\r\n2,2026/1/3 3:04:05,b\r\n\r\n3,,\"\"\r\n4,x,𠮷\r\n");
        int accepted = 0, refused = 0;
        for (var round = 0; round < Rounds(20_000); round++)
        {
            var bytes = Mutate(random, valid, CsvPieces);
            if (Read(bytes) is not { } table)
            {
                refused++;
                Assert.True(SlowCsv.Parse(bytes) is not { } slow || !HeaderIsSound(slow), $"refused in vain, round {round}: {Convert.ToHexString(bytes)}");
                continue;
            }

            accepted++;
            var expected = SlowCsv.Parse(bytes);
            Assert.True(expected is not null, $"accepted in vain, round {round}: {Convert.ToHexString(bytes)}");
            CheckRows(table.Columns, table.Rows);
            var wanted = expected.Index().Skip(1).Where(pair => pair.Item.Any(cell => !string.IsNullOrWhiteSpace(cell))).ToList();
            Assert.Equal(wanted.Select(pair => pair.Index + 1L), table.Rows.Select(row => row.Number));
            foreach (var (row, record) in table.Rows.Zip(wanted)) Assert.Equal(record.Item.Take(row.Cells.Count), row.Texts());
        }

        output.WriteLine($"{accepted} accepted, {refused} refused");
        Assert.True(accepted > 1_000 && refused > 1_000, $"{accepted} accepted, {refused} refused");
    }

    [Fact]
    public void Changed_workbooks_are_refused_or_read_as_sound_rows()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var valid = Workbooks.Make(["id", "time", "body"], ["1", new DateTime(2026, 1, 2, 3, 4, 5), "路灯坏了"], [2.0, "2026/1/3 3:04:05", "b"], ["3", null, new Workbooks.Formula("1+1", "2")]);
        int accepted = 0, refused = 0;
        for (var round = 0; round < Rounds(1_500); round++)
        {
            // The packing is changed in one half, the sheet or the styles inside it in the other.
            var bytes = round % 2 == 0
                ? Mutate(random, valid, [])
                : Workbooks.Change(valid, round % 10 == 1 ? part => part.EndsWith("styles.xml", StringComparison.Ordinal) : Workbooks.IsSheet, part => Mutate(random, part, XmlPieces));
            if (Read(bytes) is not { } table)
            {
                refused++;
                continue;
            }

            accepted++;
            CheckRows(table.Columns, table.Rows);
        }

        output.WriteLine($"{accepted} accepted, {refused} refused");
        Assert.True(accepted > 50 && refused > 50, $"{accepted} accepted, {refused} refused");
    }

    private static (IReadOnlyList<string> Columns, List<TableRow> Rows)? Read(byte[] bytes)
    {
        try
        {
            return TableText.Read(bytes);
        }
        catch (InputFileException)
        {
            return null;
        }
    }

    private static bool HeaderIsSound(List<string[]> records)
    {
        if (records.Count == 0) return false;
        var names = records[0].Select(cell => cell.Trim()).ToList();
        while (names.Count > 0 && names[^1].Length == 0) names.RemoveAt(names.Count - 1);
        return names.Count > 0 && names.All(name => name.Length > 0) && names.Distinct(StringComparer.Ordinal).Count() == names.Count;
    }

    /// <summary>What holds of every table, and of every row as the hotline's door takes it.</summary>
    private static void CheckRows(IReadOnlyList<string> columns, List<TableRow> rows)
    {
        Assert.NotEmpty(columns);
        Assert.Equal(columns.Count, columns.Distinct(StringComparer.Ordinal).Count());
        var reader = columns.Contains("id") && columns.Contains("body") && columns.Contains("time")
            ? new HotlineRow(new ColumnMap("fuzz", "id", "body", new ReceivedColumn("time", ["yyyy/M/d H:mm:ss"])), columns, Office, TempOffice.Now)
            : null;
        long last = 1;
        foreach (var row in rows)
        {
            Assert.True(row.Number > last);
            last = row.Number;
            Assert.Contains(row.Cells, cell => !cell.IsEmpty);
            if (reader is null) continue;
            var (letter, refusal) = reader.Read(row);
            Assert.True(letter is null != refusal is null);
            if (letter is null) continue;
            Assert.Equal(columns.Count, row.Cells.Count);
            Assert.Null(letter.Problem());
            Assert.False(letter.Publish);
            Assert.InRange(letter.Arrived, DateTimeOffset.UnixEpoch, TempOffice.Now.AddDays(1));
        }
    }

    private static Office Office { get; } = new(
        new OfficeSettings(new Name("", ""), "Asia/Shanghai", "", 0.5, 15, 24, 36), [], [], new SubjectScheme([]),
        new WorkingCalendar(NodaTime.DateTimeZoneProviders.Tzdb["Asia/Shanghai"], new Dictionary<DateOnly, DayKind>()));

    private static byte[] Mutate(Random random, byte[] valid, string[] pieces)
    {
        var bytes = new List<byte>(valid);
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var count = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveRange(at, count); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - count + 1), count)); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                default:
                    if (pieces.Length == 0) bytes[at] = (byte)random.Next(256);
                    else bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }
}
