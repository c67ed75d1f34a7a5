using System.Text;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Tests.Tables;

/// <summary>Reads whole tables for tests.</summary>
internal static class TableText
{
    public static (IReadOnlyList<string> Columns, List<TableRow> Rows) Read(byte[] bytes, TableOptions? options = null)
    {
        using var table = Table.Open(new MemoryStream(bytes), "calls", options ?? new TableOptions(), CancellationToken.None);
        return (table.Columns, table.ReadRows(CancellationToken.None).ToList());
    }

    public static (IReadOnlyList<string> Columns, List<TableRow> Rows) Read(string csv) => Read(Encoding.UTF8.GetBytes(csv));

    public static InputFileException Refused(byte[] bytes, TableOptions? options = null) => Assert.Throws<InputFileException>(() => Read(bytes, options));

    public static InputFileException Refused(string csv) => Refused(Encoding.UTF8.GetBytes(csv));

    public static string[] Texts(this TableRow row) => [.. row.Cells.Select(cell => cell.Text)];
}
