using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Opinion.Cli.Tests.Office;

/// <summary>One node of an office: <c>opinion serve</c> as a process of its own on a free port. It ends with the test, whatever happens.</summary>
internal sealed partial class ServedNode : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false });
    private Task<string>? _errors;

    private ServedNode(Process process) => _process = process;

    public int ProcessId => _process.Id;

    /// <summary>How the record of runs calls this node.</summary>
    public string Name => $"{Environment.MachineName}-{ProcessId}";

    /// <summary>The printed accounts: login and password; empty where the office had accounts.</summary>
    public Dictionary<string, string> Accounts { get; } = new(StringComparer.Ordinal);

    private Uri Address { get; set; } = null!;

    public static async Task<ServedNode> StartAsync(string? connection, string data, bool founds = false, params (string Name, string Value)[] environment)
    {
        var start = OpinionProcess.StartInfo(["serve", .. connection is null ? Array.Empty<string>() : ["--store", connection], "--data", data, "--port", "0"]);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var node = new ServedNode(Process.Start(start)!);
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await node.ReadGreetingAsync(founds, patience.Token);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Freezes the process, as a machine that stalls does (SIGSTOP).</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on (SIGCONT).</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    public async Task SignInAsync(string login, string password)
    {
        var page = await SendAsync(HttpMethod.Get, "/staff/sign-in");
        await PostAsync("/staff/sign-in", page, ("login", login), ("password", password));
    }

    /// <summary>Presses "run now" on the administrator's page.</summary>
    public async Task RunNowAsync(string job)
    {
        var page = await SendAsync(HttpMethod.Get, "/staff/admin/schedule");
        Assert.Contains($"value=\"{job}\"", page, StringComparison.Ordinal);
        await PostAsync("/staff/admin/schedule?handler=Run", page, ("job", job));
    }

    public Task<string> ReadAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        if (_errors is not null) await _errors;
        _process.Dispose();
        _http.Dispose();
    }

    private async Task PostAsync(string path, string page, params (string Name, string Value)[] fields)
    {
        var token = WebUtility.HtmlDecode(Token().Match(page).Groups[1].Value);
        Assert.NotEmpty(token);
        using var content = new FormUrlEncodedContent([.. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)), new("__RequestVerificationToken", token)]);
        await SendAsync(HttpMethod.Post, path, content);
    }

    private async Task<string> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path)) { Content = content };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var answer = await _http.SendAsync(request, deadline.Token);
        var body = await answer.Content.ReadAsStringAsync(deadline.Token);
        Assert.True(method == HttpMethod.Get ? answer.StatusCode == HttpStatusCode.OK : answer.StatusCode == HttpStatusCode.Redirect, $"{method} {path}: {answer.StatusCode}\n{body}");
        return body;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    // The accounts of a new office are told after the greeting.
    private async Task ReadGreetingAsync(bool founds, CancellationToken cancel)
    {
        var said = new StringBuilder();
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await _process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            said.AppendLine(line);
            if (AddressLine().Match(line) is { Success: true } address) Address = new Uri(address.Groups[1].Value);
            if (AccountLine().Match(line) is { Success: true } account) Accounts[account.Groups[1].Value] = account.Groups[2].Value;
            if (founds ? Accounts.Count == 2 : line.StartsWith("Stop with", StringComparison.Ordinal)) return;
        }

        throw new InvalidOperationException($"opinion serve ended before it was open:\n{said}\n{await _errors}");
    }

    [GeneratedRegex(@"open at (http://127\.0\.0\.1:\d+) ")]
    private static partial Regex AddressLine();

    [GeneratedRegex(@"^  (\S+)  (\S+)$")]
    private static partial Regex AccountLine();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
