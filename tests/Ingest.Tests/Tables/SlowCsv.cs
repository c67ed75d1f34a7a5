using System.Text;

namespace Opinion.Ingest.Tests.Tables;

/// <summary>RFC 4180 read one character at a time: slow, simple, and independent of what it checks.</summary>
internal static class SlowCsv
{
    /// <summary>All records, or null where the bytes are no UTF-8 or a quotation mark is out of place.</summary>
    public static List<string[]>? Parse(byte[] bytes)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        if (text.StartsWith('\uFEFF')) text = text[1..];
        var records = new List<string[]>();
        for (var at = 0; at < text.Length;)
        {
            if (ReadRecord(text, ref at) is not { } record) return null;
            records.Add(record);
        }

        return records;
    }

    private static string[]? ReadRecord(string text, ref int at)
    {
        var cells = new List<string>();
        while (true)
        {
            if (ReadCell(text, ref at) is not { } cell) return null;
            cells.Add(cell);
            if (at == text.Length) return [.. cells];
            if (text[at] == ',')
            {
                at++;
                continue;
            }

            at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
            return [.. cells];
        }
    }

    private static string? ReadCell(string text, ref int at)
    {
        var cell = new StringBuilder();
        if (at < text.Length && text[at] == '"')
        {
            at++;
            while (true)
            {
                if (at == text.Length) return null;
                if (text[at] != '"') cell.Append(text[at++]);
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    cell.Append('"');
                    at += 2;
                }
                else
                {
                    at++;
                    return at == text.Length || text[at] is ',' or '\r' or '\n' ? cell.ToString() : null;
                }
            }
        }

        while (at < text.Length && text[at] is not (',' or '\r' or '\n'))
        {
            if (text[at] == '"') return null;
            cell.Append(text[at++]);
        }

        return cell.ToString();
    }
}
