using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <summary>What <c>redy verify</c> streams.</summary>
public sealed record OperandChoice
{
    /// <summary>[K, N]; null draws weights of the size of the tile in each operand class.</summary>
    public Matrix<int>? Weights { get; init; }

    /// <summary>[M, K]; null draws inputs.</summary>
    public Matrix<ushort>? Inputs { get; init; }

    /// <summary>Null with given weights: raw accumulators; with drawn ones: some of both.</summary>
    public Requantisation? Requantisation { get; init; }

    /// <summary>For what is drawn.</summary>
    public IReadOnlyList<OperandClass> Classes { get; init; } = [OperandClass.Uniform];

    /// <summary>Vectors of each class, where inputs are drawn.</summary>
    public int VectorsPerClass { get; init; } = 32;
    public PrecisionPolicy? Policy { get; init; }
    public ulong Seed { get; init; } = 1;

    /// <summary>Goes on with further vectors of every class in turn until so many clocks have passed.</summary>
    public long LeastClocks { get; init; }
}

/// <summary>
/// The layers of one verification, and the last comparison of all: whole layers' outputs, put together from what the tile
/// delivered in its passes, against the functional model of the whole layer.
/// </summary>
public sealed class VerifyWorkload
{
    /// <summary>Vectors that are multiplied and released together where the weights stay in the tile.</summary>
    private const int VectorsPerBlock = 64;

    private readonly TileGeometry geometry;
    private readonly OperandChoice choice;
    private readonly Func<long> clock;
    private readonly IEnumerable<TileLayer> further;
    private readonly List<Source> sources = [];
    private readonly Dictionary<TileLayer, FinalOutputs> finals = new(ReferenceEqualityComparer.Instance);
    private ulong drawn;

    /// <param name="clock">The stimulus' clock, for <see cref="OperandChoice.LeastClocks"/>.</param>
    /// <param name="further">Layers that follow the chosen ones, each whole in one pass.</param>
    public VerifyWorkload(TileGeometry geometry, OperandChoice choice, Func<long> clock, IEnumerable<TileLayer>? further = null)
    {
        this.further = further ?? [];
        this.geometry = geometry;
        this.choice = choice;
        this.clock = clock;
        if (choice.Weights is not null)
        {
            if (choice.Inputs is not null)
                sources.Add(new Source(this, "given", choice.Weights, choice.Requantisation, null));
            else
                sources.AddRange(choice.Classes.Select(c => new Source(this, Name(c), choice.Weights, choice.Requantisation, c)));
            return;
        }

        foreach (OperandClass operandClass in choice.Classes)
        {
            Matrix<int> weights = Operands.Weights(geometry, geometry.CapacityRows, geometry.CapacityOutputs, operandClass, NextSeed());
            var random = new SeededRandom(NextSeed());
            Requantisation requantisation = choice.Requantisation ?? RandomRequantisation.Draw(geometry, weights.Rows, weights.Columns, random);
            sources.Add(new Source(this, Name(operandClass), weights, requantisation, operandClass));
        }
    }

    /// <summary>Conversions that the vectors so far would have taken with every plane streamed.</summary>
    public long StaticConversions { get; private set; }

    /// <summary>Events of the layers that were delivered.</summary>
    public EventCounts Events { get; private set; } = EventCounts.None;

    /// <summary>Whole layers' outputs that were compared.</summary>
    public long OutputsCompared { get; private set; }

    /// <summary>Input vectors whose outputs are complete.</summary>
    public long VectorsCompleted { get; private set; }

    /// <summary>Passes through the tile per vector, of the source that needs most.</summary>
    public int Passes => sources.Max(source => source.Passes);

    /// <summary>The first output of a whole layer that is not what the functional model of the whole layer says.</summary>
    public string? Mismatch { get; private set; }

    public IEnumerable<TileLayer> Layers()
    {
        do
        {
            foreach (Source source in sources)
            {
                foreach (TileLayer layer in source.Round())
                    yield return layer;
            }
        }
        while (clock() < choice.LeastClocks && sources.Any(source => source.HasVectors));
        foreach (TileLayer layer in further)
        {
            finals.Add(layer, new FinalOutputs(new Lazy<long[]>(layer.Expected), layer.Program.Outputs, 0));
            yield return layer;
        }
    }

