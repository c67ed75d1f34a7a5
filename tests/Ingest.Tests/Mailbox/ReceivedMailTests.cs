using System.Text;
using Opinion.Ingest.Mailbox;
using Opinion.Ingest.Mailbox.Mime;

namespace Opinion.Ingest.Tests.Mailbox;

/// <summary>The reader of mails on recorded ones, and on single rules of its RFCs.</summary>
public class ReceivedMailTests
{
    public static TheoryData<string> Names => [.. RecordedMails.Expected.Keys];

    [Fact]
    public void There_are_recorded_mails_of_every_kind()
    {
        Assert.InRange(RecordedMails.Expected.Count, 30, 1_000);
        Assert.Equal(Enum.GetNames<MailKind>().Order(), RecordedMails.Expected.Values.Select(mail => mail.Kind).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recorded_mail_is_read_as_it_was_meant(string name)
    {
        var (expected, bytes) = (RecordedMails.Expected[name], RecordedMails.Bytes(name));
        var mail = RecordedMails.Read(bytes);
        Assert.Equal(expected.Kind, mail.Kind.ToString());
        if (expected.Tokens is not null) Assert.Equal(expected.Tokens, mail.Tokens);
        if (mail.Kind == MailKind.Bounce) Assert.Equal(expected.Failure, mail.Failure);
        if (mail.Kind != MailKind.Letter) return;
        Assert.Equal((expected.Name, expected.Address, expected.Subject), (mail.Name, mail.Address, mail.Subject));
        Assert.Equal(expected.Text, mail.Text.Trim());
        Assert.Equal(expected.Files, mail.Files.Select(file => file.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mail_is_the_same_whichever_way_it_came(string name)
    {
        var bytes = RecordedMails.Bytes(name);
        var delivered = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal) + "\n");
        Assert.Equal(RecordedMails.Read(bytes).Key, RecordedMails.Read(delivered).Key);
        if (!Encoding.Latin1.GetString(bytes).Contains("Message-ID", StringComparison.Ordinal)) return;
        byte[] relayed = [.. "Received: from mx.example by mail.example; Mon, 16 Nov 2026 09:13:00 +0800\r\nDelivered-To: desk@office.example\r\n"u8, .. bytes];
        Assert.Equal(RecordedMails.Read(bytes).Key, RecordedMails.Read(relayed).Key);
        byte[] other = [.. bytes, .. "One more line.\r\n"u8];
        Assert.NotEqual(RecordedMails.Read(bytes).Key, RecordedMails.Read(other).Key);
    }

    [Theory]
    [InlineData("=?utf-8?B?6Lev54Gv?=", "路灯")]
    [InlineData("=?utf-8?Q?a=5Fb_c?=", "a_b c")]
    [InlineData("=?utf-8?B?6Lev?= =?utf-8?B?54Gv?= x =?utf-8?Q?y?=", "路灯 x y")]
    [InlineData("=?utf-8?B?6A==?=\t=?UTF-8?B?t68=?=", "路")]
    [InlineData("=?utf-8*zh?Q?=E8=B7=AF?=", "路")]
    [InlineData("=?gb2312?Q?=C2=B7?= =?big5?Q?=B8=F4?=", "路路")]
    [InlineData("=?nothing?= a=?b", "=?nothing?= a=?b")]
    [InlineData("=?utf-8?X?abc?= tail", "=?utf-8?X?abc?= tail")]
    [InlineData("=?no-such-charset?Q?abc?=", "abc")]
    public void Encoded_words_are_decoded_by_RFC_2047(string text, string expected) => Assert.Equal(expected, EncodedWords.Decode(text));

    [Theory]
    [InlineData("attachment; filename=\"a \\\"b\\\".png\"", "a \"b\".png")]
    [InlineData("attachment; filename=plain.png; x=y", "plain.png")]
    [InlineData("attachment (a comment; filename=no.png); filename=yes.png", "yes.png")]
    [InlineData("attachment; filename*=UTF-8''%E8%B7%AF.png", "路.png")]
    [InlineData("attachment; filename=old.png; filename*=gb2312''%C2%B7.png", "路.png")]
    [InlineData("attachment; filename*1=b.png; filename*0=a", "ab.png")]
    [InlineData("attachment; filename*0*=utf-8''%E8%B7; filename*1*=%AF; filename*2=\"; x.png\"", "路; x.png")]
    [InlineData("attachment; filename*0=a; filename*2=c", "a")]
    [InlineData("attachment; filename=\"=?utf-8?B?6Lev?=.png\"", "路.png")]
    [InlineData("attachment", null)]
    public void Parameters_are_read_by_RFC_2045_and_2231(string field, string? name) => Assert.Equal(name, HeaderParameters.Parse(field)["filename"]);

    [Theory]
    [InlineData("=E8=B7=\r\n=AF=\nx=3", "路x=3")]
    [InlineData("a=  \r\nb=20=20", "ab  ")]
    [InlineData("=zz=", "=zz=")]
    public void Quoted_printable_is_decoded(string text, string expected) => Assert.Equal(expected, Encoding.UTF8.GetString(TransferEncodings.QuotedPrintable(Encoding.UTF8.GetBytes(text), underscore: false)));

    [Theory]
    [InlineData("YWJj\r\nZGVm", "abcdef")]
    [InlineData("YQ==YWI=", "aab")]
    [InlineData("Y W?J\0j!", "abc")]
    [InlineData("YWJ", "ab")]
    public void Base64_is_decoded_leniently(string text, string expected) => Assert.Equal(expected, Encoding.UTF8.GetString(TransferEncodings.Base64(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("新的话。\n\n> 旧的话\n> 更旧的话", "新的话。")]
    [InlineData("新的话。\n\n------------------ 原始邮件 ------------------\n发件人: \"x\" <x@y>;\n旧的话", "新的话。")]
    [InlineData("New words.\n\nOn Mon, 16 Nov 2026 at 09:00, The Office <desk@office.example> wrote:\nold words", "New words.")]
    [InlineData("New words.\n\nOn Mon, 16 Nov 2026 at 09:00, The Office\n<desk@office.example> wrote:\nold words", "New words.")]
    [InlineData("新的话。\n在 2026-11-16 09:00:00，\"机构\" <desk@office.example> 写道：\n旧的话", "新的话。")]
    [InlineData("New words.\n-----Original Message-----\nold", "New words.")]
    [InlineData("新的话。\n发件人：机构\n发送时间：2026年11月16日\n收件人：我\n旧的话", "新的话。")]
    [InlineData("发件人是谁我不知道。\n第二行。", "发件人是谁我不知道。\n第二行。")]
    [InlineData("> 只有引用", "> 只有引用")]
    public void An_answer_is_what_stands_above_the_quotation(string text, string expected) => Assert.Equal(expected, ReplyWords.New(text));

    [Fact]
    public void Receipt_codes_are_found_and_hidden_and_other_numbers_are_not()
    {
        const string code = "ABCDE-FGH12-3456J-KMNPQ-RSTVWX";
        Assert.Equal([code], ReplyWords.Codes("我的收据码 " + code + "，请问办到哪里了"));
        Assert.Equal("x " + ReplyWords.Hidden + " y " + ReplyWords.Hidden, ReplyWords.WithoutCodes("x " + code.ToLowerInvariant() + " y " + code.Replace("-", "", StringComparison.Ordinal)));
        const string order = "订单 12345-67890 和 6222021234567890123，以及 abcdefghijklmnopqrstuvwxyz";
        Assert.Empty(ReplyWords.Codes(order));
        Assert.Equal(order, ReplyWords.WithoutCodes(order));
    }
}
