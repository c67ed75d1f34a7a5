using System.Text;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>
/// Texts to try a segmenter with, of a fixed seed: words of the list whole and cut, runs of common and of rare Han, ASCII
/// with the signs that jieba joins, blanks and line ends of every kind, pairs and lone halves of surrogates.
/// </summary>
internal sealed class MixedTexts(int seed, IReadOnlyList<string> words, IReadOnlyList<string> userWords)
{
    private static readonly string[] Signs =
    [
        "\uFF0C", "\u3002", "\uFF01", "\u300A", "\u300B", "\u00B7", "\u2014\u2014", "\u3000", " ", "  ", "\t", "\r\n", "\r", "\n", "\n\r", "\u0085", "\u2028", "\u00A0", "\u200B", "\uFEFF",
        "\uFFFD", "\0", "\u0301", "\uD83D\uDE00", "\uD842\uDFB7", "\uD869\uDEA5", "\uD842", "\uDFB7", "\uFF11\uFF12", "\u0663", "\u3007", "\u9FD5", "\u9FD6", "\u9FFF", "\u3400", "\uF900", "\u4E00",
    ];

    private static readonly string[] Ascii =
    [
        "A", "z", "0", "7", "12", "3.14", "99.5%", "1.2.3", "PM2.5", "AT&T", "c++", "C#", "c#", "B2B", "T\u6064", "USB-C", "a_b", "--", "...", ".5", "5.", "%", "%%", "+86", "0731-88888888", "#1", "&", "_", "-", ".", "+",
    ];

    private const string Alone = "说一话及于将都至小与下她最在被";

    private readonly Random _random = new(seed);

    // 等等等 is 等 and 等等 or 等等 and 等: of such equal paths jieba has its own choice.
    private readonly string[] _doubled = [.. words.Where(word => word.Length == 2 && word[0] == word[1])];

    public string Next()
    {
        var text = new StringBuilder();
        for (int pieces = _random.Next(1, 14); pieces > 0; pieces--) Append(text);
        return text.ToString();
    }

    private void Append(StringBuilder text)
    {
        switch (_random.Next(userWords.Count > 0 ? 11 : 10))
        {
            case 0 or 1 or 2:
                text.Append(words[_random.Next(words.Count)]);
                break;
            case 3:
                string word = words[_random.Next(words.Count)];
                int start = _random.Next(word.Length);
                text.Append(word, start, _random.Next(1, word.Length - start + 1));
                break;
            case 4:
                // The first characters of the range are more often used than most.
                for (int run = _random.Next(1, 9); run > 0; run--) text.Append((char)_random.Next(0x4E00, _random.Next(2) == 0 ? 0x5200 : 0x9FD8));
                break;
            case 5:
                // Words of one character, in runs that the model looks at.
                for (int run = _random.Next(1, 7); run > 0; run--) text.Append(words[_random.Next(words.Count)][0]);
                break;
            case 6:
                text.Append(Ascii[_random.Next(Ascii.Length)]);
                break;
            case 7:
                text.Append(Signs[_random.Next(Signs.Length)]);
                break;
            case 8:
                for (int run = _random.Next(1, 5); run > 0; run--) text.Append((char)_random.Next(0x21, 0x7F));
                break;
            case 9:
                text.Append(_doubled[_random.Next(_doubled.Length)][0], _random.Next(2, 8));
                break;
            default:
                // Between characters that mostly stand alone, so that the model has a longer run to look at.
                bool between = _random.Next(2) == 0;
                if (between) text.Append(Alone[_random.Next(Alone.Length)]);
                text.Append(userWords[_random.Next(userWords.Count)]);
                if (between) text.Append(Alone[_random.Next(Alone.Length)]);
                break;
        }
    }
}
