using System.Diagnostics;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Faults;
using Opinion.Desk.Tests.Fixture;
using Opinion.Running;
using Xunit;

namespace Opinion.Cli.Tests.Faults;

/// <summary>
/// The fault "the disk is full", on a small disk of the test's own: the writer is told that the letter was not taken, what is
/// committed stays, reading goes on, and when there is room the same desk takes the same form.
/// </summary>
public sealed class FullDiskTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_disk_is_said_and_nothing_is_lost(bool postgres)
    {
        await using var disk = await SmallDisk.MountAsync(32);
        await using var cluster = postgres ? await PostgresCluster.StartOwnAsync() : null;
        var connection = "";
        if (cluster is not null)
        {
            await disk.GiveToPostgresAsync();
            await cluster.ExecuteAsync($"CREATE TABLESPACE small LOCATION '{disk.Folder}/space'");
            await cluster.ExecuteAsync("CREATE DATABASE small TEMPLATE template0 TABLESPACE small");
            connection = cluster.ConnectionTo("small");
        }

        var keys = Directory.CreateTempSubdirectory("opinion-full-").FullName;
        await using (var node = postgres ? await ServedDesk.StartAsync(keys, "--store", connection) : await ServedDesk.StartAsync(Path.Combine(disk.Folder, "office")))
        using (var store = postgres ? DeskStore.OnPostgres(connection) : DeskStore.OnSqlite(node.DataFolder))
        {
            var held = await Invariants.RememberAsync(store);
            var writers = new Writers();
            var first = await writers.WriteAsync(node, "磁盘满之前的信：路灯不亮，请维修。");
            disk.Fill();

            Page refused;
            string body;
            using var writer = writers.Come(node);
            for (var number = 0; ; number++)
            {
                // Long letters, for there may be room left inside the files.
                body = $"第{number}封信，" + new string('长', 15_000);
                using var other = writers.Come(node);
                refused = await other.SubmitOnlyAsync(await Writers.FormAsync(other), "form.stack", ("Body", body));
                if (refused.Status != 200)
                {
                    foreach (var (name, value) in other.Cookies) writer.Cookies[name] = value;
                    break;
                }

                writers.Receipts.Add(refused.Receipt);
                Assert.InRange(number, 0, 300);
            }

            Writers.AssertNotTaken(refused, body);
            Assert.Equal(507, refused.Status);
            Assert.Contains("存储空间已满", refused.Problem, StringComparison.Ordinal);
            // What is there can be read meanwhile.
            using var reader = writers.Come(node);
            var letter = await reader.SubmitAsync(await reader.GetAsync("/follow"), "form.stack", ("code", first));
            Assert.Equal(200, letter.Status);
            await held.HoldAsync(store, writers.Receipts, writers.Receipts.Count);

            disk.Free();
            var taken = await writer.SubmitOnlyAsync(refused, "form.stack");
            Assert.True(taken.Status == 200, $"{taken}\n{node.Said}");
            writers.Receipts.Add(taken.Receipt);
            await writers.WriteAsync(node, "磁盘腾出之后的信：路灯不亮，请维修。");
            Assert.False(node.HasExited);
            await held.HoldAsync(store, writers.Receipts, writers.Receipts.Count);
        }

        Directory.Delete(keys, recursive: true);
    }

    /// <summary>A disk in memory of a few megabytes. Where nobody may mount one the test fails, for it cannot show what it says.</summary>
    private sealed class SmallDisk : IAsyncDisposable
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("opinion-disk-").FullName;

        private string Filler => Path.Combine(Folder, "filler");

        public static async Task<SmallDisk> MountAsync(int megabytes)
        {
            var disk = new SmallDisk();
            await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", disk.Folder);
            return disk;
        }

        public Task GiveToPostgresAsync()
        {
            var space = Directory.CreateDirectory(Path.Combine(Folder, "space")).FullName;
            return Environment.UserName == "root" ? RunAsync("chown", "postgres", space) : Task.CompletedTask;
        }

        /// <summary>Takes all the room there is.</summary>
        public void Fill()
        {
            using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[4096];
            try
            {
                while (true) filler.Write(block);
            }
            catch (IOException)
            {
                // Full, as it was to be.
            }
        }

        /// <summary>Gives the room back.</summary>
        public void Free() => File.Delete(Filler);

        public async ValueTask DisposeAsync()
        {
            await RunAsync("umount", "--lazy", Folder);
            Directory.Delete(Folder, recursive: true);
        }

        private static async Task RunAsync(string program, params string[] arguments)
        {
            var start = Environment.UserName == "root" ? new ProcessStartInfo(program, arguments) : new ProcessStartInfo("sudo", ["-n", program, .. arguments]);
            start.RedirectStandardError = true;
            using var process = Process.Start(start)!;
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}");
        }
    }
}
