using ReDy.Architecture;
using ReDy.Simulation.Activity;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Energy;

/// <summary>Toggles of register bits in the golden model against those of the flip-flops of the same name in a record of the netlist.</summary>
/// <param name="Bits">Registers of standard cells, without words of memories.</param>
/// <param name="Equal">As many transitions on both sides.</param>
/// <param name="Absent">Without such a flip-flop: constant, or shared with another register.</param>
/// <param name="Differences">Bits that make another number of transitions: a sign that record or netlist is not of this tile.</param>
public sealed record RegisterAgreement(long Bits, long Equal, long Absent, IReadOnlyList<ActivityDifference> Differences)
{
    internal static RegisterAgreement Of(TileActivity activity, FlatNetlist netlist, IReadOnlyDictionary<string, BitSwitching> recorded)
    {
        var outputs = new Dictionary<string, string>();
        foreach (FlatCell cell in netlist.Cells.Where(cell => cell.Cell.State is not null))
            for (int i = 0; i < cell.Nets.Length; i++)
                if (cell.Nets[i] >= 0 && cell.Cell.Pins[i].Direction == PinDirection.Output)
                    outputs[cell.Name] = netlist.NetNames[cell.Nets[i]];
        long bits = 0, equal = 0, absent = 0;
        var differences = new List<ActivityDifference>();
        foreach (SignalActivity register in RegisterEstimate.DigitalRegisters(activity))
        {
            string cell = CellName(register.Name);
            for (int i = 0; i < register.Bits; i++)
            {
                string index = register.Bits == 1 ? "" : $"[{i}]";
                long expected = register.Rises[i] + register.Falls[i];
                bits++;
                if (!outputs.TryGetValue(cell + index, out string? net) || !recorded.TryGetValue(net, out BitSwitching bit))
                    absent++;
                else if (bit.Transitions == expected)
                    equal++;
                else
                    differences.Add(new ActivityDifference(register.Name + index, "transitions", expected, bit.Transitions));
            }
        }

        return new RegisterAgreement(bits, equal, absent, differences);
    }

    /// <summary><c>tile.g_row[0].g_column[0].ima.sum_q</c> is held by <c>g_row[0].g_column[0].ima/sum_q_reg</c>; in a netlist generate blocks are no instances.</summary>
    private static string CellName(string register)
    {
        string instance = HierarchicalName.Instance(register), path = "", prefix = "";
        foreach (string part in instance.Split('.').Skip(1))
        {
            prefix += part;
            if (HierarchicalName.IsGenerateBlock(part))
            {
                prefix += ".";
                continue;
            }

            path += prefix + "/";
            prefix = "";
        }

        return path + prefix + HierarchicalName.Leaf(register) + "_reg";
    }
}
