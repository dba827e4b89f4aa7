using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <summary>
/// Layers that use one tile in every way that it offers, drawn from a seed: sizes, operand classes, policies, thresholds,
/// requantisation, partial sums, passes. Layers that share their weights follow each other on alternating banks.
/// </summary>
public sealed class RandomWorkload
{
    private static readonly OperandClass[] ActivationClasses =
        [OperandClass.Uniform, OperandClass.Sparse, OperandClass.AllOnes, OperandClass.SingleBit, OperandClass.WorstCaseBitlines, OperandClass.Zero];

    private readonly TileGeometry geometry;
    private readonly SeededRandom random;
    private readonly CrossbarMapper mapper;
    private readonly long clockBudget;
    private readonly bool misbehave;

    /// <param name="clockBudget">About how many clocks the vectors may take in all.</param>
    /// <param name="misbehave">Some packets of partial sums are too short or too long.</param>
    public RandomWorkload(TileGeometry geometry, ulong seed, long clockBudget, bool misbehave)
    {
        this.geometry = geometry;
        this.clockBudget = clockBudget;
        this.misbehave = misbehave;
        random = new SeededRandom(seed);
        mapper = new CrossbarMapper(geometry);
    }

    /// <summary>Clocks that a vector keeps the busiest part of the tile occupied, at most and roughly.</summary>
    public static long ClocksPerVector(TileGeometry geometry) =>
        Math.Max(
            (long)geometry.Steps * geometry.ClocksPerStep,
            Math.Max(geometry.CapacityRows / geometry.LoadLanes, geometry.CapacityOutputs)) + geometry.Config.Timing.AdcLatency + geometry.Config.Timing.DpuLatency;

    public IEnumerable<TileLayer> Layers()
    {
        int weightSets = random.Between(1, 2);
        long vectors = Math.Clamp(clockBudget / ClocksPerVector(geometry), 4, 96);
        for (int w = 0; w < weightSets; w++)
        {
            IEnumerable<TileLayer> layers = random.OneIn(4) ? Passes((int)vectors / weightSets) : OnAlternatingBanks((int)vectors / weightSets);
            foreach (TileLayer layer in layers)
                yield return layer;
        }
    }

    /// <summary>Several layers on one set of weights, each using part of it in its own way.</summary>
    /// <param name="vectors">Of all layers together; each has one at least.</param>
    /// <param name="layerCount">Layers; two to four if left out.</param>
    public IEnumerable<TileLayer> OnAlternatingBanks(int vectors, int? layerCount = null)
    {
        int rows = Rows(geometry.CapacityRows);
        int outputs = Outputs(geometry.CapacityOutputs);
        OperandClass weightClass = random.Pick(OperandClass.Uniform, OperandClass.Uniform, OperandClass.Sparse, OperandClass.WorstCaseBitlines, OperandClass.AllOnes, OperandClass.SingleBit);
        Matrix<int> weights = Operands.Weights(geometry, rows, outputs, weightClass, random.NextUInt64());
        MappedLayer mapped = mapper.Map(weights);
        IReadOnlyList<CrossbarImage> images = TilePasses.Split(geometry, mapped)[0].Program.Images;
        int layers = layerCount ?? random.Between(2, 4);
        for (int i = 0; i < layers; i++)
        {
            int usedRows = i == 0 ? rows : Rows(rows);
            int usedOutputs = i == 0 ? outputs : Outputs(outputs);
            MappedLayer part = mapped.Part(
                geometry, 0, TileGeometry.CeilingDivide(usedRows, geometry.Wordlines),
                0, TileGeometry.CeilingDivide(usedOutputs, geometry.OutputsPerCrossbar)) with
            {
                Rows = usedRows,
                Outputs = usedOutputs,
                Policy = Policy(),
            };
            OperandClass inputClass = random.Pick(ActivationClasses);
            int count = Math.Max(1, vectors / layers);
            Matrix<ushort> inputs = Operands.Inputs(geometry, count, usedRows, inputClass, random.NextUInt64());
            part = part with { Thresholds = [.. part.Thresholds.Select((configured, g) => Thresholds(configured, inputs, g))] };
            bool raw = random.OneIn(2);
            bool accumulate = random.OneIn(3);
            LayerProgram program = TilePasses.Split(geometry, part, raw ? null : RandomRequantisation.Draw(geometry, usedRows, usedOutputs, random))[0].Program with
            {
                Images = images,
                Accumulate = accumulate,
            };
            if (raw && random.OneIn(2))
                program = program with { Bias = RandomRequantisation.Biases(geometry, usedOutputs, random) };
            if (accumulate) // leaves room for the partial sums
                program = program with { Bias = [.. program.Bias.Select(bias => bias / 2)] };
            yield return new PassModel(geometry, part, program).Layer(
                $"weights {weightClass}, inputs {inputClass}, {usedRows} x {usedOutputs}", inputs,
                accumulate ? [.. Enumerable.Range(0, count).Select(_ => Partials(usedOutputs))] : null);
        }
    }

