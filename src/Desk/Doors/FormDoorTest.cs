using System.Security.Cryptography;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Doors;

/// <summary>
/// Tries what a letter from the form or on paper needs: the store takes a row (and is told to forget it), the office's keys seal and
/// open, letters can be redacted and sorted, and the disk has room.
/// </summary>
public sealed class FormDoorTest(OpenedDesk desk, DeskStore store, Sealer sealer, LetterReader reader, Channel channel) : IDoorTest
{
    private const long LeastSpace = 1L << 30;
    private const string Binding = "door-test";

    /// <inheritdoc/>
    public Channel Channel => channel;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DoorCheck>> TestAsync(CancellationToken cancel) =>
    [
        new(new Name("存储可以写入", "The store can be written to"), await TakesAsync(store, cancel)),
        new(new Name("机构密钥能封存也能打开", "The office's keys seal and open"), Seals()),
        new(new Name("隐去个人信息的程序已载入", "What hides personal data is loaded"), reader.CanRedact),
        new(new Name("识别险情和需求的程序已载入", "What finds danger and needs is loaded"), reader.CanSort),
        new(new Name("磁盘剩余不少于 1 GiB", "The disk has 1 GiB left or more"), HasRoom()),
    ];

    /// <summary>Whether the store takes a row of a letter; it is rolled back.</summary>
    public static async Task<bool> TakesAsync(DeskStore store, CancellationToken cancel)
    {
        try
        {
            await using var session = await store.WriteAsync(cancel);
            return await session.ExecuteAsync("INSERT INTO office_settings (name, value) VALUES (@name, @value)", cancel, ("name", "door-test." + ReceiptCode.RandomNumber()), ("value", "")) == 1;
        }
        catch (System.Data.Common.DbException error) when (StoreFaults.Of(error) is not null)
        {
            return false;
        }
    }

    private bool Seals()
    {
        var words = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        try
        {
            return sealer.Open(sealer.Seal(words, Binding), Binding) == words;
        }
        catch (SealBrokenException)
        {
            return false;
        }
    }

    private bool HasRoom()
    {
        try
        {
            return new DriveInfo(desk.DataFolder).AvailableFreeSpace >= LeastSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
