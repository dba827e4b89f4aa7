using ReDy.Synthesis.Handoff;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Netlist;

/// <summary>A library cell somewhere in the tile.</summary>
/// <param name="Name">Its path, e.g. <c>requantiser/product_q_reg[3]</c>.</param>
/// <param name="Module">That it belongs to, with the bundle's prefix.</param>
/// <param name="Nets">At the cell's pins, in the library's order; -1: a constant, or nothing.</param>
public readonly record struct FlatCell(string Name, LibertyCell Cell, string Module, int[] Nets);

/// <summary>
/// A tile's netlist with every instance apart, as power is made of it: the same module has other activity and other loads in
/// each place. Macros are loads and drive nets.
/// </summary>
public sealed class FlatNetlist
{
    private const string Divider = "/";

    private readonly List<FlatCell> cells = [];
    private readonly List<string> names = [];
    private readonly List<double> loads = [];
    private readonly List<string> macros = [];
    private readonly List<int> macroOutputs = [];
    private readonly ClockPins clockPins = new();
    private readonly GateNetlist netlist;
    private readonly IReadOnlyDictionary<string, LibertyCell> library;
    private readonly Func<string, string, double?> macroLoads;

    /// <param name="macroLoads">Macro and pin -> capacitance in pF; null for what is no macro.</param>
    public FlatNetlist(GateNetlist netlist, LibertyLibrary library, Func<string, string, double?> macroLoads)
    {
        this.netlist = netlist;
        this.library = library.Cells;
        this.macroLoads = macroLoads;
        var ports = new Dictionary<NetBit, int>();
        foreach (GatePort port in netlist.TopModule.Ports)
            foreach (NetBit bit in port.Bits.Where(bit => !bit.IsConstant))
                Load(ports, netlist.TopModule, "", bit, port.Direction == PinDirection.Output ? HandoffTemplates.OutputLoad : 0);
        Elaborate(netlist.TopModule, "", ports);
        IsClock = new bool[names.Count];
        IsDriven = new bool[names.Count];
        FindClocks();
    }

    public IReadOnlyList<FlatCell> Cells => cells;

    /// <summary>Of every net, in its outermost module: <c>g_row[0].g_column[0].ima/requantiser/n12</c>.</summary>
    public IReadOnlyList<string> NetNames => names;

    /// <summary>What every net drives, in pF.</summary>
    public IReadOnlyList<double> Loads => loads;

    /// <summary>Paths of the macros.</summary>
    public IReadOnlyList<string> Macros => macros;

    /// <summary>Nets that macros drive.</summary>
    public IReadOnlyList<int> MacroOutputs => macroOutputs;

    /// <summary>The clock, and what clock gates make of it.</summary>
    public bool[] IsClock { get; }

    /// <summary>A cell drives it, not a port of the tile or a macro.</summary>
    public bool[] IsDriven { get; }

    private void Elaborate(GateModule module, string path, Dictionary<NetBit, int> nets)
    {
        foreach (GateInstance instance in module.Instances)
        {
            if (library.TryGetValue(instance.Type, out LibertyCell? cell))
            {
                var pins = new int[cell.Pins.Count];
                for (int i = 0; i < pins.Length; i++)
                {
                    LibertyPin pin = cell.Pins[i];
                    pins[i] = instance.Pin(pin.Name) is { } connected && !connected.Bits[0].IsConstant
                        ? Load(nets, module, path, connected.Bits[0], pin.Direction == PinDirection.Input ? pin.Capacitance : 0)
                        : -1;
                }

                cells.Add(new FlatCell(path + instance.Name, cell, module.Name, pins));
            }
            else if (netlist.Find(instance.Type) is { } inner)
            {
                var ports = new Dictionary<NetBit, int>();
                foreach (GatePort port in inner.Ports)
                {
                    if (instance.Pin(port.Name) is not { } outer)
                        continue;
                    for (int i = 0; i < port.Bits.Count; i++)
                        if (!port.Bits[i].IsConstant && !outer.Bits[i].IsConstant)
                            ports[port.Bits[i]] = Load(nets, module, path, outer.Bits[i], 0);
                }

                Elaborate(inner, path + instance.Name + Divider, ports);
            }
            else
            {
                macros.Add(path + instance.Name);
                foreach (GatePin pin in instance.Pins)
                {
                    foreach (NetBit bit in pin.Bits.Where(bit => !bit.IsConstant))
                    {
                        if (pin.Direction == PinDirection.Output)
                            macroOutputs.Add(Load(nets, module, path, bit, 0));
                        else
                            Load(nets, module, path, bit, macroLoads(instance.Type, pin.Name) ?? 0);
                    }
                }
            }
        }
    }

    /// <summary>The net's number, with so much more load on it.</summary>
    private int Load(Dictionary<NetBit, int> nets, GateModule module, string path, NetBit bit, double picofarads)
    {
        if (!nets.TryGetValue(bit, out int net))
        {
            nets.Add(bit, net = names.Count);
            names.Add(path + module.NameOf(bit));
            loads.Add(0);
        }

        loads[net] += picofarads;
        return net;
    }

    /// <summary>From the clock pins back, through the gates before them.</summary>
    private void FindClocks()
    {
        var drivers = new Dictionary<int, FlatCell>();
        var left = new Stack<int>();
        foreach (FlatCell cell in cells)
        {
            for (int i = 0; i < cell.Nets.Length; i++)
            {
                if (cell.Nets[i] >= 0 && cell.Cell.Pins[i].Direction == PinDirection.Output)
                    (drivers[cell.Nets[i]], IsDriven[cell.Nets[i]]) = (cell, true);
                else if (cell.Nets[i] >= 0 && IsClockPin(cell.Cell, i))
                    left.Push(cell.Nets[i]);
            }
        }

        while (left.TryPop(out int net))
        {
            if (IsClock[net])
                continue;
            IsClock[net] = true;
            if (!drivers.TryGetValue(net, out FlatCell driver) || driver.Cell.State is not null || driver.Cell.ClockGate is not null)
                continue;
            // A gate's other input comes from its latch.
            foreach ((int input, LibertyPin pin) in driver.Nets.Zip(driver.Cell.Pins))
                if (input >= 0 && pin.Direction == PinDirection.Input && drivers.GetValueOrDefault(input).Cell is not { State.IsLatch: true })
                    left.Push(input);
        }
    }

    /// <summary>See <see cref="ClockPins"/>.</summary>
    public bool IsClockPin(LibertyCell cell, int pin) => clockPins.Contain(cell, cell.Pins[pin].Name);
}
