using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Netlist;

/// <summary>
/// Puts buffer trees into nets whose sinks load them more than a limit. Yosys' mapper buffers the logic inside a module; what it
/// does not see are the sinks behind the ports of other modules and of macros. Clocks are left alone: a clock tree is a later
/// step's. Every output port gets a driver of its own, so that the netlist needs no assignments.
/// </summary>
internal sealed class FanOutTrees
{
    /// <summary>Sinks of the gate equivalent's input that a net may have: a usual maximum fan-out.</summary>
    private const double MaximumFanOut = 16;

    private readonly StandardCells cells;
    private readonly double limit;
    private readonly double bufferLoad;
    private readonly Func<string, string, double?> macroLoads;
    private readonly Dictionary<(string Module, string Port), double[]> portLoads = [];
    private readonly ClockPins clockPins = new();
    private readonly HashSet<(string Module, string Port)> clockPorts = [];

    /// <param name="macroLoads">Macro and pin -> capacitance in pF; null for what is no macro.</param>
    public FanOutTrees(StandardCells cells, Func<string, string, double?> macroLoads)
    {
        (this.cells, this.macroLoads) = (cells, macroLoads);
        limit = MaximumFanOut * cells.Nand2.Inputs.First().Capacitance;
        bufferLoad = cells.Buffer.Inputs.First().Capacitance;
    }

    /// <summary>Buffers that were put in, over all modules (each counted once).</summary>
    public int Buffers { get; private set; }

    public GateNetlist Insert(GateNetlist netlist) => new(netlist.Top, [.. netlist.Modules.Select(Insert)]);

    private GateModule Insert(GateModule module)
    {
        var edit = new ModuleEdit(module, cells);
        edit.IsolateOutputs();
        HashSet<NetBit> clocks = ClockNets(module);
        foreach ((NetBit net, List<Sink> sinks) in edit.Sinks(Load))
            if (!clocks.Contains(net) && sinks.Sum(sink => sink.Load) > limit)
                Build(edit, net, sinks);
        Buffers += edit.BufferCount;
        GateModule result = edit.Result();
        foreach (GatePort port in result.Ports)
        {
            if (port.Direction == PinDirection.Input && port.Bits.Any(clocks.Contains))
                clockPorts.Add((module.Name, port.Name));
            portLoads[(module.Name, port.Name)] = edit.PortLoads(port, Load);
        }

        return result;
    }

    /// <summary>From the sinks up: buffers over groups of sinks until what is left does not exceed the limit.</summary>
    private void Build(ModuleEdit edit, NetBit net, List<Sink> sinks)
    {
        var level = sinks.OrderBy(sink => sink.Load).ToList();
        while (level.Sum(sink => sink.Load) > limit && level.Count > 1)
        {
            int groups = Math.Max(1, (int)Math.Ceiling(level.Sum(sink => sink.Load) / limit));
            int size = Math.Max(2, (level.Count + groups - 1) / groups);
            var above = new List<Sink>();
            foreach (Sink[] group in level.Chunk(size))
                above.Add(group.Length == 1 && groups > 1 ? group[0] : edit.Buffer(group, bufferLoad));
            if (above.Count >= level.Count)
                break;
            level = above;
        }

        edit.Connect(net, level);
    }

    private double Load(string type, string pin, int bit) =>
        cells.Library.Cells.TryGetValue(type, out LibertyCell? cell) ? cell.Pin(pin)?.Capacitance ?? 0
        : portLoads.TryGetValue((type, pin), out double[]? loads) ? loads[bit]
        : macroLoads(type, pin) ?? 0;

    /// <summary>Nets that reach a clock pin without a gate in between.</summary>
    private HashSet<NetBit> ClockNets(GateModule module) =>
        [.. from instance in module.Instances
            from pin in instance.Pins
            where pin.Direction == PinDirection.Input && IsClock(instance.Type, pin.Name)
            from bit in pin.Bits
            where !bit.IsConstant
            select bit];

    private bool IsClock(string type, string pin) =>
        cells.Library.Cells.TryGetValue(type, out LibertyCell? cell)
            ? clockPins.Contain(cell, pin)
            : clockPorts.Contains((type, pin)) || pin == MacroClock;

    private const string MacroClock = "aclk";
}
