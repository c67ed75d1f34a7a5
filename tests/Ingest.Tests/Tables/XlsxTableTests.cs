using System.IO.Compression;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Tests.Tables;

public class XlsxTableTests
{
    private static readonly byte[] Small = Workbooks.Make(["id", "body", "time"], ["1", "路灯不亮", new DateTime(2026, 3, 5, 14, 30, 15)], [2.0, "b", null]);

    [Fact]
    public void Text_numbers_and_dates_are_read()
    {
        var (columns, rows) = TableText.Read(Workbooks.Make(
            ["id", "body", "time"], ["1", "路灯不亮", new DateTime(2026, 3, 5, 14, 30, 15)], [13800006001.0, "b", null], [], [0.5, " c ", "x"]));
        Assert.Equal(["id", "body", "time"], columns);
        Assert.Equal([2L, 3L, 5L], rows.Select(row => row.Number));
        Assert.Equal(new DateTime(2026, 3, 5, 14, 30, 15), rows[0].Cells[2].WallClock);
        Assert.Equal("2026-03-05 14:30:15", rows[0].Cells[2].Text);
        Assert.Equal(["13800006001", "b", ""], rows[1].Texts());
        Assert.Equal(["0.5", " c ", "x"], rows[2].Texts());
    }

    [Fact]
    public void A_formula_is_the_value_saved_with_it_and_a_cell_that_looks_like_one_is_text()
    {
        var (_, rows) = TableText.Read(Workbooks.Make(
            ["id", "body"], ["1", new Workbooks.Formula("1+1", "saved")], ["2", "=1+1"], ["3", "@x"], ["4", "-1"], ["5", "+1"], ["6", new Workbooks.Formula("1+1", null)]));
        Assert.Equal(["saved", "=1+1", "@x", "-1", "+1", ""], rows.Select(row => row.Cells[1].Text));
    }

    [Fact]
    public void The_first_sheet_is_read_or_the_one_that_is_named()
    {
        var book = Workbooks.Make([("说明", [["note"], ["x"]]), ("来电", [["id", "body"], ["1", "a"]])]);
        Assert.Equal(["note"], TableText.Read(book).Columns);
        Assert.Equal(["id", "body"], TableText.Read(book, new TableOptions(Sheet: "来电")).Columns);
        Assert.Contains("说明, 来电", TableText.Refused(book, new TableOptions(Sheet: "no")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bytes_decide_the_kind_of_file()
    {
        var path = Path.GetTempFileName() + ".csv";
        File.WriteAllBytes(path, Small);
        try
        {
            using var table = Table.Open(path, new TableOptions(), CancellationToken.None);
            Assert.Equal(2, table.ReadRows(CancellationToken.None).Count());
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains("old or an encrypted", TableText.Refused([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_stand_twice_or_have_no_name_are_named()
    {
        Assert.Contains("id", TableText.Refused(Workbooks.Make(["id", "body", "id"])).Message, StringComparison.Ordinal);
        Assert.Contains("counted from 1): 2", TableText.Refused(Workbooks.Make(["id", null, "body"])).Message, StringComparison.Ordinal);
        Assert.Equal(["id", "body"], TableText.Read(Workbooks.Make(["id", "body", null, ""])).Columns);
        Assert.Contains("empty", TableText.Refused(Workbooks.Make()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_workbook_is_refused()
    {
        byte[][] broken =
        [
            Small[..(Small.Length / 2)], Small[..200], "PK\x03\x04"u8.ToArray(), "PK\x05\x06"u8.ToArray(),
            [.. "PK\x03\x04"u8, .. new byte[5_000]],
            Workbooks.ChangeSheet(Small, xml => xml[..(xml.Length / 2)]),
            Workbooks.Change(Small, part => part.EndsWith("workbook.xml", StringComparison.Ordinal), _ => "not xml"u8.ToArray()),
        ];
        foreach (var bytes in broken) Assert.Contains("broken", TableText.Refused(bytes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_type_is_refused()
    {
        var bytes = Workbooks.ChangeSheet(Small, xml => "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + xml[(xml.IndexOf("?>", StringComparison.Ordinal) + 2)..]);
        Assert.Contains("broken", TableText.Refused(bytes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "times its size")]
    [InlineData(300, "")]
    public void A_workbook_that_unpacks_without_end_is_refused(int mebibytes, string reason)
    {
        var bytes = Bomb(mebibytes);
        Assert.InRange(bytes.Length, 1, 2 << 20);
        var error = TableText.Refused(bytes);
        Assert.Contains("broken: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_unpacked_bytes_are_limited_however_well_they_are_packed()
    {
        // Beside the zeros lies enough noise that the ratio is an honest one.
        var error = TableText.Refused(Bomb(256, noise: 3 << 20));
        Assert.Contains("larger than 256 MiB", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r=\"2000000000\"")]
    [InlineData("r=\"1048577\"")]
    public void A_row_far_below_is_refused(string reference)
    {
        var bytes = Workbooks.ChangeSheet(Small, xml => Numbered(xml).Replace("<x:row r=\"3\"", "<x:row " + reference, StringComparison.Ordinal));
        Assert.Contains("rows", TableText.Refused(bytes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ZZZZZ2")]
    [InlineData("XFE2")]
    public void A_column_far_to_the_right_is_refused(string reference)
    {
        var bytes = Workbooks.ChangeSheet(Small, xml => Numbered(xml).Replace("<x:c t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">b<", $"<x:c r=\"{reference}\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">b<", StringComparison.Ordinal));
        TableText.Refused(bytes);
    }

    [Fact]
    public void A_huge_grid_of_nothing_is_refused()
    {
        var bytes = Workbooks.ChangeSheet(Small, xml => Numbered(xml).Replace("<x:row r=\"3\"><x:c>", "<x:row r=\"1000000\"><x:c r=\"XFA1000000\">", StringComparison.Ordinal));
        Assert.Contains("grid", TableText.Refused(bytes).Message, StringComparison.Ordinal);
    }

    private static string Numbered(string xml)
    {
        for (var i = 1; i <= 3; i++)
        {
            var at = xml.IndexOf("<x:row>", StringComparison.Ordinal);
            Assert.True(at > 0, xml);
            xml = string.Concat(xml.AsSpan(0, at), $"<x:row r=\"{i}\">", xml.AsSpan(at + "<x:row>".Length));
        }

        return xml;
    }

    private static byte[] Bomb(int mebibytes, int noise = 0)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Small);
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Update, leaveOpen: true))
        {
            if (noise > 0)
            {
                var random = new byte[noise];
                new Random(1).NextBytes(random);
                using var part = zip.CreateEntry("xl/media/noise.bin").Open();
                part.Write(random);
            }
        }

        using var result = new MemoryStream();
        using (var from = new ZipArchive(bytes, ZipArchiveMode.Read))
        using (var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                using var packed = to.CreateEntry(entry.FullName).Open();
                using var unpacked = entry.Open();
                unpacked.CopyTo(packed);
            }

            using var zeros = to.CreateEntry("xl/media/zeros.bin", CompressionLevel.Optimal).Open();
            var block = new byte[1 << 20];
            for (var i = 0; i < mebibytes; i++) zeros.Write(block);
        }

        return result.ToArray();
    }
}
