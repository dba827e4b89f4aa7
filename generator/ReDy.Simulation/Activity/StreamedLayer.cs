using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Activity;

/// <summary>One layer and the vectors that stream through it, all with outputs of one kind.</summary>
/// <param name="Weights">[K, N].</param>
/// <param name="Inputs">[vectors, K].</param>
/// <param name="Requantisation">Null: outputs leave as raw accumulators.</param>
public sealed record StreamedLayer(Matrix<int> Weights, Matrix<ushort> Inputs, Requantisation? Requantisation)
{
    /// <summary>A layer of the tile's size with requantised outputs; half of the weights are zero, more than half of the activations, and what is not is small more often than large.</summary>
    public static StreamedLayer Draw(TileGeometry geometry, int vectors, ulong seed)
    {
        Matrix<int> weights = Operands.Weights(geometry, geometry.CapacityRows, geometry.CapacityOutputs, OperandClass.Sparse, SeededRandom.Derive(seed, 0));
        Requantisation requantisation = RandomRequantisation.Draw(geometry, weights.Rows, weights.Columns, new SeededRandom(SeededRandom.Derive(seed, 1)));
        return new StreamedLayer(weights, Operands.Inputs(geometry, vectors, weights.Rows, OperandClass.Sparse, SeededRandom.Derive(seed, 2)), requantisation);
    }
}
