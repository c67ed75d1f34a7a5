using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Opinion.Desk.Letters;

namespace Opinion.Ingest.Open311;

/// <summary>The parameters of a call. One that is empty is as if it were not there.</summary>
public sealed partial class PostedFields
{
    /// <summary>The most parameters a call may have.</summary>
    public const int Most = 300;

    private readonly List<(string Name, string Value)> _fields;

    /// <summary>Takes the parameters in any order.</summary>
    /// <exception cref="ProblemException">There are too many, or one holds what is no text.</exception>
    public PostedFields(IEnumerable<(string Name, string Value)> fields)
    {
        _fields = [.. fields.Where(field => !string.IsNullOrWhiteSpace(field.Value))];
        if (_fields.Count > Most) throw new ProblemException(Problem.Bad("参数太多。", "There are too many parameters."));
        foreach (var (name, value) in _fields)
        {
            if (LetterText.Check(name, LetterText.TitleLimit, required: true) is not null) throw new ProblemException(Problem.Bad("有一个参数名不能识别。", "The name of a parameter cannot be taken."));
            switch (LetterText.Check(value, LetterText.BodyLimit, required: false))
            {
                case TextProblem.TooLong:
                    throw new ProblemException(Problem.Bad($"参数 {name} 太长。", $"The parameter {name} is too long."));
                case TextProblem.NullCharacter:
                    throw new ProblemException(Problem.Bad($"参数 {name} 里有空字符（U+0000）。", $"The parameter {name} holds U+0000."));
                case TextProblem.LoneSurrogate:
                    throw new ProblemException(Problem.Bad($"参数 {name} 里有不完整的代理对。", $"The parameter {name} holds half of a surrogate pair."));
            }
        }
    }

    /// <summary>The first value of a parameter; null where there is none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var pair in _fields)
            {
                if (string.Equals(pair.Name, name, StringComparison.Ordinal)) return pair.Value;
            }

            return null;
        }
    }

    /// <summary>The values of a parameter that may stand several times and hold several values, separated by commas.</summary>
    public IReadOnlyList<string> Each(string name) =>
        [.. _fields.Where(field => string.Equals(field.Name, name, StringComparison.Ordinal)).SelectMany(field => field.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal)];

    /// <summary>The answers to a service's own questions: <c>attribute[code]</c>, or <c>attribute[code][]</c> for several.</summary>
    public ILookup<string, string> Attributes => _fields.Select(pair => (Match: Attribute().Match(pair.Name), pair.Value)).Where(pair => pair.Match.Success)
        .ToLookup(pair => pair.Match.Groups[1].Value, pair => pair.Value, StringComparer.Ordinal);

    /// <summary>
    /// What makes two calls the same: a hash of all parameters but the key, in whatever order they came. It goes into the
    /// keyed hash of the letter's channel key and is kept nowhere itself.
    /// </summary>
    public string Hash()
    {
        var all = new StringBuilder();
        foreach (var (name, value) in _fields.Where(field => field.Name != "api_key").OrderBy(field => field.Name, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal))
            all.Append(name.Length).Append(':').Append(name).Append(value.Length).Append(':').Append(value);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }

    [GeneratedRegex(@"^attribute\[([^\[\]]{1,60})\](?:\[\])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Attribute();
}
