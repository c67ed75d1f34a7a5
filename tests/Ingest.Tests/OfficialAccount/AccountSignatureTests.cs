using System.Globalization;
using Opinion.Ingest.OfficialAccount;

namespace Opinion.Ingest.Tests.OfficialAccount;

public class AccountSignatureTests
{
    [Fact]
    public void The_check_vector_fits()
    {
        var signature = AccountSignature.Of("weixin", "1357982061", "1358161344");
        Assert.StartsWith("335b2699", signature, StringComparison.Ordinal);
        Assert.EndsWith("71a8", signature, StringComparison.Ordinal);
        Assert.True(AccountSignature.Fits(signature, "1358161344", "weixin", "1357982061"));
    }

    [Fact]
    public void Parts_are_sorted_by_their_characters_whatever_the_culture()
    {
        // A culture puts small letters before great ones; the order of the characters is B, _, a.
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in new[] { "en-US", "tr-TR", "zh-CN", "" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
#pragma warning disable CA5350 // The platform's protocol names SHA-1.
                Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData("B_a"u8)), AccountSignature.Of("a", "B", "_"));
#pragma warning restore CA5350
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("335b2699")]
    [InlineData("0000000000000000000000000000000000000000")]
    public void Anything_else_does_not_fit(string? signature) => Assert.False(AccountSignature.Fits(signature, "weixin", "1357982061", "1358161344"));

    [Fact]
    public void Great_letters_do_not_fit() =>
        Assert.False(AccountSignature.Fits(AccountSignature.Of("weixin", "1357982061", "1358161344").ToUpperInvariant(), "weixin", "1357982061", "1358161344"));
}
