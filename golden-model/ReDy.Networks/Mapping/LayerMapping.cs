using ReDy.Architecture;
using ReDy.GoldenModel.Functional;
using ReDy.Networks.Layers;

namespace ReDy.Networks.Mapping;

/// <summary>Some groups of a layer as one matrix: all of an ungrouped layer, or as many groups as share a crossbar.</summary>
public sealed record PartShape(int FirstGroup, int Groups, int Rows, int Outputs)
{
    /// <summary>A tile multiplies one matrix at a time; groups of a grouped convolution lie on its diagonal.</summary>
    public static IReadOnlyList<PartShape> Of(TileGeometry geometry, MatrixLayer matrix)
    {
        int together = matrix.Groups == 1 ? 1 : Math.Max(1, Math.Min(geometry.Wordlines / matrix.GroupRows, geometry.OutputsPerCrossbar / matrix.GroupOutputs));
        var parts = new List<PartShape>();
        for (int first = 0; first < matrix.Groups; first += together)
        {
            int groups = Math.Min(together, matrix.Groups - first);
            parts.Add(new PartShape(first, groups, groups * matrix.GroupRows, groups * matrix.GroupOutputs));
        }

        return parts;
    }
}

/// <summary>One layer's place in the hardware.</summary>
/// <param name="Parts">Matrices that are programmed apart from one another; more than one for grouped convolutions.</param>
/// <param name="Crossbars">That hold weights, of one copy.</param>
/// <param name="Imas">That hold weights, of one copy.</param>
/// <param name="Tiles">Of one copy: a tile for every part, row range and output range of the size of a tile.</param>
/// <param name="CellUtilisation">Share of the used crossbars' cells that hold weights.</param>
/// <param name="ClocksPerVector">Between two vectors with every plane streamed, in the slowest pass.</param>
/// <param name="Copies">Of the layer's tiles, among which its vectors are divided.</param>
public sealed record LayerMapping(
    NetworkLayer Layer, int Parts, int RowBlocks, int ColumnBlocks, int Crossbars, int Imas, int Tiles, double CellUtilisation, int ClocksPerVector, int Copies)
{
    /// <summary>With every plane streamed.</summary>
    public long ClocksPerImage => (long)TileGeometry.CeilingDivide(Layer.Matrix!.Vectors, Copies) * ClocksPerVector;

    public static LayerMapping Of(TileGeometry geometry, NetworkLayer layer)
    {
        MatrixLayer matrix = layer.Matrix!;
        int crossbars = 0, imas = 0, tiles = 0, clocks = 0, rowBlocks = 0, columnBlocks = 0;
        IReadOnlyList<PartShape> parts = PartShape.Of(geometry, matrix);
        foreach (PartShape part in parts)
        {
            int down = TileGeometry.CeilingDivide(part.Rows, geometry.Wordlines), across = TileGeometry.CeilingDivide(part.Outputs, geometry.OutputsPerCrossbar);
            (rowBlocks, columnBlocks) = (Math.Max(rowBlocks, down), Math.Max(columnBlocks, across));
            crossbars += down * across;
            imas += TileGeometry.CeilingDivide(down, geometry.RowBlocks) * TileGeometry.CeilingDivide(across, geometry.ColumnBlocks);
            tiles += TileGeometry.CeilingDivide(down, geometry.Groups) * TileGeometry.CeilingDivide(part.Outputs, geometry.CapacityOutputs);
            clocks = Math.Max(clocks, new VectorPipeline(geometry, Math.Min(part.Rows, geometry.CapacityRows), Math.Min(part.Outputs, geometry.CapacityOutputs)).StaticClocksPerVector);
        }

        double cells = (double)matrix.GroupRows * matrix.Outputs * geometry.BitlinesPerOutput;
        return new LayerMapping(
            layer, parts.Count, rowBlocks, columnBlocks, crossbars, imas, tiles, cells / ((double)crossbars * geometry.Wordlines * geometry.Config.Crossbar.Bitlines), clocks, 1);
    }
}

/// <summary>A whole network's place in the hardware, each layer on tiles of its own, images following one another through them.</summary>
public sealed record NetworkMapping(TileGeometry Geometry, IReadOnlyList<LayerMapping> Layers)
{
    public int Tiles => Layers.Sum(layer => layer.Tiles * layer.Copies);
    public int Crossbars => Layers.Sum(layer => layer.Crossbars * layer.Copies);

    /// <summary>Between two images with every plane streamed: the slowest layer's clocks.</summary>
    public long ClocksPerImage => Layers.Max(layer => layer.ClocksPerImage);
    public double ImagesPerSecond => Geometry.Config.Timing.ClockMhz * 1e6 / ClocksPerImage;

    /// <param name="tiles">Tiles there are: while they last, the slowest layer gets another copy. Null: one copy of each layer.</param>
    /// <exception cref="InputException">Fewer tiles than one copy of each layer takes.</exception>
    public static NetworkMapping Of(TileGeometry geometry, Network network, int? tiles = null)
    {
        LayerMapping[] layers = [.. network.TileLayers.Select(layer => LayerMapping.Of(geometry, layer))];
        if (layers.Length == 0)
            throw new InputException($"{network.Name} has no layer on the tile: no Conv, Gemm or MatMul by constant weights");
        int left = (tiles ?? 0) - layers.Sum(layer => layer.Tiles);
        if (tiles is not null && left < 0)
            throw new InputException($"--tiles {tiles}: one copy of each layer takes {layers.Sum(layer => layer.Tiles)} tiles; give as many, or a larger tile");
        while (tiles is not null)
        {
            int slowest = Enumerable.Range(0, layers.Length).MaxBy(i => layers[i].ClocksPerImage);
            LayerMapping layer = layers[slowest];
            if (layer.Tiles > left || layer.Copies == layer.Layer.Matrix!.Vectors)
                break;
            left -= layer.Tiles;
            layers[slowest] = layer with { Copies = layer.Copies + 1 };
        }

        return new NetworkMapping(geometry, layers);
    }
}
