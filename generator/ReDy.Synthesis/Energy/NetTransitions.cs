using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Energy;

/// <summary>
/// How steep the edges of every net are, in ns: internal energies depend on it. The slowest of the ways to each edge, through
/// the library's transition tables, as static timing analysis has it. Edges at input ports have no slope.
/// </summary>
public sealed class NetTransitions
{
    private readonly FlatNetlist netlist;
    private readonly bool balanced;

    /// <param name="balanced">Clocks have no slope behind clock gates either, as if there were clock trees; else one gate drives all that is behind it.</param>
    /// <param name="macro">Slope at a macro's output, ns, over its load in pF.</param>
    public NetTransitions(FlatNetlist netlist, bool balanced, Func<double, double> macro)
    {
        this.netlist = netlist;
        this.balanced = balanced;
        Rise = new double[netlist.NetNames.Count];
        Fall = new double[netlist.NetNames.Count];
        foreach (int net in netlist.MacroOutputs)
            Rise[net] = Fall[net] = macro(netlist.Loads[net]);
        foreach (int cell in InOrder())
            Propagate(netlist.Cells[cell]);
    }

    public double[] Rise { get; }
    public double[] Fall { get; }

    internal static int NetAt(FlatCell cell, string pin)
    {
        for (int i = 0; i < cell.Nets.Length; i++)
            if (cell.Cell.Pins[i].Name == pin)
                return cell.Nets[i];
        return -1;
    }

    private void Propagate(FlatCell cell)
    {
        foreach ((int to, TransitionArc arc, int from) in Ways(cell).Where(way => !balanced || !netlist.IsClock[way.To]))
        {
            Rise[to] = Math.Max(Rise[to], arc.Rise.At(netlist.Loads[to], Slowest(arc.RiseOf, from)));
            Fall[to] = Math.Max(Fall[to], arc.Fall.At(netlist.Loads[to], Slowest(arc.FallOf, from)));
        }
    }

    private double Slowest(InputEdges edges, int net) =>
        Math.Max(edges.HasFlag(InputEdges.Rising) ? Rise[net] : 0, edges.HasFlag(InputEdges.Falling) ? Fall[net] : 0);

    /// <summary>
    /// From the nets at a cell's inputs to those at its outputs; in cells with a state from the clock alone: what opens a latch makes
    /// its edges, and the data of a clock gate's latch may come from registers behind that gate.
    /// </summary>
    private IEnumerable<(int To, TransitionArc Arc, int From)> Ways(FlatCell cell)
    {
        bool holds = cell.Cell.State is not null || cell.Cell.ClockGate is not null;
        for (int output = 0; output < cell.Nets.Length; output++)
        {
            if (cell.Nets[output] < 0 || cell.Cell.Pins[output].Direction != PinDirection.Output)
                continue;
            foreach (TransitionArc arc in cell.Cell.Pins[output].Transitions)
                for (int input = 0; input < cell.Nets.Length; input++)
                    if (cell.Nets[input] >= 0 && cell.Cell.Pins[input].Name == arc.RelatedPin && (!holds || netlist.IsClockPin(cell.Cell, input)))
                        yield return (cell.Nets[output], arc, cell.Nets[input]);
        }
    }

    /// <summary>Every cell after those that drive what its edges come of.</summary>
    private List<int> InOrder()
    {
        var sinks = new List<int>?[netlist.NetNames.Count];
        var waitsFor = new int[netlist.Cells.Count];
        var order = new List<int>(netlist.Cells.Count);
        for (int i = 0; i < netlist.Cells.Count; i++)
        {
            foreach (int net in Ways(netlist.Cells[i]).Select(way => way.From).Distinct().Where(net => netlist.IsDriven[net]))
            {
                (sinks[net] ??= []).Add(i);
                waitsFor[i]++;
            }

            if (waitsFor[i] == 0)
                order.Add(i);
        }

        for (int next = 0; next < order.Count; next++)
        {
            FlatCell cell = netlist.Cells[order[next]];
            for (int pin = 0; pin < cell.Nets.Length; pin++)
            {
                if (cell.Nets[pin] < 0 || cell.Cell.Pins[pin].Direction != PinDirection.Output || sinks[cell.Nets[pin]] is not { } driven)
                    continue;
                foreach (int sink in driven)
                    if (--waitsFor[sink] == 0)
                        order.Add(sink);
            }
        }

        return order;
    }
}
