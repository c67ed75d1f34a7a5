using BenchmarkDotNet.Running;
using Opinion.Analysis.Benchmarks;

// dotnet run -c Release --project tests/Analysis.Benchmarks -- --filter '*' --job short
BenchmarkSwitcher.FromAssembly(typeof(LetterBenchmarks).Assembly).Run(args);
