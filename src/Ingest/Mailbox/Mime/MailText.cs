using System.Text;

namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>A file that came with a mail.</summary>
/// <param name="Name">Its name as the mail says; null where it has none.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record MailFile(string? Name, ReadOnlyMemory<byte> Content);

/// <summary>
/// What of a mail is the letter's text and what are files beside it. Of alternatives the plain text is read, or the HTML where
/// there is no other; texts that follow each other belong together; a winmail.dat is opened where it can be.
/// </summary>
/// <param name="Text">The text; may be empty.</param>
/// <param name="Files">The files.</param>
internal sealed record MailText(string Text, IReadOnlyList<MailFile> Files)
{
    /// <summary>Reads text and files of a mail.</summary>
    public static MailText Of(MimePart mail)
    {
        var files = new List<MailFile>();
        var texts = new List<string>();
        var spare = new List<string>();
        Take(mail, texts, files, spare);
        // Some programs put the words into winmail.dat, or into a forwarded mail, alone.
        var words = texts.Count > 0 ? texts : spare;
        return new MailText(string.Join("\n\n", words), files);
    }

    private static void Take(MimePart part, List<string> texts, List<MailFile> files, List<string> spare)
    {
        switch (part.MediaType)
        {
            case "multipart/alternative" when part.Parts.Count > 0:
                TakeBest(part.Parts, texts, files, spare);
                break;
            case "multipart/signed" when part.Parts.Count > 0:
                // The signature itself is nothing to read.
                Take(part.Parts[0], texts, files, spare);
                break;
            default:
                if (part.Parts.Count > 0)
                {
                    foreach (var child in part.Parts) Take(child, texts, files, spare);
                }
                else
                {
                    TakeOne(part, texts, files, spare);
                }

                break;
        }
    }

    private static void TakeBest(IReadOnlyList<MimePart> alternatives, List<string> texts, List<MailFile> files, List<string> spare)
    {
        var found = new List<(bool Plain, List<string> Texts, List<MailFile> Files)>();
        foreach (var part in alternatives)
        {
            var (own, ownFiles) = (new List<string>(), new List<MailFile>());
            Take(part, own, ownFiles, spare);
            found.Add((part.MediaType == "text/plain", own, ownFiles));
            // Files hang on one of the alternatives, mostly the last; none is lost.
            files.AddRange(ownFiles);
        }

        var best = found.Where(alternative => alternative.Texts.Count > 0).OrderByDescending(alternative => alternative.Plain).FirstOrDefault();
        if (best.Texts is not null) texts.AddRange(best.Texts);
    }

    private static void TakeOne(MimePart part, List<string> texts, List<MailFile> files, List<string> spare)
    {
        var attached = part.Disposition.Value == "attachment";
        if (IsTnef(part))
        {
            if (TnefFile.Read(part.Content()) is { } tnef)
            {
                if (!string.IsNullOrWhiteSpace(tnef.Text)) spare.Add(tnef.Text);
                files.AddRange(tnef.Files);
                if (tnef.Text is null && tnef.Files.Count == 0) files.Add(new MailFile(part.FileName ?? "winmail.dat", part.Content()));
            }
            else
            {
                files.Add(new MailFile(part.FileName ?? "winmail.dat", part.Content()));
            }
        }
        else if (part.MediaType == "text/plain" && !attached && part.FileName is null)
        {
            Add(texts, Flowed(part));
        }
        else if (part.MediaType == "text/html" && !attached && part.FileName is null)
        {
            Add(texts, HtmlText.Of(part.Text()));
        }
        else if (part.MediaType is "message/rfc822")
        {
            if (part.Body.Length > 0)
            {
                var inner = MimeReader.Read(part.Content());
                // One level: a mail in a mail in a mail is a file.
                if (FirstText(inner) is { } words) spare.Add(words);
            }

            files.Add(new MailFile(part.FileName ?? "mail.eml", part.Content()));
        }
        else if (part.Body.Length > 0)
        {
            files.Add(new MailFile(part.FileName, part.Content()));
        }
    }

    private static string? FirstText(MimePart part)
    {
        if (part.Parts.Count > 0) return part.Parts.Select(FirstText).FirstOrDefault(text => text is not null);
        if (part.Disposition.Value == "attachment" || part.FileName is not null) return null;
        var text = part.MediaType == "text/plain" ? part.Text().Trim() : part.MediaType == "text/html" ? HtmlText.Of(part.Text()) : "";
        return text.Length > 0 ? text : null;
    }

    private static bool IsTnef(MimePart part) => part.MediaType is "application/ms-tnef" or "application/vnd.ms-tnef" || string.Equals(part.FileName, "winmail.dat", StringComparison.OrdinalIgnoreCase);

    private static void Add(List<string> texts, string text)
    {
        if (text.Trim() is { Length: > 0 } words) texts.Add(words);
    }

    // RFC 3676: lines that end in a blank go on in the next; "-- " is a signature's line and never does.
    private static string Flowed(MimePart part)
    {
        var text = part.Text();
        if (!string.Equals(part.Type["format"], "flowed", StringComparison.OrdinalIgnoreCase)) return text;
        var joined = new StringBuilder(text.Length);
        var drop = string.Equals(part.Type["delsp"], "yes", StringComparison.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n'))
        {
            var words = line.StartsWith(' ') ? line[1..] : line;
            if (words.EndsWith(' ') && words != "-- ") joined.Append(drop ? words.AsSpan(0, words.Length - 1) : words);
            else joined.Append(words).Append('\n');
        }

        return joined.ToString();
    }
}
