using Opinion.Desk.Answers;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>
/// Tries the official account without the platform: a call signed with the office's token is let through and one with
/// another is not, what is encrypted comes back, the bank can be asked and the store takes a row. Says which settings are
/// there and never what they are.
/// </summary>
public sealed class OfficialAccountDoorTest(OfficialAccountFile file, AnswerAtOnce answers, DeskStore store, TimeProvider clock) : IDoorTest
{
    /// <inheritdoc/>
    public Channel Channel => Channel.OfficialAccount;

    /// <inheritdoc/>
    public Task<IReadOnlyList<DoorCheck>> SetUpAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<DoorCheck>>(Read(out _));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DoorCheck>> TestAsync(CancellationToken cancel)
    {
        var checks = Read(out var settings);
        if (settings is not null)
        {
            var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            var signed = new CallbackQuery(AccountSignature.Of(settings.Token, timestamp, "door-test"), timestamp, "door-test");
            checks.Add(new DoorCheck(new Name("用令牌签名的请求能通过，别的不能", "A call signed with the token is let through, another is not"),
                AccountCallback.IsSigned(settings, signed) && !AccountCallback.IsSigned(settings, signed with { Nonce = "door-test-2" })));
            if (settings.EncodingAesKey is not null) checks.Add(new DoorCheck(new Name("加密后能解开", "What is encrypted comes back"), Deciphers(settings)));
        }

        checks.Add(await AsksBankAsync(cancel));
        checks.Add(new DoorCheck(new Name("存储可以写入", "The store can be written to"), await FormDoorTest.TakesAsync(store, cancel)));
        return checks;
    }

    private List<DoorCheck> Read(out OfficialAccountSettings? settings)
    {
        settings = null;
        try
        {
            settings = file.Read();
        }
        catch (InputFileException error)
        {
            return [new DoorCheck(new Name("官方账号的设置文件有误：" + error.Reason, "The settings of the official account cannot be used: " + error.Reason), false)];
        }

        var checks = new List<DoorCheck> { new(new Name("令牌（Token）", "The token"), settings is not null) };
        // An account may send in plain, so a missing key is said and is no fault.
        if (settings is not null)
        {
            checks.Add(settings.EncodingAesKey is null
                ? new DoorCheck(new Name("明文方式：没有设 EncodingAESKey，建议改用安全模式", "Plain calls: no EncodingAESKey is set; the encrypted mode is better"), true)
                : new DoorCheck(new Name("EncodingAESKey 和 AppId（安全模式）", "EncodingAESKey and AppId (encrypted calls)"), true));
            if (!OperatingSystem.IsWindows()) checks.Add(new DoorCheck(new Name("设置文件只有本用户能读", "Only this user can read the settings file"), (File.GetUnixFileMode(file.Location) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) == 0));
        }

        return checks;
    }

    private static bool Deciphers(OfficialAccountSettings settings)
    {
        try
        {
            var cipher = AccountCallback.CipherOf(settings)!;
            return System.Text.Encoding.UTF8.GetString(cipher.Decrypt(cipher.Encrypt("<xml/>"))) == "<xml/>";
        }
        catch (Exception error) when (error is AccountCipherException or ArgumentException)
        {
            return false;
        }
    }

    private async Task<DoorCheck> AsksBankAsync(CancellationToken cancel)
    {
        try
        {
            var entries = await answers.PrepareAsync(cancel);
            return new DoorCheck(new Name($"口径库可以查询（{entries} 条）", $"The answer bank can be asked ({entries} entries)"), true);
        }
        catch (Exception error) when (error is System.Data.Common.DbException or Analysis.Dictionaries.DictionaryException or IOException)
        {
            return new DoorCheck(new Name("口径库查询失败", "The answer bank cannot be asked"), false);
        }
    }
}
