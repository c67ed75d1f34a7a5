using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Opinion.Nodes.Running;

/// <summary>nginx with <c>deploy/nginx.conf.template</c>, filled in as its image does, below a main file that logs addresses, as the image's own does.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-proxy-").FullName;
    private Process? _process;

    /// <summary>Its address.</summary>
    public Uri Address { get; } = new($"https://127.0.0.1:{Deployment.FreePort().ToString(CultureInfo.InvariantCulture)}");

    /// <summary>What it logged of requests.</summary>
    public string Log => System.IO.File.ReadAllText(Path.Combine(_folder, "access.log"));

    /// <summary>Everything it wrote anywhere.</summary>
    public IEnumerable<string> EverythingWritten => Directory.EnumerateFiles(_folder, "*.log", SearchOption.AllDirectories).Select(System.IO.File.ReadAllText);

    public static async Task<Proxy> StartAsync(params int[] nodes)
    {
        var proxy = new Proxy();
        await proxy.BeginAsync(nodes);
        return proxy;
    }

    /// <summary>A client that comes from an address of loopback and knows the proxy's certificate.</summary>
    public Visitor Visit(IPAddress from) => new(Address, from);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync(int[] nodes)
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
            using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
            await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "site.crt"), certificate.ExportCertificatePem());
            await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "site.key"), key.ExportPkcs8PrivateKeyPem());
        }

        var text = await System.IO.File.ReadAllTextAsync(Deployment.File("nginx.conf.template"));
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["LOG"] = Path.Combine(_folder, "access.log"),
            ["ERROR_LOG"] = Path.Combine(_folder, "server-error.log"),
            ["LISTEN"] = Address.Authority,
            ["NAME"] = "_",
            ["NODE1"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{nodes[0]}"),
            ["NODE2"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{nodes[1]}"),
            ["CERTIFICATE"] = Path.Combine(_folder, "site.crt"),
            ["CERTIFICATE_KEY"] = Path.Combine(_folder, "site.key"),
        })
        {
            Assert.Contains("${" + name + "}", text, StringComparison.Ordinal);
            text = text.Replace("${" + name + "}", value, StringComparison.Ordinal);
        }

        Assert.Equal(1, text.Split("${").Length - 1);
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "site.conf"), text);
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "nginx.conf"),
            $$"""
            daemon off;
            worker_processes 1;
            pid {{_folder}}/nginx.pid;
            error_log {{_folder}}/error.log notice;
            events { worker_connections 512; }
            http {
                log_format main '$remote_addr - $remote_user [$time_local] "$request" $status';
                access_log {{_folder}}/main.log main;
                client_body_temp_path {{_folder}}/body; proxy_temp_path {{_folder}}/proxy; fastcgi_temp_path {{_folder}}/fastcgi; uwsgi_temp_path {{_folder}}/uwsgi; scgi_temp_path {{_folder}}/scgi;
                include {{_folder}}/site.conf;
            }
            """);
        var program = new[] { "/usr/sbin/nginx", "/usr/bin/nginx" }.First(System.IO.File.Exists);
        _process = Process.Start(new ProcessStartInfo(program, ["-c", Path.Combine(_folder, "nginx.conf"), "-e", Path.Combine(_folder, "start.log")]))!;
        for (var tries = 0; !System.IO.File.Exists(Path.Combine(_folder, "nginx.pid")); tries++)
        {
            if (tries > 100 || _process.HasExited) throw new InvalidOperationException("nginx did not start: " + string.Join('\n', EverythingWritten));
            await Task.Delay(50);
        }
    }
}
