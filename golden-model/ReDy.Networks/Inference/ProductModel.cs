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

    /// <summary>The parts under a policy, with the same thresholds for every group.</summary>
    public IEnumerable<MappedLayer> Under(PrecisionPolicy policy, IReadOnlyList<long> thresholds) =>
        Layers.Select(layer => layer with { Policy = policy, Thresholds = [.. Enumerable.Repeat(thresholds, layer.Groups)] });
}

/// <summary>One layer on the tile's functional model, under one policy: every multiply-accumulate of it happens there.</summary>
public sealed class ProductModel
{
    private readonly TileGeometry geometry;
    private readonly QuantisedProduct product;
    private readonly FunctionalMvm[] models;
    private readonly Requantiser[]? requantisers;

    /// <param name="geometry">Of the netlist.</param>
    /// <param name="thresholds">Of every group of the layer.</param>
    public ProductModel(TileGeometry geometry, MappedProduct mapped, PrecisionPolicy policy, IReadOnlyList<long> thresholds)
    {
        this.geometry = geometry;
        product = mapped.Product;
        models = [.. mapped.Under(policy, thresholds).Select(layer => new FunctionalMvm(geometry, layer))];
        requantisers = product.IsRaw ? null : [.. product.Parts.Select(part => new Requantiser(geometry, product.RequantisationOf(part), part.Weights.Columns))];
    }

    /// <summary>The layer's output for each image, and what that took.</summary>
    public (Tensor[] Outputs, LayerActivity Activity) Run(IReadOnlyList<Tensor> images)
    {
        int vectors = product.Matrix.Vectors, outputs = product.Matrix.Outputs;
        var values = new int[images.Count * vectors * outputs];
        var activity = new PartActivity[models.Length];
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

            var clocks = new LayerClocks(geometry, part.Weights.Rows, columns);
            int groups = TileGeometry.CeilingDivide(part.Weights.Rows, geometry.Wordlines);
            for (int vector = 0; vector < result.Planes.Length; vector += groups)
                clocks.Next(result.Planes.AsSpan(vector, groups));
            activity[p] = new PartActivity(result.Events, BySteps(result.Planes), clocks.Total, clocks.SlowestPass);
        }

        int size = vectors * outputs;
        return ([.. images.Select((_, i) => new Tensor(product.Matrix.OutputShape, product.Matrix.Arranged(values.AsSpan(i * size, size))))], new LayerActivity(activity));
    }

    private long[] BySteps(int[] planes)
    {
        var counts = new long[geometry.Steps + 1];
        foreach (int streamed in planes)
            counts[streamed]++;
        return counts;
    }
}
