using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Opinion.Ingest.Tests.Tables;

/// <summary>Makes workbooks as an office's spreadsheet would. A cell is null, a string, a number, a DateTime or a <see cref="Formula"/>.</summary>
internal static class Workbooks
{
    /// <summary>A formula with the value saved with it; null where none was.</summary>
    public sealed record Formula(string Text, string? Saved);

    public static byte[] Make(params object?[][] rows) => Make([("Sheet1", rows)]);

    public static byte[] Make((string Name, object?[][] Rows)[] sheets)
    {
        using var bytes = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(bytes, SpreadsheetDocumentType.Workbook))
        {
            var book = document.AddWorkbookPart();
            book.Workbook = new Workbook(new Sheets());
            var styles = book.AddNewPart<WorkbookStylesPart>();
            styles.Stylesheet = new Stylesheet(
                new Fonts(new Font()), new Fills(new Fill()), new Borders(new Border()), new CellStyleFormats(new CellFormat()),
                new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = 22, ApplyNumberFormat = true }));
            foreach (var (name, rows) in sheets)
            {
                var part = book.AddNewPart<WorksheetPart>();
                var data = new SheetData();
                part.Worksheet = new Worksheet(data);
                foreach (var cells in rows) data.Append(new Row(cells.Select(CellOf)));
                var list = book.Workbook.Sheets!;
                list.Append(new Sheet { Name = name, SheetId = (uint)list.ChildElements.Count + 1, Id = book.GetIdOfPart(part) });
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Packs the parts of a workbook again with one of them changed.</summary>
    public static byte[] Change(byte[] workbook, Func<string, bool> which, Func<byte[], byte[]> change)
    {
        using var result = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(workbook), ZipArchiveMode.Read))
        using (var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                using var unpacked = new MemoryStream();
                using (var stream = entry.Open()) stream.CopyTo(unpacked);
                using var packed = to.CreateEntry(entry.FullName).Open();
                packed.Write(which(entry.FullName) ? change(unpacked.ToArray()) : unpacked.ToArray());
            }
        }

        return result.ToArray();
    }

    /// <summary>The same for a sheet's XML.</summary>
    public static byte[] ChangeSheet(byte[] workbook, Func<string, string> change) =>
        Change(workbook, IsSheet, bytes => Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes))));

    public static bool IsSheet(string part) => part.Contains("worksheets/sheet", StringComparison.Ordinal);

    private static Cell CellOf(object? value) => value switch
    {
        null => new Cell(),
        string text => new Cell { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(text) { Space = SpaceProcessingModeValues.Preserve }) },
        double number => new Cell { CellValue = new CellValue(number) },
        DateTime moment => new Cell { StyleIndex = 1, CellValue = new CellValue(moment.ToOADate()) },
        Formula formula => new Cell { DataType = CellValues.String, CellFormula = new CellFormula(formula.Text), CellValue = formula.Saved is null ? null : new CellValue(formula.Saved) },
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
