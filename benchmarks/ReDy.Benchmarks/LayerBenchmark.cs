using BenchmarkDotNet.Attributes;
using ReDy.Architecture;
using ReDy.GoldenModel.Functional.Engines;

namespace ReDy.Benchmarks;

/// <summary>
/// Each case right after the baseline, so that both see the machine in the same state: <see cref="ScalarPopcount"/> on a few vectors
/// of the layer, one thread. Only ratios between the two are reported as results.
/// </summary>
public class LayerBenchmark
{
    /// <summary>Vectors of the baseline; its time grows with them exactly.</summary>
    private static readonly LayerCase BaselineCase = new("baseline", "") { Computation = Computation.ScalarPopcount, Vectors = 56 };

    private LayerWorkload baseline = null!;
    private LayerWorkload workload = null!;

    [ParamsSource(nameof(Cases))]
    public LayerCase Case { get; set; } = null!;

    public static double BaselineMultiplications => BaselineCase.Multiplications;

    public static IEnumerable<LayerCase> Cases => Kernels().Concat(Counters()).Concat(Batches()).Concat(Precision()).Concat(Threads()).Concat(Growth());

    [GlobalSetup]
    public void Prepare()
    {
        baseline = new LayerWorkload(BaselineCase);
        workload = new LayerWorkload(Case);
    }

    [Benchmark(Baseline = true)]
    public void Baseline() => baseline.Run();

    [Benchmark]
    public void Layer() => workload.Run();

    private static IEnumerable<string> Engines => FunctionalEngines.All.Where(engine => engine.IsAvailable).Select(engine => engine.Name);

    /// <summary>Engines that convert every bitline in every step.</summary>
    private static IEnumerable<string> BitSerialEngines => Engines.Where(engine => engine != "screened");

    private static IEnumerable<LayerCase> Kernels() =>
    [
        new("kernels", "") { Computation = Computation.NaiveBitSerial, Vectors = 4 },
        new("kernels", "") { Computation = Computation.PlainProduct, Vectors = 112 },
        .. Engines.Select(engine => new LayerCase("kernels", engine)),
    ];

    private static IEnumerable<LayerCase> Counters() =>
        from engine in BitSerialEngines
        from counted in new[]
        {
            new LayerCase("counters", engine, Measurement.Values) { Flip = false },
            new LayerCase("counters", engine, Measurement.Saturations) { Flip = false },
            new LayerCase("counters", engine, Measurement.AdcToggles),
        }
        select engine == "portable" ? counted with { Vectors = 56 } : counted;

    private static IEnumerable<LayerCase> Batches() =>
        from vectors in new[] { 1, 4, 16, 64, 256, 1024 }
        from engine in Engines
        where engine != "portable" || vectors <= 16
        select new LayerCase("batches", engine) { Vectors = vectors };

    private static IEnumerable<LayerCase> Precision() =>
        from engine in BitSerialEngines
        from bits in new[] { ActivationBits.All, ActivationBits.HighFour }
        select new LayerCase("precision", engine) { Bits = bits, Policy = PrecisionPolicy.Lossless, Vectors = engine == "portable" ? 56 : LayerWorkload.Vectors };

    private static IEnumerable<LayerCase> Threads() =>
        from engine in Engines
        from threads in new[] { 1, 2 }
        where threads <= Environment.ProcessorCount
        select new LayerCase("threads", engine) { Threads = threads, Vectors = 2 * LayerWorkload.Vectors };

    private static IEnumerable<LayerCase> Growth() =>
        from engine in FunctionalEngines.All.Where(engine => engine.IsAvailable && engine.Name != "portable").Take(2)
        from grown in new[] { 72, 144, 288, 1152 }.Select(rows => new LayerCase("growth K", engine.Name) { Rows = rows })
            .Concat(new[] { 8, 16, 32, 128 }.Select(outputs => new LayerCase("growth N", engine.Name) { Outputs = outputs }))
            .Concat(new[] { 49, 98, 196, 392 }.Select(vectors => new LayerCase("growth M", engine.Name) { Vectors = vectors }))
        select grown;
}
