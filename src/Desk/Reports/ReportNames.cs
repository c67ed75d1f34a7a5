using System.Globalization;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Reports;

/// <summary>What tables, figures and rows of the report are called in the two languages; the released report itself holds codes.</summary>
public static class ReportNames
{
    private static readonly Dictionary<string, (Name Name, string Formula)> Figures = new(StringComparer.Ordinal)
    {
        ["received"] = (new Name("本周来信", "Received"), "本周到达的来信数"),
        ["open"] = (new Name("周末未办结", "Open"), "到周末为止还没有办结的事项数"),
        ["overdue"] = (new Name("周末已超期", "Overdue"), "未办结事项中，到周末期限已过的"),
        ["open-in-time"] = (new Name("周末未到期", "Open, in time"), "未办结事项中，期限还没有到的"),
        ["open-else-in"] = (new Name("其他进入", "Else came in"), "上周以来未办结事项的其他增加，例如迟登记的来信"),
        ["open-else-out"] = (new Name("其他离开", "Else went out"), "其他减少，例如已收到、还没有分到部门的来信"),
        ["ended"] = (new Name("本周结束", "Ended"), "本周结束的事项数，包括撤回的"),
        ["closed"] = (new Name("本周办结", "Closed"), "本周答复并办结的事项数"),
        ["closed-on-time"] = (new Name("按期办结", "Closed on time"), "其中在期限内办结的"),
        ["closed-late"] = (new Name("超期办结", "Closed late"), "其中超过期限才办结的"),
        ["on-time-percent"] = (new Name("按期率（%）", "On time (%)"), "按期办结 ÷（办结＋周末已超期），由取整后的数字计算"),
        ["days-median"] = (new Name("办理天数中位数", "Days, median"), "从来信到办结的天数的中位数；至少十件才公布"),
        ["days-p90"] = (new Name("九成在此天数内", "Days, nine in ten"), "九成事项从来信到办结不超过的天数；超出的至少十件才公布"),
        ["transfers"] = (new Name("转办次数", "Transfers"), "本周事项在部门之间转办的次数"),
        ["passed-around"] = (new Name("多次转办", "Passed around"), "本周办结的事项中，转办两次及以上的"),
        ["not-passed-around"] = (new Name("没有多次转办", "Not passed around"), "本周办结的事项中，转办一次或没有转办的"),
        ["passed-around-percent"] = (new Name("多次转办率（%）", "Passed around (%)"), "多次转办 ÷ 办结，由取整后的数字计算"),
        ["disputes"] = (new Name("提出异议", "Disputes"), "本周来信人对答复提出异议的次数"),
        ["contact-reads"] = (new Name("查看原文与联系方式", "Contact reads"), "本周工作人员打开来信原文和联系方式的次数"),
    };

    private static readonly Dictionary<string, Name> Tables = new(StringComparer.Ordinal)
    {
        ["received-by-subject"] = new Name("本周来信，按分类", "Received by subject"),
        ["received-by-channel"] = new Name("本周来信，按渠道", "Received by channel"),
        ["received-by-department"] = new Name("本周来信，按部门", "Received by department"),
        ["open-by-department"] = new Name("周末未办结，按部门", "Open by department"),
        ["unanswered-by-age"] = new Name("还没有答复的，按等候时间", "Still unanswered, by waiting time"),
        ["dispositions"] = new Name("本周结束的，按办理结果", "Ended, by disposition"),
        ["contact-reads-by-department"] = new Name("查看原文与联系方式，按部门", "Contact reads by department"),
    };

    private static readonly Dictionary<string, Name> Rows = new(StringComparer.Ordinal)
    {
        ["unsorted"] = new Name("待分类", "Not sorted yet"),
        ["none"] = new Name("无部门", "No department"),
        ["up-to-7-days"] = new Name("七天以内", "Up to 7 days"),
        ["8-to-30-days"] = new Name("八到三十天", "8 to 30 days"),
        ["31-to-90-days"] = new Name("三十一到九十天", "31 to 90 days"),
        ["over-90-days"] = new Name("九十天以上", "Over 90 days"),
        ["form"] = new Name("网上写信", "Web form"),
        ["mailbox"] = new Name("电子邮箱", "Mailbox"),
        ["hotline"] = new Name("热线电话", "Hotline"),
        ["official-account"] = new Name("官方账号", "Official account"),
        ["own-site"] = new Name("本单位留言板", "Own message board"),
        ["paper"] = new Name("纸质来信", "Paper"),
        [Channel.Open311.NameOf()] = new Name("Open311", "Open311"),
        ["solved"] = new Name("已解决", "Solved"),
        ["partly-solved"] = new Name("部分解决", "Partly solved"),
        ["declined"] = new Name("不予采纳（附理由）", "Declined, with the reason"),
        ["transferred"] = new Name("不属本单位职责，已告知去向", "Not this office's, told whose"),
        [Disposition.Withdrawn.NameOf()] = new Name("来信人已撤回", "Withdrawn by the writer"),
    };

    /// <summary>What a reader must know of all numbers.</summary>
    public static Name Rounding { get; } = new("少于十的数字隐去（—），其余按五取整。", "Counts below ten are hidden (—), others rounded to five.");

    /// <summary>A number as it is printed; a dash where it is hidden.</summary>
    public static string Shown(decimal? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "—";

    /// <summary>What a figure is called; its code where it has no name.</summary>
    public static Name Measure(string name) => Figures.TryGetValue(name, out var figure) ? figure.Name : new Name(name, name);

    /// <summary>The formula beside a figure.</summary>
    public static Name Formula(ReportMeasure measure) => new(Figures.TryGetValue(measure.Name, out var figure) ? figure.Formula : measure.Formula, measure.Formula);

    /// <summary>What a table is called; its code where it has no name.</summary>
    public static Name Table(string name) => Tables.GetValueOrDefault(name, new Name(name, name));

    /// <summary>What a row is called.</summary>
    public static Name Row(Office office, string table, ReportRow row)
    {
        if (row.Label is { } label) return new Name(label, label);
        if (table.EndsWith("-by-subject", StringComparison.Ordinal) && office.Scheme.Find(row.Key) is { } subject) return subject.Name;
        if (table.EndsWith("-by-department", StringComparison.Ordinal) && office.Department(row.Key) is { } department) return department.Name;
        return Rows.GetValueOrDefault(row.Key, new Name(row.Key, row.Key));
    }
}
