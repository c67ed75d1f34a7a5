using System.Diagnostics;
using Opinion.Nodes.Running;
using Xunit.Abstractions;

namespace Opinion.Nodes.Compose;

/// <summary>docker-compose.yml: by Docker's own <c>config</c> where its client has it, and always by what its services must say.</summary>
public sealed class ComposeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Dockers_own_check_passes_where_the_client_has_it()
    {
        if (await RunAsync("docker", "compose", "version") is not { Code: 0 })
        {
            output.WriteLine("This docker client has no compose: the file was checked by reading its services alone.");
            // Not skipped: what Docker would find first, a file that cannot be read, is found by reading it whole.
            Assert.Equal(5, ComposeFile.Read().Map("services").Count);
            return;
        }

        output.WriteLine("Checked by docker compose config.");
        var (code, text) = (await RunAsync("docker", "compose", "-f", Path.Combine(Deployment.Root, "docker-compose.yml"), "config"))!.Value;
        Assert.True(code == 0, text);
        foreach (var service in new[] { "proxy:", "node1:", "node2:", "primary:", "standby:" }) Assert.Contains(service, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_nodes_a_proxy_a_primary_and_a_standby_each_with_its_health_volume_and_secrets()
    {
        var compose = ComposeFile.Read();
        Assert.Equal(["node1", "node2", "primary", "proxy", "standby"], compose.Map("services").Keys.Order());
        foreach (var service in compose.Map("services").Keys)
        {
            Assert.NotEmpty(compose.List("services", service, "healthcheck", "test"));
            Assert.NotEmpty(compose.List("services", service, "secrets"));
            Assert.NotEmpty(compose.List("services", service, "volumes"));
        }

        // Only the proxy can be reached from outside.
        Assert.Equal(["proxy"], compose.Map("services").Where(service => ((Dictionary<string, object>)service.Value).ContainsKey("ports")).Select(service => service.Key));
        Assert.Equal(["node1:/data"], compose.List("services", "node1", "volumes"));
        Assert.Equal(["node2:/data"], compose.List("services", "node2", "volumes"));
        Assert.Equal(["postgres-password", "source=office-keys target=/data/keys/office-keys.json"], compose.List("services", "node2", "secrets"));
        Assert.Equal(compose.Word("services", "proxy", "networks", "office", "ipv4_address"), After(compose.List("services", "node1", "command"), "--proxy"));
        Assert.Contains("synchronous_standby_names=standby", compose.List("services", "primary", "command"));
        Assert.Equal("no", compose.Word("services", "primary", "restart"));
    }

    [Fact]
    public void Every_secret_is_a_file_and_no_secret_stands_in_the_file()
    {
        var compose = ComposeFile.Read();
        var secrets = compose.Map("secrets");
        Assert.Equal(5, secrets.Count);
        Assert.All(secrets.Values, secret => Assert.StartsWith("./secrets/", (string)((Dictionary<string, object>)secret)["file"], StringComparison.Ordinal));
        var used = compose.Map("services").Keys.SelectMany(service => compose.List("services", service, "secrets")).Select(secret => secret.StartsWith("source=", StringComparison.Ordinal) ? secret["source=".Length..].Split(' ')[0] : secret).ToHashSet();
        Assert.Equal(secrets.Keys.Order(), used.Order());
        Assert.DoesNotContain("Password=", File.ReadAllText(Path.Combine(Deployment.Root, "docker-compose.yml")), StringComparison.Ordinal);
        Assert.Contains("/secrets/", File.ReadAllText(Path.Combine(Deployment.Root, ".gitignore")), StringComparison.Ordinal);
        Assert.Contains("secrets", File.ReadAllText(Path.Combine(Deployment.Root, ".dockerignore")), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_it_mounts_and_builds_is_there_and_the_proxys_file_gets_every_word_it_asks_for()
    {
        var compose = ComposeFile.Read();
        var mounted = compose.Map("services").Keys.SelectMany(service => compose.List("services", service, "volumes")).Where(volume => volume.StartsWith("./", StringComparison.Ordinal)).Select(volume => volume.Split(':')[0]).ToList();
        Assert.Equal(3, mounted.Count);
        Assert.All(mounted.Append(compose.Word("x-node", "build", "dockerfile")), file => Assert.True(File.Exists(Path.Combine(Deployment.Root, file)), file));
        var asked = System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(Deployment.File("nginx.conf.template")), @"\$\{([A-Z0-9_]+)\}").Select(match => match.Groups[1].Value).Distinct().Order();
        Assert.Equal(asked, compose.Map("services", "proxy", "environment").Keys.Order());
    }

    [Theory]
    [InlineData("a: [1, 2")]
    [InlineData("a: {b: 1}")]
    [InlineData("a: 1\na: 2")]
    [InlineData("a:\n  b: 1\n c: 2")]
    [InlineData("a: \"x")]
    [InlineData("just words")]
    public void A_file_that_is_not_what_it_keeps_to_is_refused(string text) => Assert.Throws<FormatException>(() => ComposeFile.Parse(text));

    private static string After(IReadOnlyList<string> words, string option) => words[words.ToList().IndexOf(option) + 1];

    private static async Task<(int Code, string Text)?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, text + await error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
