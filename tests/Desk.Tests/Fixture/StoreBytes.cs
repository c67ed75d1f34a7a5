using System.Text;

namespace Opinion.Desk.Tests.Fixture;

/// <summary>What an outsider finds in the bytes of files.</summary>
public static class StoreBytes
{
    /// <summary>Whether a text stands in the files of an office's store.</summary>
    public static async Task<bool> HoldAsync(Town town, TestEngine engine, string text) => (await engine.FilesAsync(town)).Any(file => Hold(file, Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether bytes stand in a file.</summary>
    public static bool Hold(string file, byte[] bytes)
    {
        if (!File.Exists(file)) return false;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray().AsSpan().IndexOf(bytes) >= 0;
    }
}
