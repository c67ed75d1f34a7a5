namespace Opinion.Analysis.Segmentation;

/// <summary>
/// Adds words to the double array of a prebuilt dictionary while it is loaded. Where the place of a new child is taken,
/// the children of its parent move to places that are free (Aoe 1989).
/// </summary>
internal sealed class UserWordEditor
{
    // After so many bases tried in vain the next search does not try them again.
    private const int Patience = 4096;

    private readonly WordFileReader _file;
    private readonly HashSet<int> _bases = [];
    private readonly List<int> _frequencies;
    private readonly Dictionary<int, int> _places = [];
    private ulong[] _nodes;
    private int _hint = 1;

    public UserWordEditor(WordFileReader file, UserWords words)
    {
        _file = file;
        _nodes = file.Nodes;
        _frequencies = [.. file.Frequencies];
        Count = file.Count;
        Total = file.Total;
        for (int place = 0; place < _frequencies.Count; place++) _places[_frequencies[place]] = place;
        foreach (ulong node in _nodes)
        {
            if (node != WordFile.Free) _bases.Add(WordFile.BaseOf(node));
        }

        foreach (UserWord word in words.Words) Add(word.Word, word.Frequency, word.Kind);
    }

    public ulong[] Nodes => _nodes;

    public int[] Frequencies => [.. _frequencies];

    public Dictionary<string, UserWord> Strangers { get; } = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    public long Total { get; private set; }

    public bool HasWordsApart { get; private set; }

    private void Add(string word, int frequency, WordKind? kind)
    {
        // The old frequency of a known word stays in the total, as in jieba.
        Total += frequency;
        HasWordsApart |= frequency == 0;
        var codes = new int[word.Length];
        for (int i = 0; i < word.Length; i++)
        {
            codes[i] = _file.Codes.Of(word[i]);
            if (codes[i] != WordFile.OutsideCode) continue;
            UserWord? before = Strangers.GetValueOrDefault(word);
            Strangers[word] = new UserWord(word, frequency, KindAfter(before?.Kind ?? WordKind.Other, frequency, kind));
            Recount(before?.Frequency ?? 0, frequency);
            return;
        }

        int at = -1;
        foreach (int code in codes) at = Child(at, code);
        Recount(WordFile.FrequencyOf(_nodes[at]), frequency);
        _nodes[at] = WordFile.Node(WordFile.CodeOf(_nodes[at]), WordFile.BaseOf(_nodes[at]), PlaceOf(frequency), KindAfter(WordFile.KindOf(_nodes[at]), frequency, kind));
    }

    // Once apart, a word stays apart from what the model finds, even when a later line makes it a word again: so it is in jieba.
    private static WordKind KindAfter(WordKind before, int frequency, WordKind? kind) =>
        before == WordKind.Apart || frequency == 0 ? WordKind.Apart : kind ?? before;

    private void Recount(int before, int after) => Count += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);

    private int PlaceOf(int frequency)
    {
        if (_places.TryGetValue(frequency, out int place)) return place;
        _frequencies.Add(frequency);
        return _places[frequency] = _frequencies.Count - 1;
    }

    /// <summary>The place of a child, made where it was missing; <paramref name="parent"/> is -1 for the root.</summary>
    private int Child(int parent, int code)
    {
        int childBase = parent < 0 ? 0 : WordFile.BaseOf(_nodes[parent]);
        if (parent >= 0 && childBase == 0) childBase = Move(parent, [], code);
        int place = childBase + code;
        if (WordFile.CodeOf(_nodes[place]) == code) return place;
        if (_nodes[place] != WordFile.Free)
        {
            // Places of the root's children are never taken by others, so this parent can be moved.
            place = Move(parent, [.. Enumerable.Range(1, _file.Codes.Count - 1).Where(other => WordFile.CodeOf(_nodes[childBase + other]) == other)], code) + code;
        }

        _nodes[place] = WordFile.Node(code, 0, 0, WordKind.Other);
        return place;
    }

    /// <summary>Gives a parent a base where its children and one more have room, and moves them there.</summary>
    private int Move(int parent, int[] children, int added)
    {
        int before = WordFile.BaseOf(_nodes[parent]);
        int found = FindBase(children, added);
        foreach (int code in children)
        {
            _nodes[found + code] = _nodes[before + code];
            _nodes[before + code] = WordFile.Free;
        }

        if (before != 0) _bases.Remove(before);
        _bases.Add(found);
        ulong node = _nodes[parent];
        _nodes[parent] = WordFile.Node(WordFile.CodeOf(node), found, WordFile.FrequencyOf(node), WordFile.KindOf(node));
        return found;
    }

    private int FindBase(int[] children, int added)
    {
        for (int found = _hint; found <= WordFile.MostBase; found++)
        {
            // A base plus any code must be a place.
            if (found + _file.Codes.Count > _nodes.Length) Grow();
            if (_bases.Contains(found) || !IsFree(found + added) || !Array.TrueForAll(children, code => IsFree(found + code))) continue;
            if (found - _hint > Patience) _hint = found;
            return found;
        }

        throw new Dictionaries.DictionaryException("office.txt", 0, "more words than the dictionary has room for");
    }

    private bool IsFree(int place) => place >= _file.Codes.Count && _nodes[place] == WordFile.Free;

    private void Grow()
    {
        int before = _nodes.Length;
        Array.Resize(ref _nodes, before + (before / 4) + _file.Codes.Count);
        _nodes.AsSpan(before).Fill(WordFile.Free);
    }
}
