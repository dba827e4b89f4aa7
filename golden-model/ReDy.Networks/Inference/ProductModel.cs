using ReDy.Architecture;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;
using ReDy.Networks.Graphs;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Inference;

/// <summary>A layer's weights on crossbars, part by part, before any policy: made once, used by every model of the layer.</summary>
public sealed class MappedProduct
{
    public MappedProduct(TileGeometry geometry, QuantisedProduct product)
    {
        Product = product;
        var mapper = new CrossbarMapper(geometry);
        Layers = [.. product.Parts.Select(part => mapper.Map(part.Weights))];
    }

    public QuantisedProduct Product { get; }
    public IReadOnlyList<MappedLayer> Layers { get; }
}

/// <summary>One layer on the tile's functional model, under one policy: every multiply-accumulate of it happens there.</summary>
public sealed class ProductModel
{
    private readonly QuantisedProduct product;
    private readonly FunctionalMvm[] models;
    private readonly Requantiser[]? requantisers;
    private readonly int steps;

    /// <param name="geometry">Of the netlist.</param>
    /// <param name="thresholds">Of every group of the layer.</param>
    public ProductModel(TileGeometry geometry, MappedProduct mapped, PrecisionPolicy policy, IReadOnlyList<long> thresholds)
    {
        product = mapped.Product;
        steps = geometry.Steps;
        models = [.. mapped.Layers.Select(layer => new FunctionalMvm(geometry, layer with { Policy = policy, Thresholds = [.. Enumerable.Repeat(thresholds, layer.Groups)] }))];
        requantisers = product.IsRaw ? null : [.. product.Parts.Select(part => new Requantiser(geometry, product.RequantisationOf(part), part.Weights.Columns))];
    }

    /// <summary>The layer's output for each image, and what that took.</summary>
    public (Tensor[] Outputs, LayerActivity Activity) Run(IReadOnlyList<Tensor> images)
    {
        int vectors = product.Matrix.Vectors, outputs = product.Matrix.Outputs;
        var values = new int[images.Count * vectors * outputs];
        LayerActivity activity = LayerActivity.None;
        for (int p = 0; p < models.Length; p++)
        {
            MatrixPart part = product.Parts[p];
            FunctionalResult result = models[p].Multiply(product.Vectors(part, images));
            int columns = part.Weights.Columns;
            for (int i = 0; i < result.Outputs.Length; i++)
            {
                int n = i % columns;
                values[i / columns * outputs + part.FirstOutput + n] =
                    requantisers is null ? checked((int)(result.Outputs[i] + product.Requantisation.Bias[part.FirstOutput + n])) : requantisers[p].Requantise(result.Outputs[i], n);
            }

            activity += new LayerActivity(result.Events, BySteps(result.Planes));
        }

        int size = vectors * outputs;
        return ([.. images.Select((_, i) => new Tensor(product.Matrix.OutputShape, product.Matrix.Arranged(values.AsSpan(i * size, size))))], activity);
    }

    private long[] BySteps(int[] planes)
    {
        var counts = new long[steps + 1];
        foreach (int streamed in planes)
            counts[streamed]++;
        return counts;
    }
}
