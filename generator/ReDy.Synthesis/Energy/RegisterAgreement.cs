using ReDy.Architecture;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Energy;

/// <summary>Toggles of register bits in the golden model against those of the flip-flops of the same name in a record of the netlist.</summary>
/// <param name="Bits">Registers of standard cells, without words of memories.</param>
/// <param name="Equal">As many transitions on both sides.</param>
/// <param name="Absent">Without such a flip-flop: constant, or shared with another register.</param>
public sealed record RegisterAgreement(long Bits, long Equal, long Absent)
{
    public long Different => Bits - Equal - Absent;

    internal static RegisterAgreement Of(TileActivity activity, FlatNetlist netlist, RecordedActivity recorded)
    {
        var outputs = new Dictionary<string, string>();
        foreach (FlatCell cell in netlist.Cells.Where(cell => cell.Cell.State is not null))
            for (int i = 0; i < cell.Nets.Length; i++)
                if (cell.Nets[i] >= 0 && cell.Cell.Pins[i].Direction == PinDirection.Output)
                    outputs[cell.Name] = netlist.NetNames[cell.Nets[i]];
        long bits = 0, equal = 0, absent = 0;
        foreach (SignalActivity register in RegisterEstimate.DigitalRegisters(activity))
        {
            string name = CellName(register.Name);
            for (int i = 0; i < register.Bits; i++)
            {
                bits++;
                if (!outputs.TryGetValue(register.Bits == 1 ? name : $"{name}[{i}]", out string? net) || !recorded.Transitions.TryGetValue(net, out long transitions))
                    absent++;
                else if (transitions == register.Rises[i] + register.Falls[i])
                    equal++;
            }
        }

        return new RegisterAgreement(bits, equal, absent);
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
