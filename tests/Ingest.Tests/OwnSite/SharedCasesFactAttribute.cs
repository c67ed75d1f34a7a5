using Xunit.Abstractions;
using Xunit.Sdk;

namespace Opinion.Ingest.Tests.OwnSite;

/// <summary>
/// A test on the shared data beside the repository. Without the data it fails; with OPINION_NO_SHARED_DATA=1 it is not
/// discovered at all, so that no run shows it as passed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Opinion.Ingest.Tests.OwnSite.SharedCasesFactDiscoverer", "Opinion.Ingest.Tests")]
public sealed class SharedCasesFactAttribute : FactAttribute;

public sealed class SharedCasesFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.GetEnvironmentVariable("OPINION_NO_SHARED_DATA") == "1" ? [] : base.Discover(discoveryOptions, testMethod, factAttribute);
}
