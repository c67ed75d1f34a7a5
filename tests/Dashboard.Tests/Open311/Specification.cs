using Xunit.Abstractions;
using Xunit.Sdk;

namespace Opinion.Dashboard.Tests.Open311;

/// <summary>A test on the specification in <c>shared/data/open311</c>. Without it it fails; with OPINION_NO_SHARED_DATA=1 it is not discovered at all.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Opinion.Dashboard.Tests.Open311.SpecificationFactDiscoverer", "Opinion.Dashboard.Tests")]
public sealed class SpecificationFactAttribute : FactAttribute;

public sealed class SpecificationFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.GetEnvironmentVariable("OPINION_NO_SHARED_DATA") == "1" ? [] : base.Discover(discoveryOptions, testMethod, factAttribute);
}
