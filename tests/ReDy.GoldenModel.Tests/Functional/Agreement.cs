using System.Diagnostics;
using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Functional.Engines;
using ReDy.GoldenModel.Mapping;
using ReDy.Reference;

namespace ReDy.GoldenModel.Tests.Functional;

/// <summary>
/// Random layers on random legal configurations through the functional model and both references. A point is one
/// configuration with one layer and some vectors, and depends on the root seed and its number alone.
/// </summary>
internal sealed class Agreement
{
    private const int VectorsPerPoint = 20;
    private const int FullCapacityVectorsPerPoint = 50;

    public long Points { get; private set; }
    public long Mvms { get; private set; }
    public long Comparisons { get; private set; }
    public long PlainMvms { get; private set; }
    public long FullCapacityMvms { get; private set; }
    public long SaturatingMvmPoints { get; private set; }
    public long RequantisedOutputs { get; private set; }
    public EventCounts Events { get; private set; } = EventCounts.None;
    public List<string> Mismatches { get; } = [];
    public SortedDictionary<string, SortedDictionary<string, long>> Coverage { get; } = [];
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Points 0, 1, … until so many MVMs have been compared; the full-capacity ones come first.</summary>
    public void Run(ulong rootSeed, long mvms, long fullCapacityMvms)
    {
        var watch = Stopwatch.StartNew();
        for (ulong point = 0; Mvms < mvms && Mismatches.Count < 10; point++)
            RunPoint(rootSeed, point, fullCapacity: Mvms < fullCapacityMvms);
        Elapsed = watch.Elapsed;
    }

