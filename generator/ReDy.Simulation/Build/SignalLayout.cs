using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;

namespace ReDy.Simulation.Build;

/// <summary>
/// One flat vector of 32-bit words for everything that is exchanged every clock: the tile's inputs, then its outputs, then
/// its registers. Besides, the memories, which are exchanged entry by entry.
/// </summary>
public sealed class SignalLayout
{
    /// <summary>Instance name of the tile in hierarchical names.</summary>
    public const string Root = "tile";

    public SignalLayout(TilePorts ports, IReadOnlyList<SignalSlot> probes, IReadOnlyList<MemoryProbe> memories)
    {
        InputWords = ports.InputWords;
        OutputWords = ports.OutputWords;
        Inputs = [.. ports.Inputs.Select(port => port with { Name = $"{Root}.{port.Name}" })];
        Outputs = [.. ports.Outputs.Select(port => port with { Name = $"{Root}.{port.Name}", Offset = port.Offset + InputWords })];
        Registers = [.. probes.Select(probe => probe with { Offset = probe.Offset + InputWords + OutputWords })];
        RegisterWords = probes.Count == 0 ? 0 : probes.Max(probe => probe.Offset + probe.Words);
        Compared = [.. Outputs, .. Registers];
        Memories = memories;
    }

    public static SignalLayout Of(ICycleAccurateTile tile) => new(tile.Ports, tile.Probes, tile.Memories);

    /// <summary>For a netlist, whose registers synthesis renamed: outputs are compared, nothing inside.</summary>
    /// <param name="tied">Inputs of the netlist that the tile does not have, held constant for a run: name without the root, bits.</param>
    public static SignalLayout PortsOnly(TilePorts ports, params (string Name, int Bits)[] tied) =>
        new(ports, [], []) { IsPortsOnly = true, Tied = [.. tied.Select(port => new SignalSlot($"{Root}.{port.Name}", port.Bits, 0))] };

    /// <summary>Slots of the vector, by hierarchical name.</summary>
    public IReadOnlyList<SignalSlot> Inputs { get; }
    public IReadOnlyList<SignalSlot> Outputs { get; }
    public IReadOnlyList<SignalSlot> Registers { get; }

    /// <summary>Outputs and registers: compared every clock.</summary>
    public IReadOnlyList<SignalSlot> Compared { get; }
    public IReadOnlyList<MemoryProbe> Memories { get; }

    /// <summary>Nothing but ports is exchanged: no register or memory of the Verilog is visible, no image can be written by the backdoor.</summary>
    public bool IsPortsOnly { get; private init; }

    /// <summary>Inputs besides <see cref="Inputs"/>, which hold one value as long as a simulated tile lives; not in the vector.</summary>
    public IReadOnlyList<SignalSlot> Tied { get; private init; } = [];

    public int InputWords { get; }
    public int OutputWords { get; }
    public int RegisterWords { get; }
    public int Words => InputWords + OutputWords + RegisterWords;
}
