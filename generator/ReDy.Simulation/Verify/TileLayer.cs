using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <summary>Vectors that go through one layer program of the tile, and what must come out according to the functional model.</summary>
public sealed record TileLayer
{
    /// <summary>What it is, for reports: operand class, pass.</summary>
    public required string Name { get; init; }
    public required LayerProgram Program { get; init; }

    /// <summary>[vectors, program rows].</summary>
    public required Matrix<ushort> Activations { get; init; }

    /// <summary>Values on m_axis, [vector * outputs + output]: raw accumulators or requantised outputs.</summary>
    public required long[] Expected { get; init; }

    /// <summary>
    /// Per vector the values on s_axis_partial, if the program accumulates. A packet with fewer beats than the outputs need counts
    /// as ending in zeros, further beats are ignored; both are errors that the tile reports.
    /// </summary>
    public IReadOnlyList<long[]> Partials { get; init; } = [];

    /// <summary>What the performance counters must count.</summary>
    public required EventCounts Events { get; init; }

    public int Vectors => Activations.Rows;
}