    /// <summary>To be called with every layer that the tile delivered.</summary>
    public void Complete(TileLayer layer, long[] received)
    {
        Events += layer.Events;
        int groups = TileGeometry.CeilingDivide(layer.Program.Rows, geometry.Wordlines);
        StaticConversions += (long)layer.Vectors * groups * geometry.Steps * layer.Program.Outputs * geometry.BitlinesPerOutput;
        if (!finals.Remove(layer, out FinalOutputs? final))
            return;
        OutputsCompared += received.Length;
        if (final.FirstOutput == 0)
            VectorsCompleted += layer.Vectors;
        int outputs = layer.Program.Outputs;
        for (int i = 0; i < received.Length && Mismatch is null; i++)
        {
            int m = i / outputs;
            int n = final.FirstOutput + i % outputs;
            long expected = final.Whole.Value[m * final.Outputs + n];
            if (received[i] != expected)
                Mismatch = $"{layer.Name}, vector {m}, output {n}: the tile delivers {received[i]}, the functional model of the whole layer {expected}";
        }
    }

    private static string Name(OperandClass operandClass) => OperandClassNames.Of(operandClass);

    private ulong NextSeed() => SeededRandom.Derive(choice.Seed, drawn++);

    private sealed record FinalOutputs(Lazy<long[]> Whole, int Outputs, int FirstOutput);

    /// <summary>One weight matrix and where its input vectors come from.</summary>
    private sealed class Source
    {
        private readonly VerifyWorkload workload;
        private readonly string name;
        private readonly Matrix<int> weights;
        private readonly OperandClass? drawnInputs;
        private readonly FunctionalMvm whole;
        private readonly Requantisation? requantisation;
        private readonly LayerPasses raw;
        private readonly LayerPasses? requantised;

        public Source(VerifyWorkload workload, string name, Matrix<int> weights, Requantisation? requantisation, OperandClass? drawnInputs)
        {
            this.workload = workload;
            this.name = name;
            this.weights = weights;
            this.requantisation = requantisation;
            this.drawnInputs = drawnInputs;
            TileGeometry geometry = workload.geometry;
            MappedLayer mapped = new CrossbarMapper(geometry).Map(weights, workload.choice.Policy);
            whole = new FunctionalMvm(geometry, mapped);
            raw = new LayerPasses(geometry, mapped, null);
            if (requantisation is not null)
                requantised = new LayerPasses(geometry, mapped, requantisation, raw.Passes);
        }

        public int Passes => raw.Passes.Count;
        public bool HasVectors => drawnInputs is not null || workload.choice.Inputs!.Rows != 0;

        /// <summary>All given vectors, or as many new ones as were asked for.</summary>
        public IEnumerable<TileLayer> Round()
        {
            Matrix<ushort> inputs = drawnInputs is { } operandClass
                ? Operands.Inputs(workload.geometry, workload.choice.VectorsPerClass, weights.Rows, operandClass, workload.NextSeed())
                : workload.choice.Inputs!;

            // Drawn requantisation: first half raw, second half requantised, so that both see every class.
            int rawVectors = requantised is null ? inputs.Rows : workload.choice.Requantisation is null ? inputs.Rows / 2 : 0;
            return Blocks(raw, null, inputs, 0, rawVectors).Concat(Blocks(requantised, requantisation, inputs, rawVectors, inputs.Rows));
        }

        private IEnumerable<TileLayer> Blocks(LayerPasses? passes, Requantisation? with, Matrix<ushort> inputs, int first, int end)
        {
            if (passes is null)
                yield break;
            int blockVectors = passes.Passes.Count == 1 ? VectorsPerBlock : int.MaxValue;
            for (int m = first; m < end; m += Math.Min(blockVectors, end - m))
            {
                Matrix<ushort> block = inputs.Block(m, Math.Min(blockVectors, end - m), 0, inputs.Columns);
                var expected = new Lazy<long[]>(() => WholeOutputs(block, with));
                int p = 0;
                foreach (TileLayer layer in passes.Layers($"{name}, {(with is null ? "raw" : "requantised")}", block))
                {
                    TilePass pass = passes.Passes[p++];
                    if (pass.IsLast)
                        workload.finals.Add(layer, new FinalOutputs(expected, weights.Columns, pass.FirstOutput));
                    yield return layer;
                }
            }
        }

        private long[] WholeOutputs(Matrix<ushort> block, Requantisation? with)
        {
            long[] outputs = whole.Multiply(block).Outputs;
            if (with is null)
                return outputs;
            int[] requantised = new int[outputs.Length];
            new Requantiser(workload.geometry, with, weights.Columns).Requantise(outputs, requantised);
            return Array.ConvertAll(requantised, value => (long)value);
        }
    }
}
