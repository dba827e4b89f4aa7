namespace ReDy.CostModel;

/// <summary>Whether a component's energy can be had from the toggles of its registers.</summary>
public enum ComponentNature
{
    /// <summary>A hard macro, the analog part of a crossbar or a RAM: always priced by table rows.</summary>
    Macro,

    /// <summary>Ordinary logic: priced by table rows or by measured toggles.</summary>
    Digital,

    /// <summary>A cell that measured toggles are priced by.</summary>
    Cell,

    /// <summary>Part of ISAAC's chip that this tile does not have: only in the published totals.</summary>
    Elsewhere,
}

/// <summary>A component that tables price: the name is the block's in Verilog, golden model and reports.</summary>
/// <param name="Modules">Modules whose registers it consists of, for measured pricing.</param>
/// <param name="Charges">Events that its energy may be charged by.</param>
/// <param name="Units">Hardware that its area and static power may be given for.</param>
public sealed record ComponentKind(
    string Name, ComponentNature Nature, string Description, IReadOnlyList<string> Modules, IReadOnlyList<ChargedEvent> Charges, IReadOnlyList<string> Units)
{
    public const string Adc = "adc";
    public const string FlipFlop = "flip_flop";
    public const string DynamicPrecisionUnit = "dynamic_precision_unit";

    public static IReadOnlyList<ComponentKind> All { get; } =
    [
        new(Adc, ComponentNature.Macro, "analog-to-digital converters", [], [ChargedEvent.Conversions], ["adc"]),
        new("dac", ComponentNature.Macro, "wordline drivers", [], [ChargedEvent.DacDrives], ["wordline"]),
        new("sample_and_hold", ComponentNature.Macro, "freezes every bitline's sum", [], [ChargedEvent.Samples], ["bitline", "crossbar"]),
        new("cell_array", ComponentNature.Macro, "ReRAM cells; charged by cells or by whole crossbars that are read, not both", [], [ChargedEvent.CellReads, ChargedEvent.CrossbarReads], ["cell"]),
        new("shift_and_add", ComponentNature.Digital, "weighs and accumulates conversions (S&A)", ["shift_and_add", "flip_register"], [ChargedEvent.ShiftAndAdds], ["adc"]),
        new("input_register", ComponentNature.Digital, "activations of a group, two banks (IR)", ["input_register"], [ChargedEvent.InputWrites, ChargedEvent.InputReads], ["input_register_bit"]),
        new("output_register", ComponentNature.Digital, "results of a crossbar, two slots (OR)", ["output_register"], [ChargedEvent.ResultWrites, ChargedEvent.ResultReads], ["output_register_bit"]),
        new(DynamicPrecisionUnit, ComponentNature.Digital, "measures groups, picks bit planes, rounds activations on their way to the DACs (DPU); with offset encoding also X, the sum that every policy needs",
            ["dynamic_precision_unit", "threshold_registers"], [ChargedEvent.WordsMeasured, ChargedEvent.Decisions, ChargedEvent.InputReads], ["ima", "row_block", "tile_row"]),
        new("activation_buffer", ComponentNature.Macro, "vectors that wait to be loaded (ISAAC's eDRAM buffer)", [], [ChargedEvent.BufferWrites, ChargedEvent.BufferReads], ["buffer_bit", "tile"]),
        new("load_bus", ComponentNature.Digital, "from the buffer to the input registers (ISAAC's eDRAM-to-IMA bus)", ["row_loader", "load_sequencer"], [ChargedEvent.BusTransfers], ["ima", "tile_row", "tile"]),
        new("output_stage", ComponentNature.Digital, "sums over row blocks and tile rows (ISAAC's tile S+A)", ["output_stage", "ima"], [ChargedEvent.Requantisations], ["tile"]),
        new("requantiser", ComponentNature.Digital, "bias, ReLU, multiplier, shift, zero point", ["requantiser", "output_parameters"], [ChargedEvent.Requantisations], ["tile"]),
        new("bias_memory", ComponentNature.Macro, "biases of two layer banks", [], [ChargedEvent.BiasReads], ["tile"]),
        new("scale_memory", ComponentNature.Macro, "multipliers and shifts of two layer banks", [], [ChargedEvent.ScaleReads], ["tile"]),
        new("output_packer", ComponentNature.Digital, "outputs that wait to leave (ISAAC's tile OR)", ["output_packer"], [ChargedEvent.OutputBeats], ["tile"]),
        new("control", ComponentNature.Digital, "sequencers, queues, stream ports, register file, counters",
            ["step_sequencer", "vector_queue", "stream_input", "partial_input", "register_file", "weight_programmer", "performance_counters", "interrupt_controller"], [], ["tile"]),
        new(FlipFlop, ComponentNature.Cell, "one bit of a register, where toggles are measured", [], [ChargedEvent.FlipFlopClocks, ChargedEvent.FlipFlopToggles, ChargedEvent.FlipFlopWrittenBits], []),
        new("router", ComponentNature.Elsewhere, "ISAAC's mesh router, shared by four tiles", [], [], ["tile"]),
        new("sigmoid", ComponentNature.Elsewhere, "ISAAC's activation function units", [], [], ["tile"]),
        new("max_pool", ComponentNature.Elsewhere, "ISAAC's pooling unit", [], [], ["tile"]),
        new("hyper_transport", ComponentNature.Elsewhere, "ISAAC's links between chips; a unit is a chip's", [], [], ["tile"]),
    ];

    public static ComponentKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>Part of this tile.</summary>
    public bool IsInTile => Nature is ComponentNature.Macro or ComponentNature.Digital;
}
