using System.Text.Json;
using Opinion.Ingest.Mailbox;

namespace Opinion.Ingest.Tests.Mailbox;

/// <summary>What a recorded mail is read as. Written beside the mails by the same hand, not by the reader.</summary>
internal sealed record ExpectedMail(string Kind, string? Name, string? Address, string Subject, string Text, IReadOnlyList<string?> Files, string? Failure = null, IReadOnlyList<string>? Tokens = null);

/// <summary>Mails in the forms that mail programs give them, each written for this test.</summary>
internal static class RecordedMails
{
    public static readonly IReadOnlyList<string> Own = ["desk@office.example"];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Mailbox", "Mails");
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static IReadOnlyDictionary<string, ExpectedMail> Expected { get; } = JsonSerializer.Deserialize<Dictionary<string, ExpectedMail>>(File.ReadAllBytes(Path.Combine(Folder, "expected.json")), Json)!;

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".eml"));

    public static ReceivedMail Read(ReadOnlyMemory<byte> mail) => ReceivedMail.Read(mail, null, Own);
}
