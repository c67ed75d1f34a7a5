using System.Text.RegularExpressions;
using System.Xml;
using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Language;

/// <summary>The Chinese texts of the pages and the English of PageLanguage.en.resx belong together, one to one.</summary>
public sealed partial class LanguageFileTests
{
    private static readonly IReadOnlyList<string> Sources = [.. Repository.DashboardFiles(".cshtml"), .. Repository.DashboardFiles(".cs")];

    private static readonly IReadOnlyList<(string File, string Key)> Uses =
        [.. Sources.SelectMany(file => Text().Matches(File.ReadAllText(file)).Select(match => (file, match.Groups[1].Value)))];

    private static readonly List<(string Key, string English)> Resources = Read();

    [Fact]
    public void Every_text_has_its_English()
    {
        Assert.True(Uses.Count > 400);
        var keys = Resources.Select(resource => resource.Key).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(Uses, use => !keys.Contains(use.Key));
        Assert.All(Resources, resource => Assert.False(string.IsNullOrWhiteSpace(resource.English), resource.Key));
    }

    [Fact]
    public void No_English_is_left_over_and_none_stands_twice()
    {
        Assert.True(Resources.Count > 350);
        var used = Uses.Select(use => use.Key).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(Resources, resource => !used.Contains(resource.Key));
        Assert.Equal(Resources.Count, Resources.Select(resource => resource.Key).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_text_is_looked_up_by_a_literal_so_that_these_tests_see_it()
    {
        var lookups = Sources.SelectMany(file => Lookup().Matches(File.ReadAllText(file)).Select(match => (file, match.Value))).ToList();
        Assert.NotEmpty(lookups);
        Assert.All(lookups, lookup => Assert.True(lookup.Value.EndsWith('"') || lookup.Value is "this[string" or "texts[chinese", lookup.ToString()));
    }

    [Fact]
    public void Places_for_values_are_the_same_in_both()
    {
        Assert.Contains(Resources, resource => Place().IsMatch(resource.Key));
        Assert.All(Resources, resource => Assert.Equal(Places(resource.Key), Places(resource.English)));
        static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public void No_Han_stands_in_a_page_outside_its_texts()
    {
        var pages = Repository.DashboardFiles(".cshtml");
        Assert.True(pages.Count > 25);
        foreach (var page in pages)
        {
            var rest = Comment().Replace(Text().Replace(File.ReadAllText(page), ""), "").Replace(">中文</button>", "", StringComparison.Ordinal);
            Assert.False(Han().IsMatch(rest), $"{page}: {Han().Match(rest).Value}");
        }
    }

    [Fact]
    public void No_Han_stands_in_the_English()
    {
        Assert.All(Resources, resource => Assert.False(Han().IsMatch(resource.English), resource.English));
        Assert.All(Resources, resource => Assert.DoesNotMatch("[\u3000-\u303f\uff00-\uffef]", resource.English));
    }

    [Fact]
    public void Chinese_texts_have_Chinese_punctuation()
    {
        var wrong = new Regex("(?<=[\u4e00-\u9fff])[,;:!?()](?!//)|[,;:!?()](?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\\.");
        Assert.NotEmpty(Uses);
        Assert.DoesNotContain(Uses, use => wrong.IsMatch(use.Key));
    }

    private static List<(string Key, string English)> Read()
    {
        var file = Path.Combine(Repository.Root, "src", "Dashboard", "Language", "PageLanguage.en.resx");
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        var resources = new List<(string Key, string English)>();
        while (reader.ReadToFollowing("data"))
        {
            var key = reader.GetAttribute("name")!;
            reader.ReadToDescendant("value");
            resources.Add((key, reader.ReadElementContentAsString()));
        }

        return resources;
    }

    [GeneratedRegex("\\b(?:L|texts|this)\\[\"([^\"]*)\"")]
    private static partial Regex Text();

    [GeneratedRegex("\\b(?:L|texts|this)\\[(?:\"|\\w+)")]
    private static partial Regex Lookup();

    [GeneratedRegex("\\{\\d\\}")]
    private static partial Regex Place();

    [GeneratedRegex("@\\*.*?\\*@|^\\s*//.*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("[\u3400-\u9fff\uf900-\ufaff]")]
    private static partial Regex Han();
}