    public void RunPoint(ulong rootSeed, ulong point, bool fullCapacity)
    {
        var random = new SeededRandom(SeededRandom.Derive(rootSeed, point));
        TileConfig config = fullCapacity ? FullCapacityConfig(random) : RandomTileConfigs.FromSeed(random.NextUInt64(), maxCells: 1L << random.Between(6, 18));
        var geometry = new TileGeometry(config);
        int rows = fullCapacity ? geometry.CapacityRows : Size(random, geometry.Wordlines, geometry.CapacityRows, 400);
        int outputs = fullCapacity ? geometry.CapacityOutputs : Size(random, geometry.OutputsPerCrossbar, geometry.CapacityOutputs, Math.Max(1, 20000 / rows / geometry.BitlinesPerOutput));
        int vectors = fullCapacity ? FullCapacityVectorsPerPoint : VectorsPerPoint;
        OperandClass weightClass = DrawClass(random);
        OperandClass inputClass = DrawClass(random);
        Matrix<int> weights = Operands.Weights(geometry, rows, outputs, weightClass, random.NextUInt64());
        Matrix<ushort> inputs = Operands.Inputs(geometry, vectors, rows, inputClass, random.NextUInt64());
        var policy = (PrecisionPolicy)random.Between(0, (int)geometry.Policy);
        if (random.OneIn(2))
            policy = geometry.Policy;

        MappedLayer layer = new CrossbarMapper(geometry).Map(weights, policy);
        if (random.OneIn(2))
            layer = layer with { Thresholds = [.. layer.Thresholds.Select(_ => RandomThresholds(random, geometry))] };
        BitSerialResult naive = NaiveBitSerial.Multiply(
            Parameters(geometry, layer), vectors, rows, outputs, weights.Values, inputs.Integers());

        var differences = new List<string>();
        foreach (FunctionalEngine engine in FunctionalEngines.All.Where(engine => engine.IsAvailable))
        {
            foreach (Measurement measurement in Enum.GetValues<Measurement>().Where(measurement => engine.Supports(geometry, measurement)))
                CompareEngine(engine.Name, measurement);
        }

        FunctionalResult actual = new FunctionalMvm(geometry, layer).Multiply(inputs);
        Compare("outputs", naive.Outputs, actual.Outputs);
        if (geometry.Exact && naive.Drops.All(drop => drop == 0))
        {
            Compare("plain product", PlainIntegerProduct.Multiply(vectors, rows, outputs, weights.Values, inputs.Integers()), actual.Outputs);
            PlainMvms += vectors;
        }

        Int128 bound = (Int128)geometry.WeightMagnitude * geometry.ActivationMaximum * rows;
        if (actual.Outputs.Any(y => y > bound || y < -bound))
            differences.Add($"an output exceeds the bound {bound} that register widths are derived from");
        CompareRequantised(random, geometry, outputs, actual.Outputs, differences);

        Points++;
        Mvms += vectors;
        FullCapacityMvms += fullCapacity ? vectors : 0;
        SaturatingMvmPoints += actual.Events.Saturations != 0 ? 1 : 0;
        Events += actual.Events;
        Cover("weights", $"{weightClass}");
        Cover("inputs", $"{inputClass}");
        foreach (ConfigDimension dimension in RandomTileConfigs.Dimensions.Where(d => !d.Name.StartsWith("timing") && !d.Name.StartsWith("rtl")))
            Cover(dimension.Name, dimension.Describe(config));
        if (differences.Count != 0)
        {
            Mismatches.Add($"seed {rootSeed} point {point}{(fullCapacity ? " (full capacity)" : "")}: {string.Join("; ", differences)}\n"
                + $"  K = {rows}, N = {outputs}, weights {weightClass}, inputs {inputClass}, policy {policy}\n  {config}");
        }

        void CompareEngine(string engine, Measurement measurement)
        {
            FunctionalResult result = new FunctionalMvm(geometry, layer, measurement, engine).Multiply(inputs);
            string what = $"{engine}, {measurement}: ";
            Compare(what + "outputs", naive.Outputs, result.Outputs);
            Compare(what + "planes", naive.Planes, result.Planes);
            Compare(what + "conversions", [naive.Conversions], [result.Events.Conversions]);
            Compare(what + "crossbar steps", [naive.CrossbarSteps], [result.Events.CrossbarSteps]);
            Compare(what + "steps", [naive.Planes.Sum(), (long)naive.Planes.Length * geometry.Steps - naive.Planes.Sum()], [result.Events.StepsStreamed, result.Events.StepsSkipped]);
            Compare(what + "DAC drives", [naive.DacDrives], [result.Events.DacDrives]);
            Compare(what + "drop histogram",
                [.. Enumerable.Range(0, geometry.MaxDrop + 1).Select(d => naive.Drops.LongCount(drop => drop == d))], [.. result.Events.DropHistogram]);
            if (measurement >= Measurement.Saturations)
                Compare(what + "saturations", [naive.Saturations], [result.Events.Saturations]);
            if (measurement == Measurement.AdcToggles)
                Compare(what + "ADC toggles", [naive.AdcToggles], [result.AdcToggles]);
            Cover("engine", $"{engine}, {measurement}");
            if (naive.Saturations != 0)
                Cover("engine with saturations", $"{engine}, {measurement}");
        }

        void Compare<T>(string what, T[] expected, T[] got)
            where T : IEquatable<T>
        {
            Comparisons += expected.Length;
            int at = expected.AsSpan().CommonPrefixLength(got);
            if (at != expected.Length || at != got.Length)
                differences.Add($"{what}[{at}] should be {expected.ElementAtOrDefault(at)}, is {got.ElementAtOrDefault(at)}");
        }

        void Cover(string name, string value)
        {
            if (!Coverage.TryGetValue(name, out SortedDictionary<string, long>? values))
                Coverage[name] = values = new SortedDictionary<string, long>(StringComparer.Ordinal);
            values[value] = values.GetValueOrDefault(value) + 1;
        }
    }

    public override string ToString() =>
        $"{Mvms:N0} MVMs, {Comparisons:N0} numbers compared over all engines, {Points:N0} random configurations (all but the {FullCapacityMvms:N0} full-capacity MVMs small), "
        + $"{PlainMvms:N0} MVMs also against the plain integer product, {SaturatingMvmPoints:N0} configurations with saturations, "
        + $"{Events.Conversions:N0} conversions, {Events.Saturations:N0} saturated, {RequantisedOutputs:N0} requantised outputs, "
        + $"{Mismatches.Count} mismatches, {Elapsed.TotalSeconds:F0} s";

