using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using ReDy.Architecture;
using ReDy.Benchmarks;

// Usage: ReDy.Benchmarks [FOLDER]: measures everything and writes FOLDER/<processor>.md and its plots (default docs/performance).
if (args is [MemoryUse.Option, { } measured])
{
    MemoryUse.Report(measured);
    return 0;
}

string folder = args.Length > 0 ? args[0] : Path.Combine("docs", "performance");
Console.Error.WriteLine("memory of the engines ...");
IReadOnlyList<MemoryUse> memory = MemoryUse.Measure();
List<CycleModelComparison> tiles = [];
foreach ((string name, TileConfig config) in CycleModelComparison.Tiles)
{
    Console.Error.WriteLine($"cycle-accurate model against Verilator, {name} ...");
    tiles.Add(await CycleModelComparison.MeasureAsync(name, config));
}

Console.Error.WriteLine("engines of the functional model (some minutes) ...");
Summary layers = BenchmarkRunner.Run<LayerBenchmark>(Config(warmups: 1));
List<MeasuredCase> cases = [];
BenchmarkReport[] reports = [.. layers.Reports];
for (int i = 0; i < reports.Length; i++)
{
    // Reports come in the order of measurement: a case's baseline before it, the next case's baseline after it.
    BenchmarkReport layer = reports[i];
    if (layer.BenchmarkCase.Descriptor.Baseline)
        continue;
    double baseline = Math.Min(Microseconds(reports[i - 1]), i + 1 < reports.Length ? Microseconds(reports[i + 1]) : double.MaxValue);
    var which = (LayerCase)layer.BenchmarkCase.Parameters[nameof(LayerBenchmark.Case)];
    cases.Add(new MeasuredCase(which, Microseconds(layer), baseline));
}

Console.Error.WriteLine("generation of Verilog ...");
Summary generation = BenchmarkRunner.Run<GenerationBenchmark>(Config(warmups: 20));
List<(int Crossbars, double Milliseconds)> generations =
    [.. generation.Reports.Select(report => (GenerationBenchmark.Crossbars((int)report.BenchmarkCase.Parameters[nameof(GenerationBenchmark.Side)]), Microseconds(report) / 1000))];

var report = new PerformanceReport(Machine.Read(), cases, memory, generations, tiles);
Console.Out.WriteLine(report.Write(folder));
return 0;

// Generation is slow until the template engine is compiled; the kernels are after the first few cases.
static IConfig Config(int warmups)
{
    Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(warmups).WithIterationCount(6).WithIterationTime(TimeInterval.FromMilliseconds(40));
    return ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance).AddColumnProvider(DefaultColumnProviders.Instance).WithArtifactsPath(Path.Combine("build", "benchmarks"));
}

static double Microseconds(BenchmarkReport report) =>
    (report.ResultStatistics ?? throw new InvalidOperationException($"{report.BenchmarkCase.DisplayInfo}: no result")).Min / 1000;
