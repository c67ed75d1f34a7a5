using Opinion.Architecture.Tests.Sources;

namespace Opinion.Architecture.Tests;

/// <summary>How the house is kept: folders, lengths, clocks, the network, documentation.</summary>
public class HouseTests
{
    // Who fetches letters from another server goes through one checked client; its folder is named here when it comes.
    private static readonly string[] OutgoingFolders = ["src/Ingest/Outgoing/"];

    // The one door that is neither a page nor a file: it listens on loopback, and calls nobody.
    private const string Listener = "src/Ingest/Mailbox/Lmtp/LmtpListener.cs";

    // The composition roots, where the ambient clock becomes an injected one.
    private static readonly string[] Roots = ["src/Cli/CommandServices.cs", "src/Dashboard/Program.cs"];

    private static readonly string[] Network =
    [
        "HttpClient", "HttpClientHandler", "SocketsHttpHandler", "HttpMessageInvoker", "IHttpClientFactory", "Socket", "TcpClient", "TcpListener", "UdpClient", "NetworkStream", "SslStream",
        "WebRequest", "HttpWebRequest", "WebClient", "ClientWebSocket", "SmtpClient", "FtpWebRequest", "QuicConnection", "Dns", "Ping",
    ];

    [Fact]
    public void Nothing_but_one_folder_opens_connections()
    {
        Assert.InRange(Repository.Sources.Count, 80, 10_000);
        Assert.Empty(Repository.Sources.SelectMany(OpensConnections));
    }

    [Theory]
    [InlineData("src/Desk/Letters/Bad.cs", "var client = new HttpClient(handler);")]
    [InlineData("src/Analysis/Text/Bad.cs", "using System.Net.Sockets;\nTcpClient c;")]
    [InlineData("src/Ingest/Mailbox/Bad.cs", "await using var s = new SmtpClient();")]
    [InlineData("src/Ingest/Mailbox/Lmtp/Bad.cs", "var listener = new TcpListener(IPAddress.Loopback, 0);")]
    [InlineData("src/Ingest/Mailbox/Lmtp/LmtpListener.cs", "var client = new TcpClient();")]
    [InlineData("src/Dashboard/Pages/Bad.cs", "IHttpClientFactory factory")]
    public void The_connection_rule_bites(string path, string text) => Assert.NotEmpty(OpensConnections(new SourceFile(path, text)));

    [Fact]
    public void The_connection_rule_lets_comments_and_the_one_folder_be()
    {
        Assert.Empty(OpensConnections(new SourceFile("src/Desk/Fine.cs", "// HttpClient\nvar text = \"HttpClient\";")));
        Assert.Empty(OpensConnections(new SourceFile("src/Ingest/Outgoing/Fine.cs", "new HttpClient(handler)")));
    }

    [Fact]
    public void Time_and_chance_are_injected()
    {
        Assert.Contains(Repository.Sources, file => file.Text.Contains("TimeProvider", StringComparison.Ordinal));
        Assert.Empty(Repository.Sources.SelectMany(UsesAmbientClock));
    }

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = System.DateTimeOffset\n    .Now;")]
    [InlineData("var day = DateTime.Today;")]
    [InlineData("var clock = TimeProvider.System;")]
    [InlineData("var ticks = Environment.TickCount64;")]
    [InlineData("var watch = Stopwatch.StartNew();")]
    [InlineData("var chance = Random.Shared;")]
    [InlineData("#pragma warning disable RS0030 // just once\n")]
    public void The_clock_rule_bites(string text) => Assert.NotEmpty(UsesAmbientClock(new SourceFile("src/Desk/Letters/Bad.cs", text)));

    [Fact]
    public void A_folder_is_a_subject_and_a_file_has_at_most_400_lines()
    {
        var files = Repository.Files("src", "*.*").Concat(Repository.Files("tests", "*.cs")).Where(file => Path.GetExtension(file.Path) is ".cs" or ".cshtml" or ".sql" or ".css" or ".js").ToList();
        Assert.InRange(files.Count, 100, 10_000);
        Assert.Empty(files.SelectMany(BadlyKept));
    }

