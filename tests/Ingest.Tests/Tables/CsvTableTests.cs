using System.Text;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Tests.Tables;

public class CsvTableTests
{
    [Fact]
    public void Rows_carry_the_number_a_spreadsheet_shows_and_empty_ones_are_left_out()
    {
        var (columns, rows) = TableText.Read("id,body\r\n1,\"two\r\nlines, and a \"\"quote\"\"\"\r\n\r\n,\r\n2,路灯\n");
        Assert.Equal(["id", "body"], columns);
        Assert.Equal([2L, 5L], rows.Select(row => row.Number));
        Assert.Equal(["1", "two\r\nlines, and a \"quote\""], rows[0].Texts());
        Assert.Equal(["2", "路灯"], rows[1].Texts());
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_column()
    {
        var (columns, rows) = TableText.Read([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("\"id\",body\n1,x\n")]);
        Assert.Equal(["id", "body"], columns);
        Assert.Single(rows);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void An_empty_file_is_refused(string text) => Assert.Contains("empty", TableText.Refused(text).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\n1,2\n", 1, "no column names")]
    [InlineData("id,body,id,body\n", 1, "id, body")]
    [InlineData("id,,body\n", 1, "counted from 1): 2")]
    [InlineData("id,body\n1,a\n2,\"never closed\n3,b\n", 3, "quotation mark")]
    [InlineData("id,body\n1,a\n2,in \"the\" middle\n", 3, "quotation mark")]
    [InlineData("id,body\n1,\"a\"b\n", 2, "quotation mark")]
    [InlineData("id,body\n1,\"a\"\"\n2,b\n", 2, "quotation mark")]
    public void What_is_broken_is_named_with_its_row(string csv, int row, string reason)
    {
        var error = TableText.Refused(csv);
        Assert.Equal(row, error.Row);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("calls, row ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_that_swallows_the_file_is_refused_before_it_fills_the_memory()
    {
        var error = TableText.Refused("id,body\n1,\"" + new string('x', Table.CellLimit + 10) + "\"\n");
        Assert.Equal(2, error.Row);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    public void Bytes_that_are_no_UTF8_are_refused_with_their_row(int rowsBefore)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes("id,body\n"));
        for (var i = 0; i < rowsBefore; i++) bytes.AddRange(Encoding.UTF8.GetBytes($"{i},一封来信\n"));
        bytes.AddRange([(byte)'x', (byte)',', 0xC3, 0x28, (byte)'\n', (byte)'y', (byte)',', (byte)'z', (byte)'\n']);
        var error = TableText.Refused([.. bytes]);
        Assert.Equal(rowsBefore + 2, error.Row);
        Assert.Contains("gb18030", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_at_the_end_is_refused() => Assert.Equal(2, TableText.Refused([.. Encoding.UTF8.GetBytes("id,body\n1,路"), 0xE8, 0xB7]).Row);

    [Fact]
    public void GB18030_is_read_when_asked_for_and_only_then()
    {
        Assert.NotNull(Table.Encodings); // the table's own start registers the code pages
        foreach (var name in new[] { "gb18030", "gbk" })
        {
            var bytes = Encoding.GetEncoding(name).GetBytes("编号,内容\n1,路灯不亮，请修理。\n");
            var (columns, rows) = TableText.Read(bytes, new TableOptions(name));
            Assert.Equal(["编号", "内容"], columns);
            Assert.Equal("路灯不亮，请修理。", Assert.Single(rows).Cells[1].Text);
            Assert.Equal(1, TableText.Refused(bytes).Row);
        }

        // A character that GBK lacks.
        var beyond = TableText.Read(Encoding.GetEncoding("gb18030").GetBytes("id,body\n1,𠮷\n"), new TableOptions("gb18030"));
        Assert.Equal("𠮷", Assert.Single(beyond.Rows).Cells[1].Text);
        Assert.Equal(3, TableText.Refused([.. Encoding.ASCII.GetBytes("id,body\n1,a\n2,"), 0xFF, 0xFF, (byte)'\n'], new TableOptions("gb18030")).Row);
    }

    [Fact]
    public void A_row_of_another_width_is_given_as_it_stands()
    {
        var (_, rows) = TableText.Read("a,b,,\n1\n1,2,,\n1,2,3\n");
        Assert.Equal([1, 2, 3], rows.Select(row => row.Cells.Count));
    }
}
