using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Attachments;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;

namespace Opinion.Dashboard.Writers;

/// <summary>What stands in the fields of a page on which a letter is written or typed in; the fields have these names.</summary>
public sealed class WrittenLetter
{
    /// <summary>Random; makes a page sent twice one letter. A new one where the page brought none that can be used.</summary>
    public string Token { get => field; set => field = string.IsNullOrWhiteSpace(value) || value.Length > 64 ? NewToken() : value; } = NewToken();

    /// <summary>The title.</summary>
    public string? Title { get; set; }

    /// <summary>The text.</summary>
    public string? Body { get; set; }

    /// <summary>The district's code.</summary>
    public string? District { get; set; }

    /// <summary>The place in the writer's words.</summary>
    public string? Place { get; set; }

    /// <summary>The department complained about.</summary>
    public string? About { get; set; }

    /// <summary>The writer's name, if given.</summary>
    public string? ContactName { get; set; }

    /// <summary>The writer's telephone number, if given.</summary>
    public string? ContactPhone { get; set; }

    /// <summary>The writer's e-mail address, if given.</summary>
    public string? ContactEmail { get; set; }

    /// <summary>Whether the answer may be published.</summary>
    public bool Publish { get; set; }

    /// <summary>
    /// The letter of these fields. Its key is the page's token with all that was written: the same page sent twice is one
    /// letter, a page gone back to and changed is another. Of the key only its keyed hash is kept.
    /// </summary>
    /// <param name="channel">The door.</param>
    /// <param name="arrived">When it arrived.</param>
    /// <param name="office">The office, whose districts and departments are known by their codes.</param>
    /// <param name="files">The files that came with the page.</param>
    /// <param name="besides">What else was typed that makes it another letter.</param>
    public IncomingLetter ToLetter(Channel channel, DateTimeOffset arrived, Office office, IReadOnlyList<IncomingAttachment> files, params string?[] besides)
    {
        var written = Hash(Encoding.UTF8.GetBytes(string.Join('\u001F', [.. besides, Title, Place, Body])));
        return new IncomingLetter(channel, Token + "|" + written + string.Concat(files.Select(file => "|" + Hash(file.Content.Span))), arrived, Title ?? "", Body ?? "")
        {
            District = office.District(District)?.Code,
            Place = Place ?? "",
            AboutDepartment = office.Department(About)?.Code,
            Contact = new Contact(ContactName?.Trim(), ContactPhone?.Trim(), ContactEmail?.Trim()),
            Publish = Publish,
            Attachments = files,
        };
    }

    /// <summary>What is wrong with the letter of these fields, files apart; null where it can be taken.</summary>
    public Refusal? ProblemOf(IncomingLetter letter) => Refusals.Of(letter.Problem())
        // A department complained about that nobody knows must not be dropped in silence: the letter could reach it.
        ?? (!string.IsNullOrEmpty(About) && letter.AboutDepartment is null ? Refusal.UnknownDepartment : null);

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
