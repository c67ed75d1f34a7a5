using Xunit;

namespace Opinion.Analysis.Tests.Data;

/// <summary>Tests that bound a time run one at a time, after the others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