    [Theory]
    [InlineData("src/Desk/Services/A.cs", 1)]
    [InlineData("src/Desk/Helpers/A.cs", 1)]
    [InlineData("src/Dashboard/Common/Deep/A.cs", 1)]
    [InlineData("src/Desk/Managers/A.cs", 1)]
    [InlineData("src/Dashboard/Models/A.cs", 1)]
    [InlineData("src/Desk/utils/A.cs", 1)]
    [InlineData("src/Desk/Letters/Long.cs", 401)]
    public void The_house_rule_bites(string path, int lines) => Assert.Single(BadlyKept(new SourceFile(path, string.Join('\n', Enumerable.Repeat("x", lines)))));

    [Fact]
    public void The_compiler_asks_for_documentation_and_takes_no_warning()
    {
        var props = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.Empty(LooseBuild(props, Repository.Files("src", "*.csproj").Select(file => file.Text)));
        Assert.Equal(3, LooseBuild("<Project />", []).Count());
        Assert.Single(LooseBuild(props, ["<NoWarn>CS1591</NoWarn>"]));
        Assert.Single(LooseBuild(props, ["<TreatWarningsAsErrors>false</TreatWarningsAsErrors>"]));
    }

    private static IEnumerable<string> OpensConnections(SourceFile file)
    {
        if (OutgoingFolders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal))) yield break;
        foreach (var token in CSharpTokens.Of(file.Text))
        {
            if (file.Path == Listener && token.Value == "TcpListener") continue;
            if (token.Kind == TokenKind.Word && Network.Contains(token.Value, StringComparer.Ordinal)) yield return $"{file.Path}:{token.Line} uses {token.Value}";
        }
    }

    private static IEnumerable<string> UsesAmbientClock(SourceFile file)
    {
        if (Roots.Contains(file.Path)) yield break;
        // A command may say how long it took; what decides or stores measures nothing.
        var measures = file.Path.StartsWith("src/Analysis/", StringComparison.Ordinal) || file.Path.StartsWith("src/Desk/", StringComparison.Ordinal);
        var tokens = CSharpTokens.Of(file.Text);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == TokenKind.Directive && tokens[i].Value.Contains("RS0030", StringComparison.Ordinal)) yield return $"{file.Path}:{tokens[i].Line} switches the banned symbols off";
            if (tokens[i].Kind != TokenKind.Word) continue;
            var member = i + 2 < tokens.Count && tokens[i + 1].Value == "." && tokens[i].Value != "Stopwatch" ? tokens[i].Value + "." + tokens[i + 2].Value : tokens[i].Value;
            if (member is "DateTime.Now" or "DateTime.UtcNow" or "DateTime.Today" or "DateTimeOffset.Now" or "DateTimeOffset.UtcNow" or "TimeProvider.System"
                or "Environment.TickCount" or "Environment.TickCount64" or "Random.Shared" || (measures && member == "Stopwatch"))
                yield return $"{file.Path}:{tokens[i].Line} uses {member}";
        }
    }

    private static IEnumerable<string> BadlyKept(SourceFile file)
    {
        string[] kinds = ["Services", "Helpers", "Common", "Managers", "Models", "Utils", "Utilities", "Misc", "Repositories", "Interfaces", "Dtos"];
        if (file.Path.Split('/')[..^1].FirstOrDefault(folder => kinds.Contains(folder, StringComparer.OrdinalIgnoreCase)) is { } kind) yield return $"{file.Path} lies in a folder that is a kind: {kind}";
        var lines = file.Text.TrimEnd('\n').Split('\n').Length;
        if (lines > 400) yield return $"{file.Path} has {lines} lines";
    }

    private static IEnumerable<string> LooseBuild(string props, IEnumerable<string> projects)
    {
        foreach (var needed in new[] { "<TreatWarningsAsErrors>true", "<GenerateDocumentationFile>true", "<Nullable>enable" })
        {
            if (!props.Contains(needed, StringComparison.Ordinal)) yield return "missing " + needed;
        }

        foreach (var project in projects)
        {
            foreach (var loose in new[] { "CS1591", "<TreatWarningsAsErrors>false", "<Nullable>disable", "RS0030", "CA1857" })
            {
                if (project.Contains(loose, StringComparison.Ordinal)) yield return "a project loosens " + loose;
            }
        }
    }
}
