using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>What a unit of hardware belongs to.</summary>
public enum HardwareLevel
{
    Crossbar,
    Ima,
    Tile,
}

/// <summary>Hardware that area and static power are given for, and how much of it one crossbar, IMA or tile has.</summary>
/// <param name="Count">In one instance of <paramref name="Level"/>.</param>
public sealed record HardwareUnit(string Name, HardwareLevel Level, Func<TileGeometry, double> Count)
{
    /// <summary>Banks of an input register: one loads while the other is streamed.</summary>
    private const int InputBanks = 2;

    /// <summary>Slots of an output register: one fills while the other is drained.</summary>
    private const int OutputSlots = 2;

    public static IReadOnlyList<HardwareUnit> All { get; } =
    [
        new("adc", HardwareLevel.Crossbar, g => g.Config.Adc.PerCrossbar),
        new("wordline", HardwareLevel.Crossbar, g => g.Wordlines),
        new("bitline", HardwareLevel.Crossbar, g => g.Config.Crossbar.Bitlines),
        new("cell", HardwareLevel.Crossbar, g => (double)g.Wordlines * g.Config.Crossbar.Bitlines),
        new("output_register_bit", HardwareLevel.Crossbar, g => (double)g.Config.Adc.PerCrossbar * OutputSlots * g.OutputsPerAdc * g.GroupResultBits),
        new("input_register_bit", HardwareLevel.Ima, g => (double)g.RowBlocks * InputBanks * g.Wordlines * g.Config.Activations.Bits),
        new("row_block", HardwareLevel.Ima, g => g.RowBlocks),
        new("ima", HardwareLevel.Ima, _ => 1),
        new("buffer_bit", HardwareLevel.Tile, g => (double)g.BufferBeats * g.ActivationsPerBeat * g.Config.Activations.Bits),
        new("tile_row", HardwareLevel.Tile, g => g.Config.Tile.Rows),
        new("tile", HardwareLevel.Tile, _ => 1),
    ];

    public static HardwareUnit Get(string name) => All.Single(unit => unit.Name == name);

    /// <summary>In a whole tile.</summary>
    public double PerTile(TileGeometry geometry) => Count(geometry) * InstancesPerTile(Level, geometry);

    public static double InstancesPerTile(HardwareLevel level, TileGeometry geometry) => level switch
    {
        HardwareLevel.Crossbar => geometry.Crossbars,
        HardwareLevel.Ima => geometry.Imas,
        _ => 1,
    };
}
