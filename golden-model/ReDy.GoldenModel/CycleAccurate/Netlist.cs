using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>What all blocks of a tile share: the numbers that they are built from and the places where their state lies.</summary>
internal sealed class Netlist
{
    public Netlist(TileGeometry geometry)
    {
        Geometry = geometry;
        StepSequencerShape = new StepSequencerShape(geometry);
        CrossbarMacroShape = new CrossbarMacroShape(geometry, Registers, Internals);
        Events = new EventTally(geometry);
    }

    public TileGeometry Geometry { get; }

    /// <summary>The registers that are probed.</summary>
    public RegisterBank Registers { get; } = new();

    /// <summary>State that is not probed: inside the crossbar macros, and the output registers of memories.</summary>
    public RegisterBank Internals { get; } = new();
    public MemoryBank Memories { get; } = new();

    public StepSequencerShape StepSequencerShape { get; }
    public CrossbarMacroShape CrossbarMacroShape { get; }

    /// <summary>Counts for energy; not part of the hardware.</summary>
    public EventTally Events { get; }

    /// <summary>Registers that hold are clocked through gates.</summary>
    public bool HasClockGates => Geometry.Config.Rtl.ClockGating;

    /// <summary>Bits can be dropped in this netlist.</summary>
    public bool HasDrops => Geometry.MaxDrop > 0;
    public bool IsStatic => Geometry.Policy == PrecisionPolicy.Static;

    /// <summary>Bits of a number of dropped bits.</summary>
    public int DropBits => TileGeometry.UnsignedBits(Geometry.MaxDrop);

    public int Register(string path, string name, int bits, params ReadOnlySpan<uint> reset) => Registers.Add($"{path}.{name}", bits, reset);

    public int IndexRegister(string path, string name, int count) => Register(path, name, TileGeometry.IndexBits(count));

    public int CountRegister(string path, string name, int maximum) => Register(path, name, TileGeometry.UnsignedBits(maximum));
}
