using System.Globalization;
using System.Text;
using ReDy.Architecture;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Activity;

/// <summary>
/// Which signals of the Verilog make each event: pins of the analog macros, write and read enables of memories, handshakes,
/// gated clocks. The simulation counts by these rules (testbenches/verilator/redy_activity.h, where they are described);
/// the tile's own event registers and counters are not among them.
/// </summary>
public sealed class VerilogEvents
{
    private readonly TileGeometry geometry;
    private readonly StringBuilder rules = new();
    private readonly List<string> names = [];
    private readonly HashSet<VerilogRegister> wires = [];

    private VerilogEvents(TileGeometry geometry)
    {
        this.geometry = geometry;
        OfStreams();
        for (int r = 0; r < geometry.Config.Tile.Rows; r++)
        {
            OfRowLoader($"{SignalLayout.Root}.g_row[{r}].row_loader");
            for (int c = 0; c < geometry.Config.Tile.Columns; c++)
                OfIma($"{SignalLayout.Root}.g_row[{r}].g_column[{c}].ima", r);
        }
    }

    /// <summary>Hierarchical names: instance, then event. In the order in which the simulation delivers their counts.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The rules, a line each.</summary>
    public string Rules => rules.ToString();

    /// <summary>Signals that they need and that are neither registers nor ports of the tile.</summary>
    public IReadOnlySet<VerilogRegister> Wires => wires;

    public static VerilogEvents Of(TileGeometry geometry) => new(geometry);

    private void OfStreams()
    {
        const string Tile = SignalLayout.Root;
        When($"{Tile}.s_axis_tvalid").Count(Tile, TileEvents.StreamBeats, $"+{Tile}.s_axis_tready 0 one");
        When($"{Tile}.s_axis_partial_tvalid").Count(Tile, TileEvents.PartialBeats, $"+{Tile}.s_axis_partial_tready 0 one");
        When($"{Tile}.m_axis_tvalid").Count(Tile, TileEvents.OutputBeats, $"+{Tile}.m_axis_tready 0 one");

        foreach (string buffer in (string[])["activation_buffer", "output_parameters.bias_memory", "output_parameters.scale_memory"])
        {
            Memory($"{Tile}.{buffer}", TileEvents.Writes("memory"), "write_enable");
            Memory($"{Tile}.{buffer}", TileEvents.Reads("memory"), "read_enable");
        }

        Memory($"{Tile}.vector_queue", TileEvents.Writes("bank_q"), "push");
        Memory($"{Tile}.vector_queue", TileEvents.Writes("end_q"), "push");
        foreach (string memory in (string[])["data_q", "keep_q", "last_q"])
            Memory($"{Tile}.output_packer", TileEvents.Writes(memory), "push");

        // Stage 6 takes a value when stage 5 has one and the pipeline moves.
        When($"{Tile}.output_stage.s5_valid_q").Count($"{Tile}.requantiser", TileEvents.Requantisations, $"+{Wire($"{Tile}.output_stage", "advance")} 0 one");
        Gate($"{Tile}.weight_programmer.row_buffer_q");
    }

    private void OfRowLoader(string path)
    {
        When($"{path}.load_valid_q").Count(path, TileEvents.BusTransfers, "one");
        When($"{path}.fetch_pending_q").Count(path, TileEvents.Writes("fifo_q"), "one");
    }

    private void OfIma(string path, int tileRow)
    {
        string unit = $"{path}.dynamic_precision_unit";
        Memory(unit, TileEvents.WordsMeasured, "load");
        When($"{unit}.decide_valid_q").Count(unit, TileEvents.Decisions, "one");
        for (int b = 0; b < geometry.RowBlocks; b++)
            OfRowBlock(path, b, (tileRow * geometry.RowBlocks + b) * geometry.Wordlines);
    }

