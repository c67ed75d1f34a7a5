using System.Reflection;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests;

/// <summary>Every suite of the store runs on both engines, and nothing of it can be left out.</summary>
public sealed class BothEnginesTests
{
    [Fact]
    public void Every_suite_is_inherited_once_for_each_engine()
    {
        var suites = typeof(DeskSuite).Assembly.GetTypes().Where(type => type.IsAbstract && type.IsSubclassOf(typeof(DeskSuite)) && HasTests(type)).ToList();
        Assert.InRange(suites.Count, 15, 1000);
        Assert.Empty(suites.SelectMany(Missing));
    }

    [Fact]
    public void The_rule_bites() => Assert.Equal(["OnlyOnSqlite is not on Postgres"], Missing(typeof(OnlyOnSqlite)));

    [Fact]
    public void No_test_of_a_suite_is_skipped()
    {
        var facts = typeof(DeskSuite).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetCustomAttributes<FactAttribute>()).ToList();
        Assert.InRange(facts.Count, 200, 10_000);
        Assert.DoesNotContain(facts, fact => fact.Skip is not null);
    }

    // What several suites share is none itself.
    private static bool HasTests(Type type) => type.GetMethods().Any(method => method.GetCustomAttributes<FactAttribute>().Any());

    private static List<string> Missing(Type suite)
    {
        var on = suite.Assembly.GetTypes().Where(type => type.BaseType == suite && !type.IsAbstract).ToList();
        return [.. new[] { "Sqlite", "Postgres" }.Where(engine => on.Count(type => type.Name.EndsWith("On" + engine, StringComparison.Ordinal)) != 1).Select(engine => $"{suite.Name} is not on {engine}")];
    }

    private abstract class OnlyOnSqlite(TestEngine engine) : DeskSuite(engine);

    private sealed class OnlyOnSqliteOnSqlite() : OnlyOnSqlite(TestEngine.Sqlite);
}
