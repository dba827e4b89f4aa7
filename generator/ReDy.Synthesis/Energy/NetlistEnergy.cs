using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Energy;

/// <summary>What takes energy in a netlist.</summary>
public enum PowerKind
{
    /// <summary>Clock pins, the charge on clock nets, gates in clocks.</summary>
    Clock,

    /// <summary>Flip-flops and latches besides: their outputs and what these drive, their data pins.</summary>
    Registers,

    /// <summary>Combinational cells and what they drive.</summary>
    Logic,
}

/// <summary>Energy of some cells, in pJ per clock; leakage in mW.</summary>
public sealed class CellEnergy
{
    private readonly double[] @internal = new double[3], switching = new double[3];

    /// <summary>Inside of cells.</summary>
    public double Internal => @internal.Sum();

    /// <summary>Charging and discharging of nets.</summary>
    public double Switching => switching.Sum();

    /// <summary>Part of <see cref="Switching"/> that a port of the tile drives: the clock net.</summary>
    public double DrivenByPorts { get; private set; }
    public double LeakageMilliwatts { get; private set; }
    public double Clock => Of(PowerKind.Clock);
    public double Registers => Of(PowerKind.Registers);
    public double Logic => Of(PowerKind.Logic);

    /// <summary>Without leakage.</summary>
    public double PicojoulesPerClock => Internal + Switching;

    public double Of(PowerKind kind) => @internal[(int)kind] + switching[(int)kind];

    internal void AddInternal(PowerKind kind, double picojoules) => @internal[(int)kind] += picojoules;

    internal void AddSwitching(PowerKind kind, double picojoules, bool byPort = false)
    {
        switching[(int)kind] += picojoules;
        DrivenByPorts += byPort ? picojoules : 0;
    }

    internal void AddLeakage(double milliwatts) => LeakageMilliwatts += milliwatts;

    internal void Add(CellEnergy other)
    {
        for (int kind = 0; kind < switching.Length; kind++)
            (@internal[kind], switching[kind]) = (@internal[kind] + other.@internal[kind], switching[kind] + other.switching[kind]);
        DrivenByPorts += other.DrivenByPorts;
        LeakageMilliwatts += other.LeakageMilliwatts;
    }
}

/// <summary>
/// Prices transitions by the Liberty file: half of C V^2 for each edge of a net, charged to its driver, and the library's internal
/// energies, the mean of rise and fall for each edge. Wires weigh nothing.
/// </summary>
/// <param name="voltage">Of the library.</param>
/// <param name="transitions">Of the netlist.</param>
public sealed class NetlistEnergy(FlatNetlist netlist, double voltage, NetTransitions transitions)
{
    /// <summary>By module, with the bundle's prefix.</summary>
    /// <param name="perClock">Transitions of every net per clock.</param>
    public IReadOnlyDictionary<string, CellEnergy> Of(double[] perClock)
    {
        var modules = new Dictionary<string, CellEnergy>();
        foreach (FlatCell cell in netlist.Cells)
        {
            if (!modules.TryGetValue(cell.Module, out CellEnergy? sum))
                modules.Add(cell.Module, sum = new CellEnergy());
            sum.AddLeakage(cell.Cell.LeakageNanowatts * 1e-6);
            for (int i = 0; i < cell.Nets.Length; i++)
            {
                int net = cell.Nets[i];
                if (net < 0)
                    continue;
                LibertyPin pin = cell.Cell.Pins[i];
                PowerKind kind = netlist.IsClock[net] ? PowerKind.Clock : cell.Cell.State is not null || cell.Cell.ClockGate is not null ? PowerKind.Registers : PowerKind.Logic;
                sum.AddInternal(kind, perClock[net] * Internal(cell, pin, net, perClock));
                if (pin.Direction == PinDirection.Output)
                    sum.AddSwitching(kind, perClock[net] * Charge(netlist.Loads[net]));
                else if (netlist.IsClock[net] && !netlist.IsDriven[net])
                    sum.AddSwitching(kind, perClock[net] * Charge(pin.Capacitance), byPort: true);
            }
        }

        return modules;
    }

    /// <summary>Half of C V^2, in pJ.</summary>
    private double Charge(double picofarads) => 0.5 * picofarads * voltage * voltage;

    /// <summary>
    /// Energy of an edge, mean over rise and fall, pJ. An output's edge is charged to the inputs in proportion to their
    /// transitions: any of them may have caused it.
    /// </summary>
    private double Internal(FlatCell cell, LibertyPin pin, int net, double[] perClock)
    {
        if (pin.Power.Count == 0)
            return 0;
        double load = pin.Direction == PinDirection.Output ? netlist.Loads[net] : 0, sum = 0, weights = 0, plain = 0;
        foreach (InternalPower power in pin.Power)
        {
            int from = power.RelatedPin is null ? net : NetTransitions.NetAt(cell, power.RelatedPin);
            if (from < 0)
                continue;
            double each = (Mean(power.RiseOf, from, slope => power.OfRise(load, slope)) + Mean(power.FallOf, from, slope => power.OfFall(load, slope))) / 2;
            sum += perClock[from] * each;
            weights += perClock[from];
            plain += each / pin.Power.Count;
        }

        return weights > 0 ? sum / weights : plain;
    }

    /// <summary>Over the edges at a net that an energy may come of.</summary>
    private double Mean(InputEdges edges, int net, Func<double, double> energy) => edges switch
    {
        InputEdges.Rising => energy(transitions.Rise[net]),
        InputEdges.Falling => energy(transitions.Fall[net]),
        _ => (energy(transitions.Rise[net]) + energy(transitions.Fall[net])) / 2,
    };
}