    private void OfRowBlock(string ima, int rowBlock, int firstRow)
    {
        string path = $"{ima}.g_row_block[{rowBlock}]";
        string sequencer = $"{path}.step_sequencer";
        string register = $"{path}.input_register";
        Memory(register, TileEvents.Writes("words"), "load");
        Gate($"{register}.words");
        When(Wire(sequencer, "read")).Count(register, TileEvents.Reads("words"), "one");
        Gate($"{sequencer}.drive_digits_q");

        // The sample pins, while the macros are driven with a plane of a group.
        string streams = $"-{sequencer}.drive_null_q 0 -{sequencer}.drive_readback_q 0";
        int usedBits = TileGeometry.UnsignedBits(geometry.UsedBitlines);
        When(Wire(sequencer, "sample_now")).Count(sequencer, TileEvents.StepsStreamed, $"{streams} one");
        for (int k = 0; k < geometry.ColumnBlocks; k++)
        {
            string crossbar = Crossbar(path, k);
            string used = $"{ima}.used_q {usedBits} {sequencer}.drive_layer_q {k} {geometry.ColumnBlocks + k}";
            string rows = $"{SignalLayout.Root}.register_file.rows0_q {SignalLayout.Root}.register_file.rows1_q {firstRow} {geometry.Wordlines}";
            Count(crossbar, TileEvents.CrossbarReads, $"{streams} used {used}");
            Count(crossbar, TileEvents.Samples, $"{streams} field {used}");
            Count(crossbar, TileEvents.DacDrives, $"{streams} rows {used} {rows}");
        }

        for (int k = 0; k < geometry.ColumnBlocks; k++)
            OfCrossbar(Crossbar(path, k), sequencer);
    }

    private void OfCrossbar(string path, string sequencer)
    {
        string start = Wire(path, "adc_start");
        string valid = $"{path}.crossbar_macro.valid";
        string readBack = $"{sequencer}.tag_readback_q {geometry.Config.Timing.AdcLatency - 1}";
        When(start).Count(path, TileEvents.Conversions, $"-{sequencer}.convert_readback_q 0 ones {start}");
        Count(path, TileEvents.ReadbackConversions, $"+{sequencer}.convert_readback_q 0 ones {start}");
        When(valid).Count(path, TileEvents.ShiftAndAdds, $"-{readBack} ones {valid}");
        Count(path, TileEvents.Saturations, $"-{readBack} both {valid} {path}.crossbar_macro.overrange");
        Memory(path, TileEvents.RowWrites, "program_this");
        if (geometry.Flip)
        {
            Memory($"{path}.flip_register", TileEvents.Writes("flip_q"), "write");
            Gate($"{path}.flip_register.flip_q");
        }

        string read = geometry.Config.Adc.PerCrossbar > 1 ? "touched" : "read";
        for (int a = 0; a < geometry.Config.Adc.PerCrossbar; a++)
        {
            string adc = $"{path}.g_adc[{a}]";
            Memory($"{adc}.shift_and_add", TileEvents.Writes("accumulator"), "accumulate");
            Gate($"{adc}.shift_and_add.accumulator");
            Memory($"{adc}.output_register", TileEvents.Writes("results"), "write");
            Memory($"{adc}.output_register", TileEvents.Reads("results"), read);
            Gate($"{adc}.output_register.results");
        }
    }

    private static string Crossbar(string rowBlockPath, int columnBlock) => $"{rowBlockPath}.g_column_block[{columnBlock}].crossbar";

    /// <summary>One occurrence in every clock in which a wire of the instance is 1.</summary>
    private void Memory(string instance, string name, string wire) => When(Wire(instance, wire)).Count(instance, name, "one");

    /// <summary>The gated clock that a register or memory is clocked with: high after a rising edge that the gate lets through.</summary>
    private void Gate(string register)
    {
        if (!geometry.Config.Rtl.ClockGating || ClockGates.Of(register) is not { } gate)
            return;
        string instance = $"{HierarchicalName.Instance(register)}.{gate}";
        wires.Add(new VerilogRegister("*clock_gate", "gated_clock"));
        rules.Append(CultureInfo.InvariantCulture, $"g {instance}.gated_clock\n");
        Count(instance, TileEvents.ClockEdges, "one");
    }

    /// <summary>A wire that the simulation has to keep visible.</summary>
    private string Wire(string instance, string name)
    {
        wires.Add(new VerilogRegister("*" + HierarchicalName.Module(instance), name));
        return $"{instance}.{name}";
    }

    private VerilogEvents When(string trigger)
    {
        rules.Append(CultureInfo.InvariantCulture, $"t {trigger}\n");
        return this;
    }

    private void Count(string instance, string name, string rule)
    {
        rules.Append(CultureInfo.InvariantCulture, $"e {rule}\n");
        names.Add($"{instance}.{name}");
    }
}
