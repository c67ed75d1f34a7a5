using System.Text.RegularExpressions;
using Opinion.Analysis.Redaction;

namespace Opinion.Analysis.Tests.Redaction;

/// <summary>
/// What is usually written for the purpose: one expression a kind, with word boundaries. It stands beside the redactor
/// in the tables so that the cost of the known traps shows. Not tuned in either direction.
/// </summary>
internal static partial class RegexBaseline
{
    internal static IReadOnlyList<PersonalSpan> Find(string text)
    {
        var spans = new List<PersonalSpan>();
        Add(Id(), PersonalKind.ResidentId);
        Add(OldId(), PersonalKind.ResidentId);
        Add(Mobile(), PersonalKind.Mobile);
        Add(Landline(), PersonalKind.Landline);
        Add(Card(), PersonalKind.BankCard);
        Add(Plate(), PersonalKind.Plate);
        Add(Passport(), PersonalKind.Passport);
        Add(Mail(), PersonalKind.Email);
        Add(WeChat(), PersonalKind.WeChat);
        Add(QQ(), PersonalKind.QQ);
        Add(Name(), PersonalKind.Name);
        Add(Address(), PersonalKind.Address);
        return spans;

        void Add(Regex pattern, PersonalKind kind)
        {
            foreach (Match match in pattern.Matches(text)) spans.Add(new PersonalSpan(match.Index, match.Index + match.Length, kind));
        }
    }

    [GeneratedRegex(@"\b\d{17}[\dXx]\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"\b\d{15}\b")]
    private static partial Regex OldId();

    [GeneratedRegex(@"\b(?:\+?86)?1[3-9]\d{9}\b")]
    private static partial Regex Mobile();

    [GeneratedRegex(@"\b0\d{2,3}-?\d{7,8}\b")]
    private static partial Regex Landline();

    [GeneratedRegex(@"\b\d{16,19}\b")]
    private static partial Regex Card();

    [GeneratedRegex("[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警港澳]")]
    private static partial Regex Plate();

    [GeneratedRegex(@"\b[EGP]\d{8}\b")]
    private static partial Regex Passport();

    [GeneratedRegex(@"\b[\w.+-]+@[\w-]+\.[\w.-]+\b")]
    private static partial Regex Mail();

    [GeneratedRegex("(?<=(?:微信|微信号)[:：])[a-zA-Z][-_a-zA-Z0-9]{5,19}")]
    private static partial Regex WeChat();

    [GeneratedRegex(@"(?<=(?:QQ|qq)[:：])\d{5,11}\b")]
    private static partial Regex QQ();

    [GeneratedRegex(@"(?<=我叫|姓名[:：]|联系人[:：])[\u4e00-\u9fa5]{2,3}|[\u4e00-\u9fa5]{1,3}(?=先生|女士)")]
    private static partial Regex Name();

    [GeneratedRegex(@"\d+(?:号|栋|幢|单元|室)")]
    private static partial Regex Address();
}
