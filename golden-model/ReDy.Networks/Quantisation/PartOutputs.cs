using ReDy.Architecture;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Networks.Quantisation;

/// <summary>What the tile delivers for the accumulators of one part of a layer: codes, or for raw layers the accumulators with their bias.</summary>
public sealed class PartOutputs
{
    private readonly Requantiser? requantiser;
    private readonly long[] biases;

    public PartOutputs(TileGeometry geometry, QuantisedProduct product, MatrixPart part)
    {
        Requantisation requantisation = product.RequantisationOf(part);
        biases = [.. requantisation.Bias];
        requantiser = product.IsRaw ? null : new Requantiser(geometry, requantisation, biases.Length);
    }

    /// <param name="accumulators">Of any number of vectors, [M, N of the part].</param>
    /// <param name="outputs">Of the same shape.</param>
    public void Finish(ReadOnlySpan<long> accumulators, Span<int> outputs)
    {
        if (requantiser is not null)
        {
            requantiser.Requantise(accumulators, outputs);
            return;
        }

        for (int i = 0; i < accumulators.Length; i++)
            outputs[i] = checked((int)(accumulators[i] + biases[i % biases.Length]));
    }
}
