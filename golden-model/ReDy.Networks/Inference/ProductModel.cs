using System.Buffers;
using ReDy.Architecture;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;
using ReDy.Networks.Graphs;
using ReDy.Networks.Layers;
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

/// <summary>One layer on the tile's functional model, under one policy: every multiply-accumulate of it happens there. For one thread.</summary>
public sealed class ProductModel
{
    private readonly TileGeometry geometry;
    private readonly QuantisedProduct product;
    private readonly FunctionalMvm[] models;
    private readonly PartOutputs[] finishes;

    /// <param name="geometry">Of the netlist.</param>
    /// <param name="thresholds">Of every group of the layer.</param>
    public ProductModel(TileGeometry geometry, MappedProduct mapped, PrecisionPolicy policy, IReadOnlyList<long> thresholds)
    {
        this.geometry = geometry;
        product = mapped.Product;
        models = [.. mapped.Under(policy, thresholds).Select(layer => new FunctionalMvm(geometry, layer))];
        finishes = [.. product.Parts.Select(part => new PartOutputs(geometry, product, part))];
    }

    /// <summary>The layer's output for each image, and what that took.</summary>
    public (Tensor[] Outputs, LayerActivity Activity) Run(IReadOnlyList<Tensor> images)
    {
        MatrixLayer matrix = product.Matrix;
        int[][] outputs = [.. images.Select(_ => new int[matrix.Vectors * matrix.Outputs])];
        var activity = new PartActivity[models.Length];
        for (int p = 0; p < models.Length; p++)
            activity[p] = Run(p, images, outputs);
        return ([.. outputs.Select(values => new Tensor(matrix.OutputShape, values))], new LayerActivity(activity));
    }

    private PartActivity Run(int index, IReadOnlyList<Tensor> images, int[][] outputs)
    {
        MatrixPart part = product.Parts[index];
        MatrixLayer matrix = product.Matrix;
        int vectors = images.Count * matrix.Vectors, rows = part.Weights.Rows, columns = part.Weights.Columns, groups = TileGeometry.CeilingDivide(rows, geometry.Wordlines);
        ushort[] inputs = ArrayPool<ushort>.Shared.Rent(vectors * rows);
        long[] accumulators = ArrayPool<long>.Shared.Rent(vectors * columns);
        int[] planes = ArrayPool<int>.Shared.Rent(vectors * groups), row = new int[columns];
        product.Lower(part, images, inputs.AsSpan(0, vectors * rows));
        models[index].Multiply(inputs.AsSpan(0, vectors * rows), accumulators.AsSpan(0, vectors * columns), planes.AsSpan(0, vectors * groups));
        EventCounts events = models[index].TakeEvents();
        var clocks = new LayerClocks(geometry, rows, columns);
        for (int v = 0; v < vectors; v++)
        {
            finishes[index].Finish(accumulators.AsSpan(v * columns, columns), row);
            matrix.Place(row, v % matrix.Vectors, part.FirstOutput, outputs[v / matrix.Vectors]);
            clocks.Next(planes.AsSpan(v * groups, groups));
        }

        var activity = new PartActivity(events, BySteps(planes.AsSpan(0, vectors * groups)), clocks.Total, clocks.SlowestPass);
        ArrayPool<ushort>.Shared.Return(inputs);
        ArrayPool<long>.Shared.Return(accumulators);
        ArrayPool<int>.Shared.Return(planes);
        return activity;
    }

    private long[] BySteps(ReadOnlySpan<int> planes)
    {
        var counts = new long[geometry.Steps + 1];
        foreach (int streamed in planes)
            counts[streamed]++;
        return counts;
    }
}
