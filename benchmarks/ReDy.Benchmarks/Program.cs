using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using ReDy.Benchmarks;

// Usage: ReDy.Benchmarks [FOLDER]: measures everything and writes FOLDER/<processor>.md and its plots (default docs/performance).
string folder = args.Length > 0 ? args[0] : Path.Combine("docs", "performance");
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(6).WithIterationTime(TimeInterval.FromMilliseconds(50));
IConfig config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance).AddColumnProvider(DefaultColumnProviders.Instance).WithArtifactsPath(Path.Combine("build", "benchmarks"));

Console.Error.WriteLine("engines of the functional model (some minutes) ...");
Summary layers = BenchmarkRunner.Run<LayerBenchmark>(config);
List<MeasuredCase> cases = [];
foreach (IGrouping<LayerCase, BenchmarkReport> pair in layers.Reports.GroupBy(report => (LayerCase)report.BenchmarkCase.Parameters[nameof(LayerBenchmark.Case)]))
{
    BenchmarkReport baseline = pair.Single(report => report.BenchmarkCase.Descriptor.Baseline), layer = pair.Single(report => !report.BenchmarkCase.Descriptor.Baseline);
    cases.Add(new MeasuredCase(pair.Key, Microseconds(layer), Microseconds(baseline), layer.GcStats.GetBytesAllocatedPerOperation(layer.BenchmarkCase) ?? 0));
}

Console.Error.WriteLine("generation of Verilog ...");
Summary generation = BenchmarkRunner.Run<GenerationBenchmark>(config);
List<(int Crossbars, double Milliseconds)> generations =
    [.. generation.Reports.Select(report => (GenerationBenchmark.Crossbars((int)report.BenchmarkCase.Parameters[nameof(GenerationBenchmark.Side)]), Microseconds(report) / 1000))];

List<CycleModelComparison> tiles = [];
foreach (string preset in new[] { "tiny", "redy" })
{
    Console.Error.WriteLine($"cycle-accurate model against Verilator, preset {preset} ...");
    tiles.Add(await CycleModelComparison.MeasureAsync(preset));
}

var report = new PerformanceReport(Machine.Read(), cases, generations, tiles);
Console.Out.WriteLine(report.Write(folder));
return 0;

static double Microseconds(BenchmarkReport report) =>
    (report.ResultStatistics ?? throw new InvalidOperationException($"{report.BenchmarkCase.DisplayInfo}: no result")).Min / 1000;
