using System.Globalization;
using System.Text;
using Opinion.Desk.Letters;
using Opinion.Desk.Sealing;

namespace Opinion.Load.Arrivals;

/// <summary>
/// Letters as a bad day brings them, written for this project: short cries, ordinary letters and long ones, some with a
/// telephone number to redact, some with contact data, a few about danger. The same number gives the same letter.
/// </summary>
internal static class MixedLetters
{
    /// <summary>What speaks of danger now, and so of help first.</summary>
    public const string Danger = "楼塌了！有人被埋在下面，快来救人！";

    private static readonly string[] Openings = ["您好，想反映一件事。", "我是附近的住户。", "请有关部门看一看。", "打扰了，咨询一下。", "这件事已经说过几次。"];
    private static readonly string[] Parts =
    [
        "小区门口的路灯坏了半个月，晚上老人孩子经过很不安全，希望尽快修好。", "工地夜里十一点还在打桩，孩子第二天要上学，请管一管施工时间。",
        "公交车改线以后站点取消了，上班要多走两公里，能不能恢复一个站。", "物业把公共收益用在哪里从来不公布，业主要求查账一直没有下文。",
        "听说今晚还有大地震，是真的吗？我们该不该回家住？", "楼道的墙裂了一条缝，从一楼到三楼，请派人来看能不能住。",
        "自来水发黄有味道，停一会儿再放还是黄的，请检测一下水质。", "安置点的帐篷不够，老人晚上没有地方睡，请再送一些来。",
    ];

    /// <summary>The text of a letter: from 20 to about 1,000 characters, most about 200.</summary>
    public static string BodyOf(int number)
    {
        if (number % 40 == 7) return Danger;
        var parts = number % 10 switch { 0 => 1, < 8 => 5, 8 => 9, _ => 26 };
        var body = new StringBuilder(Openings[number % Openings.Length]);
        for (var part = 0; part < parts; part++) body.Append(Parts[(number + (part * 3)) % Parts.Length]);
        if (number % 3 == 0) body.Append(CultureInfo.InvariantCulture, $"联系电话138{number % 100_000_000:00000000}。");
        return body.ToString();
    }

    /// <summary>The title.</summary>
    public static string TitleOf(int number) => number % 4 == 0 ? "" : Parts[number % Parts.Length][..10];

    /// <summary>The contact data; null where the writer gave none.</summary>
    public static Contact? ContactOf(int number) => number % 2 == 0 ? null : new Contact("王" + Openings[number % Openings.Length][..1], string.Create(CultureInfo.InvariantCulture, $"139{number % 100_000_000:00000000}"), null);

    /// <summary>The letter as a door hands it on.</summary>
    public static IncomingLetter LetterOf(int number, DateTimeOffset arrived) =>
        new(Channel.Form, string.Create(CultureInfo.InvariantCulture, $"load-{number}"), arrived, TitleOf(number), BodyOf(number)) { Contact = ContactOf(number) };
}
