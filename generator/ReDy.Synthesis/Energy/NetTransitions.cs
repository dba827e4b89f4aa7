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
    public NetTransitions(FlatNetlist netlist, bool balanced)
    {
        this.netlist = netlist;
        this.balanced = balanced;
        Rise = new double[netlist.NetNames.Count];
        Fall = new double[netlist.NetNames.Count];
        foreach (int cell in InOrder())
            Propagate(netlist.Cells[cell]);
    }

    public double[] Rise { get; }
    public double[] Fall { get; }

    private void Propagate(FlatCell cell)
    {
        for (int i = 0; i < cell.Nets.Length; i++)
        {
            LibertyPin pin = cell.Cell.Pins[i];
            int net = cell.Nets[i];
            if (net < 0 || pin.Direction != PinDirection.Output || (balanced && netlist.IsClock[net]))
                continue;
            foreach (TransitionArc arc in pin.Transitions)
            {
                int from = NetAt(cell, arc.RelatedPin);
                if (from < 0)
                    continue;
                (double rise, double fall) = arc.Inverts switch
                {
                    true => (Fall[from], Rise[from]),
                    false => (Rise[from], Fall[from]),
                    null => (Math.Max(Rise[from], Fall[from]), Math.Max(Rise[from], Fall[from])),
                };
                Rise[net] = Math.Max(Rise[net], arc.Rise.At(netlist.Loads[net], rise));
                Fall[net] = Math.Max(Fall[net], arc.Fall.At(netlist.Loads[net], fall));
            }
        }
    }

    internal static int NetAt(FlatCell cell, string pin)
    {
        for (int i = 0; i < cell.Nets.Length; i++)
            if (cell.Cell.Pins[i].Name == pin)
                return cell.Nets[i];
        return -1;
    }

    /// <summary>Flip-flops and latches first, then every gate after those that drive it.</summary>
    private List<int> InOrder()
    {
        var sinks = new List<int>?[netlist.NetNames.Count];
        var waitsFor = new int[netlist.Cells.Count];
        var order = new List<int>(netlist.Cells.Count);
        for (int i = 0; i < netlist.Cells.Count; i++)
        {
            FlatCell cell = netlist.Cells[i];
            if (cell.Cell.State is not null)
                order.Add(i);
            else
                for (int pin = 0; pin < cell.Nets.Length; pin++)
                    if (cell.Nets[pin] is >= 0 and int net && cell.Cell.Pins[pin].Direction == PinDirection.Input)
                        (sinks[net] ??= []).Add(i);
        }

        foreach (FlatCell cell in netlist.Cells.Where(cell => cell.Cell.State is null))
            foreach (int sink in Driven(cell))
                waitsFor[sink]++;
        for (int i = 0; i < netlist.Cells.Count; i++)
            if (netlist.Cells[i].Cell.State is null && waitsFor[i] == 0)
                order.Add(i);
        for (int next = 0; next < order.Count; next++)
        {
            if (netlist.Cells[order[next]].Cell.State is not null)
                continue;
            foreach (int sink in Driven(netlist.Cells[order[next]]))
                if (--waitsFor[sink] == 0)
                    order.Add(sink);
        }

        return order;

        IEnumerable<int> Driven(FlatCell cell)
        {
            for (int pin = 0; pin < cell.Nets.Length; pin++)
                if (cell.Nets[pin] is >= 0 and int net && cell.Cell.Pins[pin].Direction == PinDirection.Output && sinks[net] is { } driven)
                    foreach (int sink in driven)
                        yield return sink;
        }
    }
}
