using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>An event that a component's energy can be charged by, as <see cref="TileEvents"/> counts it.</summary>
/// <param name="Module">The module whose instances count it.</param>
/// <param name="Name">As <see cref="EventActivity.Event"/> spells it, and as a table's key.</param>
public sealed record ChargedEvent(string Module, string Name)
{
    public static ChargedEvent Conversions { get; } = new("crossbar", TileEvents.Conversions);
    public static ChargedEvent DacDrives { get; } = new("crossbar", TileEvents.DacDrives);
    public static ChargedEvent Samples { get; } = new("crossbar", TileEvents.Samples);
    public static ChargedEvent CrossbarReads { get; } = new("crossbar", TileEvents.CrossbarReads);

    /// <summary>Cells read: used wordlines times used bitlines of every crossbar read. Follows from the other events of the crossbar.</summary>
    public static ChargedEvent CellReads { get; } = new("crossbar", "cell_reads");
    public static ChargedEvent ShiftAndAdds { get; } = new("crossbar", TileEvents.ShiftAndAdds);
    public static ChargedEvent InputWrites { get; } = new("input_register", TileEvents.Writes("words"));
    public static ChargedEvent InputReads { get; } = new("input_register", TileEvents.Reads("words"));
    public static ChargedEvent ResultWrites { get; } = new("output_register", TileEvents.Writes("results"));
    public static ChargedEvent ResultReads { get; } = new("output_register", TileEvents.Reads("results"));
    public static ChargedEvent BufferWrites { get; } = new("activation_buffer", TileEvents.Writes("memory"));
    public static ChargedEvent BufferReads { get; } = new("activation_buffer", TileEvents.Reads("memory"));
    public static ChargedEvent BusTransfers { get; } = new("row_loader", TileEvents.BusTransfers);
    public static ChargedEvent WordsMeasured { get; } = new("dynamic_precision_unit", TileEvents.WordsMeasured);
    public static ChargedEvent Decisions { get; } = new("dynamic_precision_unit", TileEvents.Decisions);
    public static ChargedEvent Requantisations { get; } = new("requantiser", TileEvents.Requantisations);
    public static ChargedEvent BiasReads { get; } = new("bias_memory", TileEvents.Reads("memory"));
    public static ChargedEvent ScaleReads { get; } = new("scale_memory", TileEvents.Reads("memory"));
    public static ChargedEvent OutputBeats { get; } = new("tile", TileEvents.OutputBeats);

    /// <summary>Rising edges at the clock pins of all flip-flops.</summary>
    public static ChargedEvent FlipFlopClocks { get; } = new("", "clock_edges");

    /// <summary>Transitions of all registers' bits.</summary>
    public static ChargedEvent FlipFlopToggles { get; } = new("", "toggles");

    /// <summary>Bits of all words written into memories of flip-flops, whose transitions are not counted.</summary>
    public static ChargedEvent FlipFlopWrittenBits { get; } = new("", "written_bits");
}

/// <summary>How often an event happened, and how many bits it moved in all.</summary>
public readonly record struct EventTotal(double Count, double Bits)
{
    public static EventTotal operator +(EventTotal a, EventTotal b) => new(a.Count + b.Count, a.Bits + b.Bits);
}
