using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <summary>One pass through the tile with the functional model beside it: makes layers for the stimulus out of input vectors.</summary>
public sealed class PassModel
{
    private readonly TileGeometry geometry;
    private readonly FunctionalMvm multiplier;
    private readonly Requantiser requantiser;

    /// <param name="layer">What the functional model multiplies: the same part of the weights as in <paramref name="program"/>.</param>
    public PassModel(TileGeometry geometry, MappedLayer layer, LayerProgram program)
    {
        this.geometry = geometry;
        Program = program;
        multiplier = new FunctionalMvm(geometry, layer);
        var parameters = new Requantisation
        {
            Bias = program.Bias,
            Multiplier = program.Multiplier,
            Shift = program.Shift,
            ZeroPoint = program.ZeroPoint,
            Relu = program.Relu,
        };
        requantiser = new Requantiser(geometry, parameters, program.Outputs);
    }

    public LayerProgram Program { get; }

    /// <param name="inputs">[vectors, program rows].</param>
    /// <param name="partials">Per vector, if the program accumulates: as many as there are, missing ones count as zero.</param>
    public TileLayer Layer(string name, Matrix<ushort> inputs, IReadOnlyList<long[]>? partials = null)
    {
        FunctionalResult result = multiplier.Multiply(inputs);
        int outputs = Program.Outputs;
        var expected = new long[result.Outputs.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            int n = i % outputs;
            long[] added = partials?[i / outputs] ?? [];
            long sum = result.Outputs[i] + (n < added.Length ? added[n] : 0);
            expected[i] = Program.Raw ? Biased(sum, n) : requantiser.Requantise(sum, n);
        }

        return new TileLayer
        {
            Name = name,
            Program = Program,
            Activations = inputs,
            Expected = expected,
            Partials = partials ?? [],
            Events = result.Events,
        };
    }

    private long Biased(long sum, int n)
    {
        long biased = sum + Program.Bias[n];
        int unused = 64 - geometry.BiasedBits;
        return biased << unused >> unused == biased
            ? biased
            : throw new InputException(
                $"output {n}: the raw accumulator {biased} exceeds the tile's {geometry.BiasedBits} bits; "
                + "so many rows add up only with smaller weights or activations, or with a tile of a larger capacity");
    }
}
