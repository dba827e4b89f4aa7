using System.Text;
using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Rtl;
using ReDy.Simulation.Activity;

namespace ReDy.Simulation.Build;

/// <summary>
/// Which Verilog variables the simulation can see, and whether they are the ones that the golden model describes. Exactly the
/// registers (<c>reg</c> with a name in <c>_q</c>), the memories and the ports are made visible, so that Verilator can optimise the rest.
/// </summary>
public sealed class ProbeVisibility
{
    private const string RegisterSuffix = "_q";

    /// <summary>Inside the analog macro only the cells are part of the contract.</summary>
    private const string MacroInstance = "crossbar_macro";
    /// <summary>Output register of a memory: it has no reset, so what is in it counts only where it goes on to.</summary>
    private const string MemoryOutput = "read_data_q";
    private const int NamesShown = 20;

    /// <summary>IMAs are alike: kept as modules they are translated once, not once per instance.</summary>
    private const string KeepImas = "no_inline -module \"*_ima\"\n";
    private const string ConfigurationStart = "`verilator_config\n";

    private readonly HashSet<VerilogRegister> registers;
    private readonly HashSet<string> memoryNames;

    /// <param name="events">Wires that are visible besides, to count events by; null: none.</param>
    public ProbeVisibility(RtlBundle bundle, SignalLayout layout, VerilogEvents? events = null)
    {
        if (layout.IsPortsOnly)
        {
            // Without KeepImas: a netlist's IMA is called g_row[0].g_column[0].ima, of which Verilator 5.032 would trace the last part alone.
            (registers, memoryNames, ConfigurationFile) = ([], [], ConfigurationStart);
            return;
        }

        memoryNames = [.. layout.Memories.Select(memory => HierarchicalName.Leaf(memory.Name))];
        registers =
        [
            .. bundle.SimulationSources.SelectMany(path => VerilogRegisters.Of(bundle[path].Content))
                .Where(register => register.Name.EndsWith(RegisterSuffix, StringComparison.Ordinal) || memoryNames.Contains(register.Name)),
        ];

        // A probe may also be a net: a register vector that a module puts together from generated pieces, or a pin of the macro.
        HashSet<string> declared = [.. registers.Select(register => register.Name)];
        foreach (string name in layout.Registers.Select(probe => probe.Name).Concat(layout.Memories.Select(memory => memory.Name)))
            if (!declared.Contains(HierarchicalName.Leaf(name)))
                registers.Add(new VerilogRegister("*" + HierarchicalName.Module(HierarchicalName.Instance(name)), HierarchicalName.Leaf(name)));
        registers.UnionWith(events?.Wires ?? new HashSet<VerilogRegister>());
        ConfigurationFile = Write();
    }

    /// <summary>Verilator configuration that makes them visible.</summary>
    public string ConfigurationFile { get; }

    /// <param name="visible">Hierarchical name -> bits and entries (0: no array), as the simulation lists them.</param>
    /// <param name="events">What is visible besides; null: nothing.</param>
    /// <exception cref="InvalidOperationException">Names what the golden model has and the Verilog lacks, and the other way round.</exception>
    public static void Check(SignalLayout layout, IReadOnlyDictionary<string, (int Bits, int Depth)> visible, VerilogEvents? events = null)
    {
        var problems = new StringBuilder();
        HashSet<string> wires = [.. (events?.Wires ?? new HashSet<VerilogRegister>()).Select(wire => wire.Name)];
        var covered = new HashSet<string>();
        foreach (SignalSlot slot in layout.Inputs.Concat(layout.Tied).Concat(layout.Compared))
        {
            covered.Add(slot.Name);
            if (!visible.TryGetValue(slot.Name, out (int Bits, int Depth) variable))
                problems.AppendLine($"  {slot.Name}: in the golden model ({slot.Bits} bits), not in the Verilog");
            else if (variable != (slot.Bits, 0))
                problems.AppendLine($"  {slot.Name}: {slot.Bits} bits in the golden model, {Shape(variable)} in the Verilog");
        }

        foreach (MemoryProbe memory in layout.Memories)
        {
            covered.Add(memory.Name);
            if (!visible.TryGetValue(memory.Name, out (int Bits, int Depth) variable))
                problems.AppendLine($"  {memory.Name}: memory in the golden model ({memory.Depth} entries of {memory.Bits} bits), not in the Verilog");
            else if (variable != (memory.Bits, memory.Depth) && variable != (memory.Bits * memory.Depth, 0))
                problems.AppendLine($"  {memory.Name}: {memory.Depth} entries of {memory.Bits} bits in the golden model, {Shape(variable)} in the Verilog");
        }

        foreach (string name in visible.Keys.Order(StringComparer.Ordinal))
            if (!covered.Contains(name) && !wires.Contains(HierarchicalName.Leaf(name)) && HierarchicalName.Leaf(name) != MemoryOutput && !name.Contains("." + MacroInstance + ".", StringComparison.Ordinal))
                problems.AppendLine($"  {name}: {Shape(visible[name])} in the Verilog, no probe of the golden model covers it");

        if (problems.Length > 0)
        {
            string[] lines = problems.ToString().TrimEnd().Split(Environment.NewLine);
            string more = lines.Length > NamesShown ? $"{Environment.NewLine}  and {lines.Length - NamesShown} more" : "";
            throw new InvalidOperationException(
                $"The golden model's probes and the Verilog's registers are not the same ({lines.Length} differences):{Environment.NewLine}"
                + string.Join(Environment.NewLine, lines.Take(NamesShown)) + more);
        }
    }

    private static string Shape((int Bits, int Depth) variable) =>
        variable.Depth == 0 ? $"{variable.Bits} bits" : $"{variable.Depth} entries of {variable.Bits} bits";

    private string Write()
    {
        var text = new StringBuilder(ConfigurationStart + KeepImas);
        foreach (VerilogRegister register in registers.OrderBy(register => register.Module, StringComparer.Ordinal).ThenBy(register => register.Name, StringComparer.Ordinal))
            text.Append($"public_flat_rd -module \"{register.Module}\" -var \"{register.Name}\"\n");
        return text.ToString();
    }
}
