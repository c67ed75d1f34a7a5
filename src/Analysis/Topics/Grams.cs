using System.Globalization;

namespace Opinion.Analysis.Topics;

/// <summary>
/// Characters as numbers below 2^15, and two neighbouring ones as a gram below 2^30. Full-width and ASCII letters and
/// digits are the same, upper and lower case too; signs and spaces part grams; invisible characters are passed over.
/// </summary>
internal static class Grams
{
    internal const int Bits = 30;

    /// <summary>Not a letter or digit: no gram reaches across.</summary>
    internal const ushort Separator = 0;

    /// <summary>Shows nothing: the characters beside it are neighbours.</summary>
    internal const ushort Invisible = ushort.MaxValue;

    private const int FirstHan = 0x4E00;
    private const int LastHan = 0x9FFF;
    private const int FirstRare = 0x3400;
    private const int LastRare = 0x4DBF;
    private const ushort Digits = 1;
    private const ushort Latin = 11;
    private const ushort Han = 37;
    private const ushort RareHan = Han + LastHan - FirstHan + 1;
    private const ushort Others = RareHan + LastRare - FirstRare + 1;

    private static readonly ushort[] Numbers = MakeNumbers();

    /// <summary>The number of a character, <see cref="Separator"/> or <see cref="Invisible"/>.</summary>
    internal static ushort Number(char c) => Numbers[c];

    /// <summary>The gram of two characters; 0 when one of them is no letter or digit.</summary>
    internal static uint Of(char first, char second)
    {
        ushort a = Numbers[first];
        ushort b = Numbers[second];
        return a is Separator or Invisible || b is Separator or Invisible ? 0 : Of(a, b);
    }

    /// <summary>The gram of two numbers, neither of which is <see cref="Separator"/> or <see cref="Invisible"/>.</summary>
    internal static uint Of(ushort first, ushort second) => ((uint)first << 15) | second;

    private static ushort[] MakeNumbers()
    {
        var numbers = new ushort[char.MaxValue + 1];
        for (int i = 0; i <= char.MaxValue; i++)
        {
            char c = (char)i is >= '\uFF01' and <= '\uFF5E' ? (char)(i - 0xFEE0) : (char)i;
            numbers[i] = c switch
            {
                >= '0' and <= '9' => (ushort)(Digits + c - '0'),
                >= 'a' and <= 'z' => (ushort)(Latin + c - 'a'),
                >= 'A' and <= 'Z' => (ushort)(Latin + c - 'A'),
                >= (char)FirstHan and <= (char)LastHan => (ushort)(Han + c - FirstHan),
                >= (char)FirstRare and <= (char)LastRare => (ushort)(RareHan + c - FirstRare),
                _ when CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format || c is >= '\uFE00' and <= '\uFE0F' => Invisible,
                // Letters of other scripts and halves of rarer characters share what numbers are left.
                _ when char.IsLetterOrDigit(c) || char.IsSurrogate(c) => (ushort)(Others + (c % (0x7FFF - Others))),
                _ => Separator,
            };
        }

        return numbers;
    }
}
