using System.Globalization;

namespace Opinion.Ingest.Hotline;

/// <summary>What the columns of a sheet probably are, by their names and by how their dates are written: a beginning for the person who chooses.</summary>
public static class MapGuess
{
    /// <summary>Ways in which exports write a moment.</summary>
    public static IReadOnlyList<string> Formats { get; } =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy/M/d H:mm:ss", "yyyy/M/d H:mm", "yyyy年M月d日 H:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd", "yyyy/M/d", "yyyy年M月d日", "yyyyMMddHHmmss", "yyyyMMdd",
    ];

    private static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        ["key"] = ["工单编号", "工单号", "诉求编号", "编号", "流水号", "受理编号", "id", "ticket", "number"],
        ["body"] = ["内容", "诉求内容", "工单内容", "来电内容", "主要内容", "正文", "content", "body", "text"],
        ["received"] = ["来电时间", "受理时间", "诉求时间", "登记时间", "创建时间", "时间", "received", "time", "created"],
        ["title"] = ["标题", "工单标题", "诉求标题", "主题", "title", "subject"],
        ["place"] = ["地点", "诉求地点", "事发地点", "地址", "place", "address"],
        ["district"] = ["区县", "行政区", "所属区县", "district"],
        ["name"] = ["联系人", "姓名", "来电人", "诉求人", "name", "caller"],
        ["phone"] = ["联系电话", "电话", "来电号码", "手机号", "phone", "telephone"],
        ["email"] = ["电子邮箱", "邮箱", "email", "e-mail"],
    };

    /// <summary>The column that is probably a member of the map; null where none is called so.</summary>
    public static string? Column(string member, IReadOnlyList<string> columns) =>
        Names[member].Select(name => columns.FirstOrDefault(column => string.Equals(column, name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(column => column is not null);

    /// <summary>The formats that read some of these cells, where together they read at least half; else the most usual one, as for dates of a workbook.</summary>
    public static IReadOnlyList<string> FormatsOf(IReadOnlyList<string> cells)
    {
        List<string> fitting = [.. Formats.Where(format => cells.Any(cell => Reads(cell, format)))];
        return fitting.Count > 0 && cells.Count(cell => fitting.Any(format => Reads(cell, format))) * 2 >= cells.Count ? fitting : [Formats[0]];
    }

    private static bool Reads(string cell, string format) => DateTime.TryParseExact(cell, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
