using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Tests.CycleAccurate;

/// <summary>Tiles that are small enough to run thousands of vectors, and layers for them.</summary>
internal static class TileConfigs
{
    /// <summary>One IMA of 1 x 2 crossbars.</summary>
    public static TileConfig Tiny { get; } = new()
    {
        Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 16 },
        Ima = new ImaConfig { RowBlocks = 1, ColumnBlocks = 2 },
        Tile = new TileArrayConfig { Rows = 1, Columns = 1, BufferKib = 1, StreamBytes = 8, VectorQueue = 3 },
    };

    /// <summary>2 x 2 IMAs of 2 x 2 crossbars.</summary>
    public static TileConfig Small { get; } = Tiny with
    {
        Ima = new ImaConfig { RowBlocks = 2, ColumnBlocks = 2 },
        Tile = Tiny.Tile with { Rows = 2, Columns = 2 },
    };

    public static TileConfig WithPolicy(this TileConfig config, PrecisionPolicy policy) => config with { Precision = config.Precision with { Policy = policy } };
}

/// <summary>Weights that fit one tile, vectors for them and what the functional model makes of both.</summary>
internal sealed class TileLayer
{
    public TileLayer(TileConfig config, int rows, int outputs, int vectors, ulong seed, Requantisation? requantisation = null,
        OperandClass weights = OperandClass.Uniform, OperandClass inputs = OperandClass.Uniform)
    {
        Geometry = new TileGeometry(config);
        Weights = Operands.Weights(Geometry, rows, outputs, weights, seed);
        Inputs = Operands.Inputs(Geometry, vectors, rows, inputs, seed + 1);
        TilePass pass = TilePasses.Split(Geometry, new CrossbarMapper(Geometry).Map(Weights), requantisation).ShouldHaveSingleItem();
        Program = pass.Program;
        Expected = new FunctionalMvm(Geometry, pass.Layer).Multiply(Inputs);
    }

    public TileGeometry Geometry { get; }
    public Matrix<int> Weights { get; }
    public Matrix<ushort> Inputs { get; }
    public LayerProgram Program { get; }
    public FunctionalResult Expected { get; }

    /// <summary>Raw accumulators of vector <paramref name="m"/>.</summary>
    public long[] Accumulators(int m) => Expected.Outputs[(m * Weights.Columns)..((m + 1) * Weights.Columns)];
}
