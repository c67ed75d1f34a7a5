using Opinion.Nodes.Running;

namespace Opinion.Nodes.Compose;

/// <summary>
/// docker-compose.yml, read without Docker: the part of YAML that it keeps to (maps and lists by indentation, lists in one
/// line, plain and double-quoted words, one merged anchor). Anything else is refused, so that nothing is read wrongly.
/// </summary>
internal sealed class ComposeFile
{
    private readonly Dictionary<string, object> _root;

    private ComposeFile(Dictionary<string, object> root) => _root = root;

    public static ComposeFile Read() => Parse(File.ReadAllText(Path.Combine(Deployment.Root, "docker-compose.yml")));

    public static ComposeFile Parse(string text)
    {
        var lines = Joined(text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0 && !line.TrimStart().StartsWith('#'))).ToList();
        var at = 0;
        return new ComposeFile((Dictionary<string, object>)Block(lines, ref at, 0));
    }

    /// <summary>The map at a path; a merged anchor's entries count too.</summary>
    public IReadOnlyDictionary<string, object> Map(params string[] path) => (Dictionary<string, object>)At(path);

    /// <summary>The list of words at a path.</summary>
    public IReadOnlyList<string> List(params string[] path) => [.. ((List<object>)At(path)).Select(item => item as string ?? string.Join(' ', ((Dictionary<string, object>)item).Select(pair => pair.Key + "=" + pair.Value)))];

    /// <summary>The word at a path.</summary>
    public string Word(params string[] path) => (string)At(path);

    private object At(string[] path)
    {
        object here = _root;
        foreach (var name in path)
        {
            var map = (Dictionary<string, object>)here;
            here = map.TryGetValue(name, out var own) ? own
                : map.TryGetValue("<<", out var merged) && merged is string anchor && anchor == "*node" ? ((Dictionary<string, object>)_root["x-node"])[name]
                : throw new KeyNotFoundException($"{string.Join('.', path)}: there is no {name}");
        }

        return here;
    }

    // A list in one line may be broken after a comma.
    private static IEnumerable<string> Joined(IEnumerable<string> lines)
    {
        var open = "";
        foreach (var line in lines)
        {
            open += open.Length == 0 ? line : " " + line.TrimStart();
            if (open.EndsWith(',')) continue;
            yield return open;
            open = "";
        }
    }

    private static object Block(List<string> lines, ref int at, int indent)
    {
        var map = new Dictionary<string, object>(StringComparer.Ordinal);
        var list = new List<object>();
        while (at < lines.Count && Indent(lines[at]) is var here && here >= indent)
        {
            if (here != indent) throw new FormatException($"Indentation of: {lines[at]}");
            var text = lines[at][indent..];
            if (text.StartsWith("- ", StringComparison.Ordinal))
            {
                if (!text[2..].StartsWith('"') && text.Contains(": ", StringComparison.Ordinal))
                {
                    lines[at] = new string(' ', indent + 2) + text[2..];
                    list.Add(Block(lines, ref at, indent + 2));
                    continue;
                }

                list.Add(Value(text[2..]));
                at++;
                continue;
            }

            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || (colon + 1 < text.Length && text[colon + 1] != ' ')) throw new FormatException($"No entry: {text}");
            var (name, rest) = (text[..colon], text[(colon + 1)..].Trim());
            at++;
            var nested = at < lines.Count && Indent(lines[at]) > indent && (rest.Length == 0 || rest.StartsWith('&'));
            if (!map.TryAdd(name, nested ? Block(lines, ref at, Indent(lines[at])) : Value(rest))) throw new FormatException($"{name} stands twice");
        }

        if (map.Count > 0 && list.Count > 0) throw new FormatException("A list in a map");
        return list.Count > 0 ? list : map;
    }

    private static object Value(string text)
    {
        if (!text.StartsWith('[')) return Unquoted(text);
        if (!text.EndsWith(']')) throw new FormatException($"List without an end: {text}");
        var items = new List<object>();
        var word = "";
        var quoted = false;
        foreach (var (character, i) in text[1..^1].Select((character, i) => (character, i)))
        {
            if (character == '"' && text[i] != '\\') quoted = !quoted;
            if (character == ',' && !quoted)
            {
                items.Add(Unquoted(word.Trim()));
                word = "";
            }
            else
            {
                word += character;
            }
        }

        items.Add(Unquoted(word.Trim()));
        return items;
    }

    private static string Unquoted(string text)
    {
        if (text.StartsWith('"')) return text.EndsWith('"') && text.Length > 1 ? text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) : throw new FormatException($"Quote without an end: {text}");
        return text.StartsWith('{') || text.StartsWith('|') || text.StartsWith('>') || text.StartsWith('\'') ? throw new FormatException($"Not the YAML this file keeps to: {text}") : text;
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;
}