    private void CompareRequantised(SeededRandom random, TileGeometry geometry, int outputs, long[] accumulators, List<string> differences)
    {
        OutputsConfig widths = geometry.Config.Outputs;
        var requantisation = new Requantisation
        {
            Bias = [.. Enumerable.Range(0, outputs).Select(_ => (long)random.NextUInt64() >> (64 - random.Between(1, widths.BiasBits)))],
            Multiplier = [.. Enumerable.Range(0, outputs).Select(_ => (long)(random.NextUInt64() >> (64 - random.Between(1, widths.MultiplierBits))))],
            Shift = [.. Enumerable.Range(0, outputs).Select(_ => random.OneIn(2) ? random.Between(0, 20) : random.Between(0, TileGeometry.MaximumShift))],
            ZeroPoint = random.Between(0, (1 << widths.Bits) - 1),
            Relu = random.OneIn(2),
        };
        var requantiser = new Requantiser(geometry, requantisation, outputs);
        long limit = 1L << (geometry.BiasedBits - 1);
        for (int i = 0; i < accumulators.Length; i++)
        {
            int n = i % outputs;
            long biased = accumulators[i] + requantisation.Bias[n];
            if (biased >= limit || biased < -limit)
                continue;
            int expected = NaiveRequantisation.Quantise(
                accumulators[i], requantisation.Bias[n], requantisation.Multiplier[n], requantisation.Shift[n],
                requantisation.ZeroPoint, requantisation.Relu, widths.Bits);
            int got = requantiser.Requantise(accumulators[i], n);
            RequantisedOutputs++;
            if (expected != got)
            {
                differences.Add($"requantised output [{i / outputs}, {n}] should be {expected}, is {got}");
                return;
            }
        }
    }

    public static BitSerialParameters Parameters(TileGeometry geometry, MappedLayer layer) => new()
    {
        Wordlines = geometry.Config.Crossbar.Wordlines,
        Bitlines = geometry.Config.Crossbar.Bitlines,
        CellBits = geometry.Config.Cell.Bits,
        WeightBits = geometry.Config.Weights.Bits,
        Differential = geometry.Config.Weights.Encoding == WeightEncoding.Differential,
        Flip = geometry.Config.Weights.Flip ?? geometry.Config.Weights.Encoding == WeightEncoding.Offset,
        ActivationBits = geometry.Config.Activations.Bits,
        DacBits = geometry.Config.Dac.Bits,
        AdcBits = geometry.Config.Adc.Bits,
        AdcLsbShift = geometry.Config.Adc.LsbShift,
        AdcsPerCrossbar = geometry.Config.Adc.PerCrossbar,
        Policy = layer.Policy switch { PrecisionPolicy.Static => "static", PrecisionPolicy.Lossless => "lossless", _ => "statistical" },
        Statistic = geometry.Config.Precision.Statistic switch { GroupStatistic.Sum => "sum", GroupStatistic.Max => "max", _ => "nonzero_mean" },
        Rounding = geometry.Config.Precision.Rounding == DropRounding.Nearest ? "nearest" : "truncate",
        MaxDrop = geometry.Config.Precision.MaxDrop,
        Thresholds = [.. layer.Thresholds.Select(group => group.ToArray())],
    };

    /// <summary>The default tile, K = 1536 and N = 256, with any policy, statistic and rounding, and an ADC that may saturate.</summary>
    private static TileConfig FullCapacityConfig(SeededRandom random)
    {
        TileConfig config = new();
        return config with
        {
            Adc = config.Adc with { Bits = random.Pick(8, 8, 8, 7, 6) },
            Precision = config.Precision with
            {
                Policy = random.Pick(PrecisionPolicy.Statistical, PrecisionPolicy.Lossless, PrecisionPolicy.Static),
                Statistic = random.Pick(GroupStatistic.Sum, GroupStatistic.Max, GroupStatistic.NonzeroMean),
                Rounding = random.Pick(DropRounding.Nearest, DropRounding.Truncate),
            },
        };
    }

    /// <summary>Less than a crossbar, about one, about a tile, or more than one.</summary>
    private static int Size(SeededRandom random, int crossbar, int tile, int limit) =>
        Math.Clamp(random.Below(4) switch
        {
            0 => random.Between(1, crossbar),
            1 => random.Between(1, 2 * crossbar),
            2 => tile - random.Below(2),
            _ => random.Between(1, (int)Math.Min(int.MaxValue, 5L * tile / 2)),
        }, 1, limit);

    /// <summary>Mostly the classes in which many values occur.</summary>
    private static OperandClass DrawClass(SeededRandom random) =>
        random.OneIn(2) ? random.Pick(OperandClass.Uniform, OperandClass.Sparse) : (OperandClass)random.Below(6);

    /// <summary>Up to two more than may drop, which the limit must stop.</summary>
    private static long[] RandomThresholds(SeededRandom random, TileGeometry geometry) =>
        [.. Enumerable.Range(0, geometry.MaxDrop + random.Below(3)).Select(_ => (long)random.BetweenOctaves(1, 1 << geometry.ThresholdBits) - 1)];
}
