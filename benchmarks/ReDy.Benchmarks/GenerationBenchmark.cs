using BenchmarkDotNet.Attributes;
using ReDy.Architecture;
using ReDy.Rtl;

namespace ReDy.Benchmarks;

/// <summary>From a configuration to the Verilog of its tile, in memory, against the number of crossbars.</summary>
public class GenerationBenchmark
{
    private TileConfig config = null!;

    /// <summary>IMAs of a square tile, 8 crossbars each.</summary>
    [Params(1, 2, 4, 8)]
    public int Side { get; set; }

    public static int Crossbars(int side) => side * side * new TileGeometry(new TileConfig()).CrossbarsPerIma;

    [GlobalSetup]
    public void Prepare()
    {
        var defaults = new TileConfig();
        config = defaults with { Tile = defaults.Tile with { Rows = Side, Columns = Side } };
    }

    [Benchmark]
    public int Generate() => RtlGenerator.Generate(config).Files.Count;
}
