using BenchmarkDotNet.Attributes;
using Opinion.Analysis.Suppression;
using Opinion.Analysis.Suppression.Audit;
using Opinion.Analysis.Tests.Suppression;

namespace Opinion.Analysis.Benchmarks;

/// <summary>
/// The release of an invented town's weeks, and its audit, beside plain hiding, which is the cheapest and tells what it hides.
/// </summary>
[MemoryDiagnoser]
public class SuppressionBenchmarks
{
    private Town _town = null!;
    private List<PublishedCell> _published = null!;

    [Params(1, 4)]
    public int Weeks { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _town = Town.Build(20261123, new TownShape(Weeks, 5, 3, 5, 8, 4, 400));
        _published = _town.Publish();
    }

    [Benchmark(Baseline = true)]
    public List<PublishedCell> PlainHiding() => _town.PublishPlainly();

    [Benchmark]
    public List<PublishedCell> Release() => _town.Publish();

    [Benchmark]
    public AuditReport Audit() => PublicationAuditor.Audit(_published, _town.Lines);
}
