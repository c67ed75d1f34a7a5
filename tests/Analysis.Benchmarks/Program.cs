using System.Globalization;
using BenchmarkDotNet.Running;
using Opinion.Analysis.Benchmarks;

// dotnet run -c Release --project tests/Analysis.Benchmarks -- --filter '*' --job short
if (args is ["topics", var count, var towns])
{
    TopicsGrowth.Run(int.Parse(count, CultureInfo.InvariantCulture), int.Parse(towns, CultureInfo.InvariantCulture));
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(LetterBenchmarks).Assembly).Run(args);
