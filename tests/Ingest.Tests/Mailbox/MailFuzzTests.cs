using System.Diagnostics;
using System.Text;
using Opinion.Desk.Letters;
using Opinion.Ingest.Mailbox;
using Opinion.Ingest.Mailbox.Mime;
using Xunit.Abstractions;

namespace Opinion.Ingest.Tests.Mailbox;

/// <summary>
/// Changes recorded mails at random under a fixed printed seed: nothing but <see cref="MailUnreadableException"/> may come
/// out, and what is read can stand in a letter. Hostile mails are read in a time that grows with their length.
/// </summary>
public class MailFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20261125;

    private static readonly byte[][] Pieces =
    [
        .. new[] { "\r\n", "\n", "\r\n\r\n", "--", "--outer\r\n", "--outer--\r\n", "--m--\r\n", "=?utf-8?B?", "?=", "=", "\0", ";", "\"", "(", ")", "<", ">", ",", ":", "boundary=\"\"", "boundary=\"outer\"",
            "Content-Type: multipart/mixed; boundary=outer\r\n", "Content-Type: message/rfc822\r\n\r\n", "Content-Transfer-Encoding: base64\r\n", "charset=utf-16", "charset=utf-7", "charset=iso-2022-jp", "filename*0*=", "<script>", "&#0;", "&#xD800;", "<!--", "]]>" }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0x81], [0xC4, 0xE3], [0xED, 0xA0, 0x80], [0x78, 0x9F, 0x3E, 0x22],
    ];

    private static int Rounds(int usual) => Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? usual * 20 : usual;

    [Fact]
    public void Changed_mails_are_read_or_refused_and_nothing_else()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var mails = RecordedMails.Expected.Keys.Order(StringComparer.Ordinal).Select(RecordedMails.Bytes).ToList();
        int read = 0, letters = 0;
        for (var round = 0; round < Rounds(6_000); round++)
        {
            var bytes = Mutate(random, mails);
            try
            {
                var mail = RecordedMails.Read(bytes);
                read++;
                if (mail.Kind != MailKind.Letter) continue;
                letters++;
                foreach (var text in new[] { mail.Subject, mail.Text, mail.Name ?? "" })
                    Assert.True(LetterText.Check(text, int.MaxValue, required: false) is null, $"round {round}: {Convert.ToHexString(bytes)}");
                Assert.DoesNotContain('\n', mail.Subject);
                // Decoding makes nothing larger than it came, but for a mail in a mail, which is there as a file and inside it.
                Assert.True(mail.Files.Sum(file => (long)file.Content.Length) <= 2L * bytes.Length, $"round {round}");
                Assert.Equal(mail.Key, RecordedMails.Read(bytes).Key);
            }
            catch (Exception error) when (error is not (MailUnreadableException or Xunit.Sdk.XunitException))
            {
                Assert.Fail($"round {round}, {error}: {Convert.ToHexString(bytes)}");
            }
            catch (MailUnreadableException)
            {
                // Refused, as it may be.
            }
        }

        output.WriteLine($"{read} read, {letters} letters");
        Assert.InRange(letters, 500, int.MaxValue);
    }

    [Fact]
    public void A_mail_cut_off_anywhere_is_read_or_refused()
    {
        var bytes = RecordedMails.Bytes("nested");
        var read = 0;
        for (var length = 0; length <= bytes.Length; length++)
        {
            RecordedMails.Read(bytes.AsMemory(0, length));
            read++;
        }

        Assert.InRange(read, 500, 10_000);
    }

    [Theory]
    [InlineData(MimeReader.MostDepth - 1, null)]
    [InlineData(MimeReader.MostDepth + 1, MailProblem.NestedTooDeeply)]
    [InlineData(5_000, MailProblem.NestedTooDeeply)]
    public void Parts_in_each_other_have_an_end(int depth, MailProblem? problem)
    {
        var mail = new StringBuilder("From: a@mail.example\r\nSubject: deep\r\n");
        for (var i = 0; i < depth; i++) mail.Append(System.Globalization.CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=\"b{i}\"\r\n\r\n--b{i}\r\n");
        mail.Append("\r\nwords at the bottom\r\n");
        var bytes = Encoding.ASCII.GetBytes(mail.ToString());
        if (problem is null) Assert.Equal("words at the bottom", RecordedMails.Read(bytes).Text);
        else Assert.Equal(problem, Assert.Throws<MailUnreadableException>(() => RecordedMails.Read(bytes)).Problem);
    }

    [Fact]
    public void Too_many_parts_and_too_long_headers_are_refused()
    {
        var parts = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", MimeReader.MostParts + 1));
        Assert.Equal(MailProblem.TooManyParts, Assert.Throws<MailUnreadableException>(() => RecordedMails.Read(Encoding.ASCII.GetBytes(parts))).Problem);
        foreach (var headers in new[] { "Subject: " + new string('x', 300_000) + "\r\n\r\n", string.Concat(Enumerable.Repeat("X: y\r\n", 2_000)) + "\r\n" })
            Assert.Equal(MailProblem.HeadersTooLong, Assert.Throws<MailUnreadableException>(() => RecordedMails.Read(Encoding.ASCII.GetBytes(headers))).Problem);
    }

    // Each of these takes minutes or all memory where a reader looks back for every line, word or tag.
    [Theory]
    [InlineData("boundaries", "Content-Type: multipart/mixed; boundary=\"aaaa\"\r\n\r\n", "--aaab\r\n", 8_000_000)]
    [InlineData("guesses", "Content-Type: multipart/mixed; boundary=\"never\"\r\n\r\n", "--x\r\nContent-Type: multipart/mixed; boundary=\"never\"\r\n\r\n", 8_000_000)]
    [InlineData("words", "Subject: ", "=?a?q?", 200_000)]
    [InlineData("comments", "From: ", "(", 200_000)]
    [InlineData("parameters", "Content-Type: text/plain", "; a*1*=%41", 200_000)]
    [InlineData("references", "From: a@b.example\r\nReferences: ", "0123456789abcdef0123456789abcdef@", 200_000)]
    [InlineData("formatting", "Content-Type: text/html\r\n\r\n", "<font a=1><p>", 900_000)]
    [InlineData("tags", "Content-Type: text/html\r\n\r\n", "<", 900_000)]
    [InlineData("entities", "Content-Type: text/html\r\n\r\n", "&a", 900_000)]
    [InlineData("comment ends", "Content-Type: text/html\r\n\r\n", "<!--", 900_000)]
    [InlineData("scripts", "Content-Type: text/html\r\n\r\n", "<script><!--<script>", 900_000)]
    [InlineData("soft breaks", "Content-Transfer-Encoding: quoted-printable\r\n\r\n", "=      ", 8_000_000)]
    [InlineData("froms", "From: a@b.example\r\n\r\n", "From: x\r\n", 8_000_000)]
    public void A_hostile_mail_is_read_in_a_time_that_grows_with_its_length(string what, string head, string piece, int length)
    {
        var bytes = Encoding.ASCII.GetBytes(head + string.Concat(Enumerable.Repeat(piece, length / piece.Length)));
        var watch = Stopwatch.StartNew();
        try
        {
            var mail = RecordedMails.Read(bytes);
            ReplyWords.New(mail.Text);
            ReplyWords.Codes(mail.Text);
        }
        catch (MailUnreadableException error)
        {
            output.WriteLine($"{what}: {error.Problem}");
        }

        output.WriteLine($"{what}: {watch.Elapsed}");
        // Far above what it takes on a busy machine, far below what a square of the length would.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static byte[] Mutate(Random random, List<byte[]> mails)
    {
        var bytes = mails[random.Next(mails.Count)].ToList();
        for (var changes = random.Next(1, 8); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0:
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 60), bytes.Count - at));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    // A piece of another mail, as a mixed-up queue would send it.
                    var other = mails[random.Next(mails.Count)];
                    var begin = random.Next(other.Length);
                    bytes.InsertRange(at, other.Skip(begin).Take(random.Next(1, 400)));
                    break;
                default:
                    if (at < bytes.Count) bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