    /// <summary>A layer that exceeds the tile, in passes that hand partial sums on.</summary>
    private IEnumerable<TileLayer> Passes(int vectors)
    {
        int rows = geometry.CapacityRows + Rows(geometry.CapacityRows);
        int outputs = random.OneIn(2) ? Outputs(geometry.CapacityOutputs) : geometry.CapacityOutputs + Outputs(geometry.OutputsPerCrossbar);
        Matrix<int> weights = Operands.Weights(geometry, rows, outputs, OperandClass.Uniform, random.NextUInt64());
        OperandClass inputClass = random.Pick(OperandClass.Uniform, OperandClass.Sparse);
        int passes = 2 * TileGeometry.CeilingDivide(outputs, geometry.CapacityOutputs);
        Matrix<ushort> inputs = Operands.Inputs(geometry, Math.Max(1, vectors / passes), rows, inputClass, random.NextUInt64());
        Requantisation requantisation = RandomRequantisation.Draw(geometry, rows, outputs, random);
        return new LayerPasses(geometry, mapper.Map(weights, Policy()), requantisation).Layers($"inputs {inputClass}, {rows} x {outputs}", inputs);
    }

    private int Rows(int capacity) => Size(capacity, random.Pick(geometry.Wordlines, geometry.ActivationsPerBeat));

    private int Outputs(int capacity) => Size(capacity, geometry.OutputsPerCrossbar);

    /// <summary>All of it, a part, or a part that ends where something else does.</summary>
    /// <param name="unit">What else may end there, or one before, or up to two behind.</param>
    private int Size(int capacity, int unit) => random.Below(5) switch
    {
        0 => capacity,
        1 => Math.Max(1, capacity - 1),
        2 => random.BetweenOctaves(1, capacity),
        3 => Math.Clamp(unit * random.Between(0, capacity / unit) + random.Between(-1, 2), 1, capacity),
        _ => random.Between(1, capacity),
    };

    private PrecisionPolicy Policy() => random.OneIn(2) ? geometry.Policy : (PrecisionPolicy)random.Between(0, (int)geometry.Policy);

    /// <summary>Those of the configuration, or some that lie anywhere or just where a group of the inputs reaches or misses them.</summary>
    private IReadOnlyList<long> Thresholds(IReadOnlyList<long> configured, Matrix<ushort> inputs, int group) =>
        random.OneIn(3) ? configured : [.. Enumerable.Range(0, random.OneIn(3) ? random.Below(geometry.MaxDrop + 1) : geometry.MaxDrop).Select(_ => Threshold(inputs, group))];

    private long Threshold(Matrix<ushort> inputs, int group) => random.Below(4) switch
    {
        0 => random.BetweenOctaves(1, 1 << geometry.StatisticBits) - 1,
        1 => random.Between(0, (1 << geometry.StatisticBits) - 1),
        _ => Statistic(inputs.Row(random.Below(inputs.Rows))[(group * geometry.Wordlines)..Math.Min((group + 1) * geometry.Wordlines, inputs.Columns)]) + random.Below(2),
    };

    private long Statistic(ReadOnlySpan<ushort> activations)
    {
        long sum = 0;
        int maximum = 0;
        int nonzero = 0;
        foreach (int activation in activations)
        {
            sum += activation;
            maximum = Math.Max(maximum, activation);
            nonzero += activation != 0 ? 1 : 0;
        }

        return geometry.Config.Precision.Statistic switch
        {
            GroupStatistic.Max => maximum,
            GroupStatistic.Sum => sum,
            _ => sum / Math.Max(1, nonzero),
        };
    }

    private long[] Partials(int outputs)
    {
        int count = misbehave && random.OneIn(4) ? random.Between(0, 2 * outputs) : outputs;
        int bits = Math.Max(1, Math.Min(geometry.AccumulatorBits, geometry.BiasedBits - 3));
        var values = new long[count];
        foreach (ref long value in values.AsSpan())
            value = (long)random.NextUInt64() >> (64 - bits + random.Below(bits));
        return values;
    }
}
