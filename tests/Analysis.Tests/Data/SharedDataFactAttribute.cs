using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Opinion.Analysis.Tests.Data;

/// <summary>
/// A test that measures on the shared data beside the repository. Without the data it fails; with the
/// environment variable OPINION_NO_SHARED_DATA=1 it is not discovered at all, so that no run shows it as passed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Opinion.Analysis.Tests.Data.SharedDataFactDiscoverer", "Opinion.Analysis.Tests")]
public sealed class SharedDataFactAttribute : FactAttribute;

public sealed class SharedDataFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.GetEnvironmentVariable("OPINION_NO_SHARED_DATA") == "1"
            ? []
            : base.Discover(discoveryOptions, testMethod, factAttribute);
}
