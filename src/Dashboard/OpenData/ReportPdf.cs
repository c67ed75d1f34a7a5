using System.Globalization;
using Opinion.Desk.Offices;
using Opinion.Desk.Reports;
using SkiaSharp;

namespace Opinion.Dashboard.OpenData;

/// <summary>A released report as PDF on A4, with a Chinese font of the machine embedded; a bar beside each count is the chart.</summary>
public static class ReportPdf
{
    private const float Width = 595, Height = 842, Margin = 48, Size = 9.5f, Line = 15, Name = 235, Value = 60;

    // Faces of Debian's packages fonts-noto-cjk and fonts-wqy-microhei; the number is the simplified Chinese one of the collection.
    private static readonly (string Path, int Face)[] Fonts =
    [
        ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
        ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ];

    /// <summary>Whether the machine has a font to write it in.</summary>
    public static bool IsPossible => Found.Path is not null;

    private static (string? Path, int Face) Found => Fonts.FirstOrDefault(font => File.Exists(font.Path));

    /// <summary>Writes it.</summary>
    /// <param name="report">The released report.</param>
    /// <param name="office">The office whose names stand in it.</param>
    /// <exception cref="InvalidOperationException">No Chinese font is installed; the message names the package.</exception>
    public static byte[] Of(Report report, Office office)
    {
        if (Found is not { Path: { } path, Face: var number }) throw new InvalidOperationException("No Chinese font is installed; Debian's package fonts-noto-cjk has one.");
        using var face = SKTypeface.FromFile(path, number);
        using var stream = new MemoryStream();
        var released = report.Released.UtcDateTime;
        using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Title = $"{office.Settings.Name.Zh} {report.Week}", Creation = released, Modified = released }))
        {
            using var sheet = new Sheet(document, face, report.Week);
            sheet.Write($"{office.Settings.Name.Zh} 周报 {report.Week}", 17, 27);
            sheet.Write($"{office.Settings.Name.En}, weekly report", 11, 18);
            sheet.Write(released.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC。" + Both(ReportNames.Rounding), Size, Line);
            sheet.Heading("数字与算法 Figures and formulas");
            foreach (var measure in report.Measures) sheet.Row(Both(ReportNames.Measure(measure.Name)), ReportNames.Shown(measure.Value), Both(ReportNames.Formula(measure)), 0);
            foreach (var table in report.Tables)
            {
                sheet.Heading(Both(ReportNames.Table(table.Name)));
                var most = table.Rows.Max(row => row.Count) ?? 0;
                foreach (var row in table.Rows) sheet.Row(Both(ReportNames.Row(office, table.Name, row)), ReportNames.Shown(row.Count), row.State ?? "", most == 0 ? 0 : (float)(row.Count ?? 0) / most);
            }

            sheet.Heading("勘误 Errata");
            foreach (var erratum in report.Errata.DefaultIfEmpty("无 None")) sheet.Write(erratum, Size, Line);
            sheet.End();
            document.Close();
        }

        return stream.ToArray();
    }

    private static string Both(Name name) => name.Zh == name.En ? name.Zh : $"{name.Zh} {name.En}";

    private sealed class Sheet(SKDocument document, SKTypeface face, string week) : IDisposable
    {
        private readonly SKPaint _ink = new() { Color = SKColors.Black, IsAntialias = true };
        private readonly SKPaint _bar = new() { Color = new SKColor(0x4a, 0x7a, 0xb5) };
        private readonly Dictionary<float, SKFont> _sizes = [];
        private SKCanvas? _canvas;
        private float _y;
        private int _page;

        public void Heading(string words)
        {
            if (_y > Height - Margin - (5 * Line)) End();
            _y += Line / 2;
            Write(words, 12, 20);
        }

        public void Write(string words, float size, float line)
        {
            foreach (var part in Wrap(words, size, Width - (2 * Margin)))
            {
                Room(line);
                Put(part, Margin, size);
            }
        }

        public void Row(string name, string value, string note, float share)
        {
            var names = Wrap(name, Size, Name - 8);
            var notes = Wrap(note, Size - 1.5f, Width - (2 * Margin) - Name - Value);
            for (var i = 0; i < Math.Max(names.Count, notes.Count); i++)
            {
                Room(Line);
                if (i < names.Count) Put(names[i], Margin, Size);
                if (i == 0) _canvas!.DrawText(value, Margin + Name + Value - 10, _y, SKTextAlign.Right, Font(Size), _ink);
                if (i == 0 && share > 0) _canvas!.DrawRect(Margin + Name + Value, _y - 8, share * (Width - (2 * Margin) - Name - Value), 9, _bar);
                if (i < notes.Count) Put(notes[i], Margin + Name + Value, Size - 1.5f);
            }
        }

        public void End()
        {
            if (_canvas is null) return;
            _canvas.DrawText($"{week} · {_page.ToString(CultureInfo.InvariantCulture)}", Width / 2, Height - 24, SKTextAlign.Center, Font(8), _ink);
            document.EndPage();
            _canvas = null;
        }

        public void Dispose()
        {
            foreach (var font in _sizes.Values) font.Dispose();
            _ink.Dispose();
            _bar.Dispose();
        }

        private void Room(float line)
        {
            if (_canvas is not null && _y + line > Height - Margin) End();
            if (_canvas is null)
            {
                _canvas = document.BeginPage(Width, Height);
                _page++;
                _y = Margin;
            }

            _y += line;
        }

        private void Put(string words, float x, float size) => _canvas!.DrawText(words, x, _y, SKTextAlign.Left, Font(size), _ink);

        private SKFont Font(float size) => _sizes.TryGetValue(size, out var font) ? font : _sizes[size] = new SKFont(face, size);

        // Chinese breaks anywhere; English between words.
        private List<string> Wrap(string words, float size, float width)
        {
            var lines = new List<string>();
            for (var rest = words.Trim(); rest.Length > 0;)
            {
                var fits = Math.Max(1, Font(size).BreakText(rest, width));
                if (fits < rest.Length)
                {
                    if (char.IsHighSurrogate(rest[fits - 1]) && fits > 1) fits--;
                    if (char.IsAsciiLetterOrDigit(rest[fits]) && char.IsAsciiLetterOrDigit(rest[fits - 1]) && rest.LastIndexOf(' ', fits - 1) is > 0 and int space) fits = space;
                }

                lines.Add(rest[..fits].TrimEnd());
                rest = rest[fits..].TrimStart();
            }

            return lines;
        }
    }
}
