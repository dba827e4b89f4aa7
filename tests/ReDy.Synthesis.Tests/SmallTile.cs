using ReDy.Architecture;

namespace ReDy.Synthesis.Tests;

/// <summary>A tile with every block, as small as makes sense: quick to map and to simulate.</summary>
internal static class SmallTile
{
    private static readonly TileConfig Tiny = TilePresets.Config("tiny");

    public static TileConfig Config { get; } = Tiny with
    {
        Crossbar = new() { Wordlines = 4, Bitlines = 8 },
        Activations = new() { Bits = 4 },
        Weights = Tiny.Weights with { Bits = 4 },
        Tile = new() { Rows = 1, Columns = 1, BufferKib = 1, StreamBytes = 4, VectorQueue = 2, OutputFifo = 2 },
        Precision = Tiny.Precision with { MaxDrop = 2, Thresholds = [4, 8] },
        Outputs = new() { Bits = 4, BiasBits = 12, MultiplierBits = 6 },
        Rtl = Tiny.Rtl with { CounterBits = 8 },
    };
}
