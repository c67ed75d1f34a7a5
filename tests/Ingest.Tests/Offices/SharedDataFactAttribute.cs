using Xunit.Abstractions;
using Xunit.Sdk;

namespace Opinion.Ingest.Tests.Offices;

/// <summary>
/// A test on the shared data beside the repository. Without the data it fails; with OPINION_NO_SHARED_DATA=1 it is not
/// discovered at all, so that no run shows it as passed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Opinion.Ingest.Tests.Offices.SharedDataFactDiscoverer", "Opinion.Ingest.Tests")]
public sealed class SharedDataFactAttribute : FactAttribute;

public sealed class SharedDataFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.GetEnvironmentVariable("OPINION_NO_SHARED_DATA") == "1" ? [] : base.Discover(discoveryOptions, testMethod, factAttribute);
}
