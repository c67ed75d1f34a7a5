using System.Runtime.InteropServices;

namespace Opinion.Analysis.Topics;

/// <summary>
/// Groups letters into topics as they come and go. The grouping is a function of the letters that are in the index and
/// of the <see cref="TopicStatistics"/> it was made with: in what order they came, in how many batches, and what was
/// added and removed in between makes no difference. A change regroups only the letters it is tied to. The index keeps
/// grams, ids and times, no text. Not thread-safe; the topics it gives out are.
/// </summary>
/// <remarks>
/// Letters of the same content are one node. Nodes that share a rare gram are compared, pairs that may be about the same
/// matter are tied, and each component of tied nodes is parted into topics whose letters are alike on average. Adding n
/// letters takes time near-linear in n.
/// </remarks>
public sealed class TopicIndex
{
    private readonly TopicStatistics _statistics;
    private readonly TieGraph _graph = new();
    private readonly TopicSplitter _splitter;
    private readonly Dictionary<UInt128, int> _byContent = [];
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<int[]>> _components = [];
    private int _nextComponent;

    /// <summary>Makes an empty index.</summary>
    /// <param name="statistics">How rare grams are; kept for the life of the index.</param>
    public TopicIndex(TopicStatistics statistics)
    {
        _statistics = statistics;
        _splitter = new TopicSplitter(_graph.Node, _graph.Order);
    }

    /// <summary>The number of letters in the index.</summary>
    public int Count => _byId.Count;

    /// <summary>Groups a collection at once, with statistics of these letters themselves.</summary>
    /// <param name="letters">Any number of letters, in any order.</param>
    /// <param name="table">The table of common grams.</param>
    /// <exception cref="ArgumentException">Two letters have the same id.</exception>
    public static TopicIndex Of(IReadOnlyList<TopicLetter> letters, GramTable table)
    {
        var grams = new LetterGrams[letters.Count];
        var index = new TopicIndex(TopicStatistics.Of(letters.Count, i => grams[i] = LetterGrams.Of(letters[i], table), table));
        index.Add(letters, grams);
        return index;
    }

    /// <summary>Adds a batch of letters; each joins a topic or starts one. Works on all cores.</summary>
    /// <param name="batch">Any number of letters, in any order.</param>
    /// <exception cref="ArgumentException">An id stands twice in the batch or is in the index already; the index is as it was.</exception>
    public void Add(IReadOnlyList<TopicLetter> batch) => Add(batch, null);

    private void Add(IReadOnlyList<TopicLetter> batch, LetterGrams[]? grams)
    {
        var ids = new HashSet<string>(batch.Count, StringComparer.Ordinal);
        foreach (TopicLetter letter in batch)
        {
            if (_byId.ContainsKey(letter.Id) || !ids.Add(letter.Id)) throw new ArgumentException($"a letter \"{letter.Id}\" is there already", nameof(batch));
        }

        var profiles = new LetterProfile[batch.Count];
        Parallel.For(0, batch.Count, i => profiles[i] = new LetterProfile(batch[i], grams?[i] ?? LetterGrams.Of(batch[i], _statistics.Table), _statistics));
        var added = new List<int>();
        for (int i = 0; i < batch.Count; i++)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_byContent, profiles[i].Content, out bool exists);
            if (!exists)
            {
                number = _graph.Make(profiles[i]);
                added.Add(number);
            }

            _graph.Node(number).Letters.Add((batch[i].Id, batch[i].Time));
            _byId.Add(batch[i].Id, number);
        }

        added.Sort(_graph.Order);
        int[] nodes = [.. added];
        var touched = new HashSet<int>();
        _graph.Tie(nodes, touched);
        Regroup(nodes, touched);
    }

    /// <summary>Removes a letter: nothing of it is left, and the grouping is as if it had never come.</summary>
    /// <param name="id">The letter's id.</param>
    /// <returns>Whether the letter was there.</returns>
    public bool Remove(string id)
    {
        if (!_byId.Remove(id, out int number)) return false;
        LetterNode node = _graph.Node(number);
        node.Letters.RemoveAt(node.Letters.FindIndex(letter => string.Equals(letter.Id, id, StringComparison.Ordinal)));
        if (node.Letters.Count > 0) return true;
        var touched = new HashSet<int>();
        _graph.Remove(number, touched);
        _byContent.Remove(node.Profile.Content);
        foreach (int[] topic in Dissolve(node.Component))
        {
            foreach (int member in topic)
            {
                if (member != number) touched.Add(member);
            }
        }

        Regroup([], touched);
        return true;
    }

    /// <summary>The topic of a letter.</summary>
    /// <param name="id">The letter's id.</param>
    /// <exception cref="KeyNotFoundException">The letter is not in the index.</exception>
    public Topic TopicOf(string id)
    {
        int number = _byId[id];
        return MakeTopic(_components[_graph.Node(number).Component].Find(topic => Array.IndexOf(topic, number) >= 0)!);
    }

    /// <summary>All topics, those of more letters first, equals by <see cref="Topic.First"/>, then by <see cref="Topic.Key"/>.</summary>
    public IReadOnlyList<Topic> Topics()
    {
        var topics = new List<Topic>(_components.Count);
        foreach (List<int[]> component in _components.Values) topics.AddRange(component.Select(MakeTopic));
        topics.Sort((a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count)
            : a.First != b.First ? a.First.CompareTo(b.First) : string.CompareOrdinal(a.Key, b.Key));
        return topics;
    }

    private Topic MakeTopic(int[] nodes)
    {
        var letters = new List<(string Id, DateTimeOffset Time)>(nodes.Length);
        foreach (int number in nodes) letters.AddRange(_graph.Node(number).Letters);
        letters.Sort((a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.Id, b.Id));
        return new Topic(letters, nodes.Length);
    }

    /// <summary>Parts new nodes and the components of touched ones into topics.</summary>
    private void Regroup(int[] added, HashSet<int> touched)
    {
        var nodes = new HashSet<int>(added);
        nodes.UnionWith(touched);
        foreach (int number in touched)
        {
            int component = _graph.Node(number).Component;
            if (_components.ContainsKey(component)) nodes.UnionWith(Dissolve(component).SelectMany(topic => topic));
        }

        int[] members = [.. nodes];
        Array.Sort(members, _graph.Order);
        var places = new Dictionary<int, int>(members.Length);
        for (int i = 0; i < members.Length; i++) places.Add(members[i], i);
        var sets = new DisjointSets(members.Length);
        for (int i = 0; i < members.Length; i++)
        {
            foreach (LetterNode.Tie tie in _graph.Node(members[i]).Ties) sets.Join(i, places[tie.Other]);
        }

        List<int[]> components = sets.Sets(members);
        var topics = new List<int[]>[components.Count];
        Parallel.For(0, components.Count, i => topics[i] = _splitter.Split(components[i]));
        for (int i = 0; i < components.Count; i++)
        {
            int component = _nextComponent++;
            _components.Add(component, topics[i]);
            foreach (int number in components[i]) _graph.Node(number).Component = component;
        }
    }

    /// <summary>Takes a component away.</summary>
    /// <returns>The nodes of its topics; they belong to no component until they are regrouped.</returns>
    private List<int[]> Dissolve(int component)
    {
        _components.Remove(component, out List<int[]>? topics);
        return topics!;
    }
}
