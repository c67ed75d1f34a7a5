using Opinion.Desk.Open311;

namespace Opinion.Ingest.Tests.Open311;

/// <summary>What counts as a repeat, what a sender is given and what is kept, on both engines.</summary>
public abstract class TakeRequestTests(bool postgres) : IAsyncLifetime
{
    private Open311Office _office = null!;

    public async Task InitializeAsync() => _office = await Open311Office.OpenAsync(postgres);

    public async Task DisposeAsync() => await _office.DisposeAsync();

    [Fact]
    public async Task The_same_sent_twenty_times_at_once_is_one_letter_with_one_answer()
    {
        var application = await _office.ApplicationAsync();
        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _office.PostAsync(application, "k"))));
        Assert.Equal(1, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal(1, await _office.CountAsync("SELECT COUNT(*) FROM open311_requests"));
        Assert.Single(taken.Select(one => one.Number).Distinct());
        Assert.Single(taken.Select(one => one.Receipt.Code.Text).Distinct());
        Assert.Equal(19, taken.Count(one => one.Receipt.Repeated));
        Assert.NotEqual(taken[0].Receipt.Code.Text, taken[0].Number);
    }

    [Fact]
    public async Task Without_a_repeat_key_the_same_is_a_repeat_for_an_hour_in_whatever_order_its_fields_come()
    {
        var application = await _office.ApplicationAsync();
        var first = await _office.PostAsync(application, null, ("service_code", "urban"), ("address_id", "office"), ("description", "路灯不亮。"), ("device_id", "d1"));
        _office.Clock.Now += TimeSpan.FromMinutes(59);
        var again = await _office.PostAsync(application, null, ("device_id", "d1"), ("description", "路灯不亮。"), ("address_id", "office"), ("service_code", "urban"), ("phone", ""));
        Assert.True(again.Receipt.Repeated);
        Assert.Equal(first.Number, again.Number);
        // Neighbours with one template are as many as they are.
        Assert.False((await _office.PostAsync(application, null, ("service_code", "urban"), ("address_id", "office"), ("description", "路灯不亮。"), ("device_id", "d2"))).Receipt.Repeated);
        // Another application's is another.
        Assert.False((await _office.PostAsync(await _office.ApplicationAsync("other"), null, ("service_code", "urban"), ("address_id", "office"), ("description", "路灯不亮。"), ("device_id", "d1"))).Receipt.Repeated);
        _office.Clock.Now += TimeSpan.FromHours(3);
        Assert.False((await _office.PostAsync(application, null, ("service_code", "urban"), ("address_id", "office"), ("description", "路灯不亮。"), ("device_id", "d1"))).Receipt.Repeated);
        Assert.Equal(4, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task A_repeat_key_holds_for_ever_and_never_swallows_another_text()
    {
        var application = await _office.ApplicationAsync();
        var first = await _office.PostAsync(application, "key-1");
        _office.Clock.Now += TimeSpan.FromDays(200);
        Assert.Equal(first.Number, (await _office.PostAsync(application, "key-1")).Number);
        Assert.False((await _office.PostAsync(application, "key-2")).Receipt.Repeated);
        Assert.False((await _office.PostAsync(application, "key-1", ("service_code", "urban"), ("address_id", "office"), ("description", "另一件事。"))).Receipt.Repeated);
        Assert.Equal(3, await _office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task Contact_is_sealed_and_device_and_account_are_dropped()
    {
        var application = await _office.ApplicationAsync();
        await _office.PostAsync(application, null, ("service_code", "urban"), ("address_string", "中山路"), ("lat", "31.2304161"), ("long", "121.4737012"), ("description", "路灯不亮。"), ("email", "canary@example.org"),
            ("first_name", "慕容"), ("last_name", "欧阳"), ("phone", "13900001111"), ("device_id", "device-canary"), ("account_id", "account-canary"), ("media_url", "https://photos.example.org/1.jpg"));
        await _office.CarryOnAsync();
        Assert.Equal(1, await _office.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
        var words = string.Join('\n', await _office.TextsAsync("SELECT title || place || body FROM letters"));
        Assert.Contains("路灯不亮", words, StringComparison.Ordinal);
        Assert.Contains("中山路 (31.230, 121.474)", words, StringComparison.Ordinal);
        foreach (var canary in new[] { "canary", "13900001111", "慕容", "31.2304" }) Assert.DoesNotContain(canary, words, StringComparison.Ordinal);
        Assert.DoesNotContain(await _office.TextsAsync("SELECT service FROM open311_requests UNION ALL SELECT token FROM open311_requests UNION ALL SELECT text FROM matter_events"), text => text.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_leads_to_the_number_once_the_letter_is_assigned()
    {
        Assert.Null(await _office.Get<ServiceSetup>().SetNumbersLaterAsync(Open311Office.Administrator, true, default));
        var application = await _office.ApplicationAsync();
        var taken = await _office.PostAsync(application);
        Assert.Null(taken.Number);
        Assert.Equal(taken.Token, (await _office.PostAsync(application)).Token);
        var requests = _office.Get<OpenRequests>();
        Assert.Equal((true, null), await requests.TokenAsync(taken.Token!, assigned: true, default));
        await _office.CarryOnAsync();
        var (known, number) = await requests.TokenAsync(taken.Token!, assigned: true, default);
        Assert.True(known);
        Assert.Equal(Assert.Single(await _office.TextsAsync("SELECT number FROM letters")), number);
        Assert.Equal((false, null), await requests.TokenAsync(number!, assigned: true, default));
        Assert.Equal((false, null), await requests.TokenAsync(taken.Receipt.Code.Text, assigned: true, default));
    }

    [Fact]
    public async Task An_application_finds_its_own_request_and_no_other()
    {
        var (mine, other) = (await _office.ApplicationAsync(), await _office.ApplicationAsync("other"));
        var taken = await _office.PostAsync(mine);
        var requests = _office.Get<OpenRequests>();
        Assert.NotNull(await requests.OwnAsync(mine, taken.Number!, default));
        Assert.Null(await requests.OwnAsync(other, taken.Number!, default));
        Assert.Null(await requests.FindAsync(taken.Number!, default));
    }

    [Fact]
    public async Task An_update_is_added_once_and_with_all_of_it_or_nothing()
    {
        var application = await _office.ApplicationAsync();
        var letter = (await _office.Get<OpenRequests>().OwnAsync(application, (await _office.PostAsync(application)).Number!, default))!;
        await _office.CarryOnAsync();
        var add = _office.Get<AddUpdate>();
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => add.HandleAsync(letter, "u1", "又坏了一盏。", default))));
        Assert.Equal(7, all.Count(one => one.Repeated));
        Assert.All(all, one => Assert.Null(one.Refusal));
        Assert.Equal((false, null), await add.HandleAsync(letter, "u2", "好了。", default));
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM matter_events WHERE kind = 'writer-added'"));
        Assert.Equal(3, await _office.CountAsync("SELECT COUNT(*) FROM sealed_texts"));
        // What is refused leaves no number behind.
        Assert.Equal((false, Desk.Matters.Refusal.Empty), await add.HandleAsync(letter, "u3", " ", default));
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM open311_updates"));
    }

    [Fact]
    public async Task A_revoked_key_counts_for_nothing()
    {
        var applications = _office.Get<Applications>();
        var (key, _) = await applications.MakeAsync(Open311Office.Administrator, "app", default);
        var id = await applications.FindAsync(key, default);
        Assert.NotNull(id);
        foreach (var wrong in new[] { null, "", "x", key + "0", key![..^1], "' OR 1=1 --" }) Assert.Null(await applications.FindAsync(wrong, default));
        Assert.Null(await applications.RevokeAsync(Open311Office.Administrator, id!.Value, default));
        Assert.Null(await applications.FindAsync(key, default));
        Assert.Equal(Desk.Matters.Refusal.NotFound, await applications.RevokeAsync(Open311Office.Administrator, id.Value, default));
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action IN ('open311-key-made', 'open311-key-revoked')"));
        Assert.Equal(0, await _office.CountAsync("SELECT COUNT(*) FROM audit_log WHERE target LIKE 'o311-%'"));
        var officer = Open311Office.Administrator with { Role = Desk.Accounts.Role.Officer, Department = "urban" };
        Assert.Equal((null, Desk.Matters.Refusal.NotYourRole), await applications.MakeAsync(officer, "x", default));
    }
}

public sealed class TakeRequestOnSqlite() : TakeRequestTests(postgres: false);

public sealed class TakeRequestOnPostgres() : TakeRequestTests(postgres: true);
