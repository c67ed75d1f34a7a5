using Opinion.Desk.Letters;

namespace Opinion.Desk.Tests.Letters;

public class ReceiptCodeTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void A_code_has_26_characters_of_crockfords_alphabet()
    {
        for (var i = 0; i < 500; i++) Assert.Matches("^[0-9A-HJKMNP-TV-Z]{26}$", ReceiptCode.Derive(Key, Channel.Form, "k" + i).Text);
    }

    [Fact]
    public void A_code_is_read_as_people_type_it()
    {
        for (var i = 0; i < 500; i++)
        {
            var code = ReceiptCode.Derive(Key, Channel.Hotline, "k" + i);
            var typed = code.Text.Replace('0', i % 2 == 0 ? 'O' : 'o').Replace('1', i % 3 == 0 ? 'l' : 'I');
            foreach (var form in new[] { code.Text, code.Shown, typed, " " + typed.ToLowerInvariant() + "\n", code.Shown.Replace('-', '\u2013') })
            {
                Assert.True(ReceiptCode.TryParse(form, out var read), form);
                Assert.Equal(code, read);
                Assert.Equal(code.Hash, read.Hash);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("U0000000000000000000000000")]
    [InlineData("0000000000000000000000000")]
    [InlineData("000000000000000000000000000")]
    [InlineData("0000000000000000000000000\0")]
    [InlineData("码")]
    public void What_is_no_code_is_not_read_as_one(string? typed) => Assert.False(ReceiptCode.TryParse(typed, out _));

    [Fact]
    public void Half_a_surrogate_pair_is_no_code_and_no_error()
    {
        foreach (var typed in new[] { "\ud800", "\udc00", "0000000000000000000000000\ud83d" }) Assert.False(ReceiptCode.TryParse(typed, out _));
    }

    [Fact]
    public void A_code_depends_on_the_key_the_channel_and_the_channels_key()
    {
        var codes = new[]
        {
            ReceiptCode.Derive(Key, Channel.Form, "a"), ReceiptCode.Derive(Key, Channel.Form, "b"), ReceiptCode.Derive(Key, Channel.Mailbox, "a"),
            ReceiptCode.Derive([.. Key.Reverse()], Channel.Form, "a"),
        };
        Assert.Equal(4, codes.Distinct().Count());
        Assert.Equal(codes[0], ReceiptCode.Derive(Key, Channel.Form, "a"));
    }

    [Fact]
    public void A_code_does_not_print_itself() => Assert.DoesNotContain(ReceiptCode.Derive(Key, Channel.Form, "a").Text, $"{ReceiptCode.Derive(Key, Channel.Form, "a")}", StringComparison.Ordinal);

    [Fact]
    public void Public_numbers_differ_and_are_shorter_than_codes()
    {
        var numbers = Enumerable.Range(0, 1000).Select(_ => ReceiptCode.RandomNumber()).ToList();
        Assert.Equal(1000, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.Equal(12, number.Length));
    }
}
