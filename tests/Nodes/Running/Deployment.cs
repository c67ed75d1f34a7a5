using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Opinion.Nodes.Running;

/// <summary>Where the files of a deployment stand, and how its programs are run on one machine.</summary>
internal static class Deployment
{
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Opinion.sln"))) folder = folder.Parent;
            return folder?.FullName ?? throw new DirectoryNotFoundException("Opinion.sln is not above the tests.");
        }
    }

    /// <summary>A file of <c>deploy/</c>, as docker-compose.yml mounts it.</summary>
    public static string File(string name) => Path.Combine(Root, "deploy", name);

    /// <summary>The folder of PostgreSQL's programs.</summary>
    public static string Programs { get; } = Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).Last();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a program as the user of PostgreSQL, which refuses to run as root.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        string[] all = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments] : [program, .. arguments];
        var start = new ProcessStartInfo(all[0], all[1..]) { WorkingDirectory = "/" };
        start.Environment["PATH"] = Programs + ":" + Environment.GetEnvironmentVariable("PATH");
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        using var process = Start(environment, program, arguments);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
