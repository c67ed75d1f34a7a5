using System.Globalization;
using System.Text;

namespace Opinion.Ingest.OwnSite;

/// <summary>
/// A robots.txt by RFC 9309: groups of user agents and their rules. Lenient as the RFC asks: what is no line of it is passed
/// over, whatever else stands between a group's lines does not end it.
/// </summary>
public sealed class RobotsFile
{
    /// <summary>Bytes that are read; the rest of a longer file is as if it were not there (RFC 9309, 2.5).</summary>
    public const int Limit = 500 * 1024;

    private readonly List<Group> _groups = [];

    private RobotsFile()
    {
    }

    /// <summary>A file that forbids nothing.</summary>
    public static RobotsFile Empty { get; } = new();

    /// <summary>Parses a file's bytes. Never fails.</summary>
    public static RobotsFile Parse(ReadOnlySpan<byte> content)
    {
        var file = new RobotsFile();
        if (content.StartsWith("\uFEFF"u8)) content = content[3..];
        if (content.Length >= Limit)
        {
            // A line that was cut could forbid less or more than was meant.
            content = content[..Limit];
            var whole = content.LastIndexOfAny((byte)'\n', (byte)'\r');
            content = content[..(whole + 1)];
        }

        var open = false;
        Group? group = null;
        // Bytes stay bytes, as characters U+0000 to U+00FF; what is not ASCII is escaped where it counts.
        foreach (var line in Encoding.Latin1.GetString(content).Split('\n', '\r'))
        {
            if (Pair(line) is not var (key, value)) continue;
            if (key.Equals("user-agent", StringComparison.OrdinalIgnoreCase))
            {
                if (!open) file._groups.Add(group = new Group());
                open = true;
                group!.Names.Add(value);
            }
            else if (group is null)
            {
                continue;
            }
            else if (key.Equals("crawl-delay", StringComparison.OrdinalIgnoreCase))
            {
                if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) group.Delay = Math.Max(group.Delay ?? 0, Math.Min(seconds, 86_400));
            }
            else if (key.Equals("allow", StringComparison.OrdinalIgnoreCase) || key.Equals("disallow", StringComparison.OrdinalIgnoreCase))
            {
                open = false;
                if (value.Length > 0) group.Rules.Add(new RobotsRule(key.Length == 5, RobotsRule.Escape(value)));
            }
        }

        return file;
    }

    /// <summary>The rules for one reader: those of all groups that name it, else those of all groups for everybody.</summary>
    /// <param name="token">The reader's product token, letters, <c>-</c> and <c>_</c>.</param>
    public RobotsRules For(string token)
    {
        var named = _groups.Where(group => group.Names.Any(name => TokenOf(name).Equals(token, StringComparison.OrdinalIgnoreCase))).ToList();
        var chosen = token.Length > 0 && named.Count > 0 ? named : [.. _groups.Where(group => group.Names.Any(IsEverybody))];
        var delay = chosen.Max(group => group.Delay);
        return new RobotsRules([.. chosen.SelectMany(group => group.Rules)], delay is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    private static (string Key, string Value)? Pair(string line)
    {
        var comment = line.IndexOf('#', StringComparison.Ordinal);
        var text = (comment < 0 ? line : line[..comment]).Trim(' ', '\t', '\f', '\v');
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0) return (text[..colon].TrimEnd(' ', '\t'), text[(colon + 1)..].TrimStart(' ', '\t'));
        // A colon that was forgotten is understood where there are exactly two words.
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2 ? (words[0], words[1]) : null;
    }

    private static string TokenOf(string name)
    {
        var end = 0;
        while (end < name.Length && (char.IsAsciiLetter(name[end]) || name[end] is '-' or '_')) end++;
        return name[..end];
    }

    private static bool IsEverybody(string name) => name.StartsWith('*') && (name.Length == 1 || name[1] is ' ' or '\t');

    private sealed class Group
    {
        public List<string> Names { get; } = [];

        public List<RobotsRule> Rules { get; } = [];

        public double? Delay { get; set; }
    }
}

/// <summary>What one reader may read of a site.</summary>
/// <param name="Rules">The rules that hold for it.</param>
/// <param name="Delay">How long it is asked to wait between two calls; null where it is not asked.</param>
public sealed record RobotsRules(IReadOnlyList<RobotsRule> Rules, TimeSpan? Delay)
{
    /// <summary>Whether a path may be read: the longest rule that matches decides, and of two as long the one that allows.</summary>
    /// <param name="path">Path and query as they are sent, percent-encoded.</param>
    public bool Allows(string path)
    {
        var target = RobotsRule.Escape(path.Length == 0 ? "/" : path);
        if (target == "/robots.txt") return true;
        int allow = -1, disallow = -1;
        foreach (var rule in Rules)
        {
            if (rule.Pattern.Length <= (rule.Allow ? allow : disallow) || !rule.Matches(target)) continue;
            if (rule.Allow) allow = rule.Pattern.Length;
            else disallow = rule.Pattern.Length;
        }

        return allow >= disallow;
    }
}

/// <summary>One rule.</summary>
/// <param name="Allow">Whether it allows what it matches.</param>
/// <param name="Pattern">The beginning of a path; <c>*</c> stands for anything, <c>$</c> at the end for the end.</param>
public readonly record struct RobotsRule(bool Allow, string Pattern)
{
    /// <summary>Whether the pattern matches a path from its beginning.</summary>
    public bool Matches(string path)
    {
        var anchored = Pattern.EndsWith('$');
        var pattern = anchored ? Pattern.AsSpan(0, Pattern.Length - 1) : Pattern;
        int p = 0, s = 0, star = -1, mark = 0;
        while (true)
        {
            if (p == pattern.Length)
            {
                if (!anchored || s == path.Length) return true;
            }
            else if (pattern[p] == '*')
            {
                (star, mark) = (p++, s);
                continue;
            }
            else if (s < path.Length && pattern[p] == path[s])
            {
                p++;
                s++;
                continue;
            }

            // The last star takes one more.
            if (star < 0 || mark >= path.Length) return false;
            (p, s) = (star + 1, ++mark);
        }
    }

    /// <summary>The form in which paths are compared: bytes beyond ASCII percent-encoded, hexadecimal digits of escapes in capitals; nothing else is changed.</summary>
    /// <param name="text">Bytes as characters up to U+00FF; anything beyond, which no path sent holds, stays and matches nothing.</param>
    internal static string Escape(string text)
    {
        StringBuilder? changed = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is > '\u007F' and <= '\u00FF')
            {
                (changed ??= new StringBuilder(text, 0, i, text.Length * 2)).Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            }
            else if (c == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                (changed ??= new StringBuilder(text, 0, i, text.Length)).Append('%').Append(char.ToUpperInvariant(text[i + 1])).Append(char.ToUpperInvariant(text[i + 2]));
                i += 2;
            }
            else
            {
                changed?.Append(c);
            }
        }

        return changed?.ToString() ?? text;
    }
}
