using System.Diagnostics;
using System.Globalization;
using System.Text;
using Opinion.Desk.Accounts;
using Opinion.Desk.Imports;
using Opinion.Desk.Offices;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tests.Offices;
using Xunit.Abstractions;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Opinion.Load;

/// <summary>How many letters a second go the whole way from a sheet to a department's queue, redaction and sorting included, with every batch durable.</summary>
[Collection("load")]
public sealed class ImportRateTests(ITestOutputHelper output)
{
    private const int Rows = 4_000;
    private const double LettersPerSecond = 300;
    private const string Map = """{"name":"load","key":"id","title":"title","body":"body","received":{"column":"time","formats":["yyyy-MM-dd HH:mm:ss"]}}""";

    private static readonly string[] Openings = ["您好，想反映一件事。", "我是附近的住户。", "请有关部门看一看。", "打扰了，咨询一下。", "这件事已经说过几次。"];
    private static readonly string[] Matters =
    [
        "小区门口的路灯坏了半个月，晚上老人孩子经过很不安全，希望尽快修好。", "工地夜里十一点还在打桩，孩子第二天要上学，请管一管施工时间。",
        "公交车改线以后站点取消了，上班要多走两公里，能不能恢复一个站。", "物业把公共收益用在哪里从来不公布，业主要求查账一直没有下文。",
        "孩子今年上小学，户口在老家，租房居住需要准备哪些材料，什么时候报名。", "楼下烧烤店油烟直排，窗户不敢开，投诉以后好了两天又这样。",
        "自来水发黄有味道，停一会儿再放还是黄的，请检测一下水质。", "工资拖了三个月没有发，包工头电话打不通，不知道该找哪个部门。",
    ];

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task At_least_three_hundred_letters_a_second_go_the_whole_way(string engine)
    {
        // A shared machine may be busy for a while: the best of three says what the program can do.
        var best = 0.0;
        for (var attempt = 0; attempt < 3 && best < LettersPerSecond; attempt++) best = Math.Max(best, await ImportAsync(engine));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine}: best {best:F0} letters a second"));
        Assert.True(best >= LettersPerSecond, string.Create(CultureInfo.InvariantCulture, $"{best:F0} letters a second"));
    }

    [Fact]
    public async Task A_hundred_thousand_rows_are_in_and_sorted_within_three_minutes_on_PostgreSQL_with_a_pause_between()
    {
        var rows = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 100_000 : 2_000;
        await using var office = await TempOffice.OpenAsync(await (await PostgresCluster.Durable).CreateDatabaseAsync());
        var map = await ColumnMap.LoadAsync(office.Write("load.json", Map), default);
        var sheet = HotlineSheet.Check(office.Write("load.csv", Sheet(rows)), map, default);
        var administrator = new StaffMember("admin", "admin", new Name("", ""), Role.Administrator, null, false);
        var watch = Stopwatch.StartNew();
        long shown = 0;
        // Asked once, in the middle, as from the page.
        var paused = await office.Import.HandleAsync(sheet, counts =>
        {
            if (counts.Done * 10 / rows > shown) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shown = counts.Done * 10 / rows}0 % after {watch.Elapsed.TotalSeconds:F1} s"));
            if (counts.Done == rows / 2) Assert.Null(office.Runs.SteerAsync(administrator, office.Runs.ListAsync(default).GetAwaiter().GetResult()[0].Id, pause: true, default).GetAwaiter().GetResult());
        }, default);
        Assert.Equal((true, (rows / 2) + ImportHotline.BatchSize), (paused.Paused, paused.Counts.Done));
        var result = await office.Import.HandleAsync(sheet, null, default);
        watch.Stop();
        Assert.Equal((paused.Run, new ImportCounts(rows, rows, 0, 0)), (result.Run, result.Counts));
        Assert.Equal(rows, await office.CountAsync("SELECT COUNT(*) FROM matters"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows} rows in {watch.Elapsed.TotalSeconds:F1} s, {rows / watch.Elapsed.TotalSeconds:F0} letters a second"));
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), $"{watch.Elapsed}");
    }

    private static async Task<double> ImportAsync(string engine)
    {
        await using var office = await TempOffice.OpenAsync(engine == "PostgreSQL" ? await (await PostgresCluster.Durable).CreateDatabaseAsync() : null);
        var sheet = office.Write("load.csv", Sheet(Rows));
        var map = office.Write("load.json", Map);
        var watch = Stopwatch.StartNew();
        var result = await office.Import.HandleAsync(HotlineSheet.Check(sheet, await ColumnMap.LoadAsync(map, default), default), null, default);
        watch.Stop();
        Assert.Equal(Rows, result.Counts.Added);
        Assert.Equal(Rows, await office.CountAsync("SELECT COUNT(*) FROM matters"));
        return Rows / watch.Elapsed.TotalSeconds;
    }

    private static string Sheet(int rows)
    {
        var text = new StringBuilder("id,title,body,time\n");
        for (var row = 0; row < rows; row++)
        {
            // About 220 characters, as long as a typical letter, with something to redact in every third.
            var body = new StringBuilder(Openings[row % Openings.Length]);
            for (var part = 0; part < 5; part++) body.Append(Matters[(row + (part * 3)) % Matters.Length]);
            if (row % 3 == 0) body.Append(CultureInfo.InvariantCulture, $"联系电话138{row:00000000}。");
            text.Append(CultureInfo.InvariantCulture, $"L{row},{Matters[row % Matters.Length][..12]},{body},2026-10-{1 + (row % 28):00} 10:{row % 60:00}:00\n");
        }

        return text.ToString();
    }
}
