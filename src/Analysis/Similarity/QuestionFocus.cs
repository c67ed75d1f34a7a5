namespace Opinion.Analysis.Similarity;

/// <summary>
/// What a question asks for (a time, a place, a fee, a document) and the marks that an answer to it carries. An answer
/// often leaves out what the question is about, but one that is asked for a time names hours or dates. The idea is the
/// expected answer type of question answering (Prager 2006, "Open-Domain Question-Answering"); the words are written for
/// this project from general knowledge, none was learnt from data.
/// </summary>
internal sealed class QuestionFocus
{
    // Left: words of the question. Right: marks of the answer, where # is a digit.
    private static readonly (string Asked, string Marks)[] Table =
    [
        ("何时 时间 什么时候 几点 日期 几月 哪天 时段", "时间 日期 上午 下午 #月 #日 #:# #时 星期 周一 周二 周三 周四 周五 周六 周日 每日 每周 每月 每年 平日 假日"),
        ("何处 哪里 哪儿 地点 地址 位置 在哪 位于 场所", "地址 地点 位于 路# 街# 巷# 段# #号 #楼 #段 #巷 #弄 区"),
        ("电话 联络 联系 洽询 询问 咨询 窗口 热线 专线 谁", "电话 联络 联系 洽 转# 分机 拨打 号码 专线 信箱"),
        ("多少钱 费用 收费 价格 票价 金额 缴 免费", "元 免费 费用 收费 金额 票价"),
        ("补助 补贴 津贴 奖励 给付", "元 补助 补贴 每月 最高"),
        ("资格 条件 对象 哪些人 谁可以 身分 身份 适用", "设籍 户籍 年满 符合 对象 资格 条件 以上 岁 者"),
        ("文件 证件 材料 检附 携带 准备 带什么 资料", "正本 影本 原件 复印件 身分证 身份证 户口 印章 申请书 申请表 证明 #份 一份"),
        ("申请 办理 手续 流程 程序 步骤 方式 登记 报名", "申请 办理 检具 检附 填写 下载 提出 送件 受理 网路 网上 线上 亲自 邮寄 公所 窗口"),
        ("多久 期限 几天 期间 时限 天数", "工作天 工作日 日内 天 个月 年内 期限 小时 起至"),
        ("为什么 为何 原因 理由", "因 由于 为了 避免 考量 考虑 基于 故 以免 目的"),
        ("什么是 是什么 何谓 意思 定义 意义 指什么 所谓 介绍 简介", "是指 系指 所谓 意指 即 指"),
        ("是否 可否 能否 得否 可以 能不能 会不会 要不要 有没有 吗", "可以 可 不可 不得 不需 无须 不用 否 不会 是的 无法 不能 没有 仍"),
        ("罚 违规 违反", "罚 元以上 元以下 违反 条"),
        ("法规 法令 依据 规定 条例", "依 条例 规定 办法 法 第#"),
        ("交通 怎么去 前往 搭乘 公车 公交 捷运 地铁 到达", "捷运 地铁 公车 公交 站 搭乘 乘坐 步行 路线 出口"),
        ("网站 网址 上网 下载 查询", "http www 网站 网址 首页 下载 查询"),
        ("单位 机关 部门 权责 主管 主办", "局 处 科 公所 中心 单位 机关 协会 公司"),
        ("多少 几 数量 人数 名额 比例", "#"),
        ("差别 差异 不同 区别 异同", "不同 区别 差异 而 则"),
        ("注意 事项", "应 请 勿 避免 注意"),
        ("奖", "奖 名 份"),
        ("计算 公式 标准", "× % = ÷ 计算 元 倍 乘"),
        ("内容 项目 种类 类型 特色", "包含 包括 1. 1、 2. 2、 一、 二、 及"),
    ];

    // An answer has a mark to the full when the mark stands once in so many characters.
    private const int FullDensity = 20;

    private readonly string[][] _asked;
    private readonly Dictionary<char, List<(string Mark, int Kind)>> _marks = [];

    /// <summary>Prepares the words for texts that are folded in the same way.</summary>
    public QuestionFocus(ChineseFolding folding)
    {
        _asked = Array.ConvertAll(Table, row => folding.Fold(row.Asked).Split(' '));
        for (int kind = 0; kind < Table.Length; kind++)
        {
            foreach (string mark in folding.Fold(Table[kind].Marks).Split(' '))
            {
                if (!_marks.TryGetValue(mark[0], out List<(string, int)>? list)) _marks[mark[0]] = list = [];
                list.Add((mark, kind));
            }
        }
    }

    /// <summary>The number of kinds.</summary>
    public static int Kinds => Table.Length;

    /// <summary>The kinds that a folded question asks for, one bit each.</summary>
    public uint Asked(ReadOnlySpan<char> question)
    {
        uint kinds = 0;
        for (int kind = 0; kind < _asked.Length; kind++)
        {
            foreach (string word in _asked[kind])
            {
                if (question.IndexOf(word, StringComparison.Ordinal) < 0) continue;
                kinds |= 1u << kind;
                break;
            }
        }

        return kinds;
    }

    /// <summary>How densely a folded answer carries the marks of every kind, from 0 to 1.</summary>
    public double[] Densities(ReadOnlySpan<char> answer)
    {
        var counts = new double[Table.Length];
        for (int at = 0; at < answer.Length; at++)
        {
            char first = char.IsAsciiDigit(answer[at]) ? '#' : answer[at];
            Count(answer[at..], first, counts);
            // A mark may begin with a certain digit as well as with any.
            if (first == '#') Count(answer[at..], answer[at], counts);
        }

        for (int kind = 0; kind < counts.Length; kind++)
        {
            counts[kind] = Math.Min(1, counts[kind] * FullDensity / Math.Max(FullDensity, answer.Length));
        }

        return counts;
    }

    private void Count(ReadOnlySpan<char> text, char first, double[] counts)
    {
        if (!_marks.TryGetValue(first, out List<(string Mark, int Kind)>? marks)) return;
        foreach ((string mark, int kind) in marks)
        {
            if (StartsWith(text, mark)) counts[kind]++;
        }
    }

    private static bool StartsWith(ReadOnlySpan<char> text, string mark)
    {
        if (text.Length < mark.Length) return false;
        for (int i = 0; i < mark.Length; i++)
        {
            if (mark[i] == '#' ? !char.IsAsciiDigit(text[i]) : text[i] != mark[i]) return false;
        }

        return true;
    }
}
