using System.Globalization;
using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Rtl;
using static ReDy.Synthesis.Liberty.PinDirection;

namespace ReDy.Synthesis.Macros;

/// <summary>The hard macros of a tile, priced by the component tables: areas are those of <c>redy area</c>, energies those of <c>redy energy</c>.</summary>
public sealed class TileMacros
{
    private const string Clock = "aclk";

    private readonly TileGeometry geometry;
    private readonly CostArithmetic arithmetic;
    private readonly IReadOnlyList<AreaLine> areas;
    private readonly Dictionary<string, CostValue> used = [];

    /// <param name="table">Its first ADC model is the crossbar's.</param>
    /// <param name="node">Technology node in nm that formulas of the tables take.</param>
    /// <exception cref="InputException">A row that the views need is missing.</exception>
    public TileMacros(TileGeometry geometry, ComponentTable table, double node = ComponentTables.DefaultNode)
    {
        this.geometry = geometry;
        arithmetic = new CostArithmetic(table, geometry, node);
        if (arithmetic.Adc is null)
            throw new InputException($"{string.Join(", ", table.Files)}: no ADC model; give one under 'adc_models:'");
        areas = AreaReport.Of(arithmetic, geometry).Lines;
        TileConfig config = geometry.Config;
        All =
        [
            Memory("activation_buffer", geometry.BufferBeats, geometry.ActivationsPerBeat * config.Activations.Bits),
            Memory("bias_memory", 2 * geometry.CapacityOutputs, config.Outputs.BiasBits),
            Crossbar(),
            Memory("scale_memory", 2 * geometry.CapacityOutputs, config.Outputs.MultiplierBits + TileGeometry.ShiftBits),
        ];
        Technology = new MacroTechnology(
            Constant("macro_voltage"), Constant("macro_clock_to_output"), Constant("macro_output_resistance"), Constant("macro_output_transition"),
            Constant("macro_setup"), Constant("macro_hold"), Length("macro_grid"), Length("macro_pin_pitch"), Length("macro_pin_size"));
    }

    public IReadOnlyList<HardMacro> All { get; }
    public MacroTechnology Technology { get; }

    /// <summary>Rows behind the views that no source gives.</summary>
    public IEnumerable<CostValue> Assumptions => used.Values.Where(value => value.Row.IsAssumption);

    public string ComponentFiles => string.Join(", ", arithmetic.Table.Files);

    /// <summary>Input capacitance of a macro's pin, pF; null if there is no such pin.</summary>
    /// <param name="macro">With the bundle's prefix.</param>
    public double? Load(string macro, string pin) => Find(macro, pin)?.Picofarads;

    public MacroPin? Find(string macro, string pin) => All.FirstOrDefault(one => one.Name == macro)?.Pins.FirstOrDefault(one => one.Name == pin);

    private HardMacro Crossbar()
    {
        TileConfig config = geometry.Config;
        int rows = config.Crossbar.Wordlines, columns = config.Crossbar.Bitlines, adcs = config.Adc.PerCrossbar, bits = config.Adc.Bits;
        string[] components = [.. ComponentKind.All.Where(kind => kind.Nature == ComponentNature.Macro && !RtlBundle.MemoryMacros.Contains(kind.Name)).Select(kind => kind.Name)];
        string[] starts = [.. Enumerable.Range(0, adcs).Select(adc => $"start[{adc}]")];
        return new HardMacro
        {
            Name = config.Rtl.Prefix + RtlBundle.CrossbarMacro,
            Description = Text($"{rows} x {columns} cells of {config.Cell.Bits} bits, wordline drivers, sample-and-hold, {adcs} ADC of {bits} bits"),
            AreaSquareMicrometres = Area(components),
            AreaArithmetic = AreaArithmetic(components),
            Node = Node(components),
            Pins =
            [
                ClockPin(),
                In("aresetn"),
                In("dac_drive"),
                In("dac_digits", rows * config.Dac.Bits),
                In("sample"),
                In("bitline_select", TileGeometry.IndexBits(geometry.BitlinesPerAdc)),
                In("start", adcs),
                Out("valid", adcs),
                Out("code", adcs * bits),
                Out("overrange", adcs),
                In("program_strobe"),
                In("program_row", TileGeometry.IndexBits(rows)),
                In("program_data", columns * config.Cell.Bits),
                Out("program_busy"),
                In("sleep"),
            ],
            Energies =
            [
                new("read", "sample", components.Sum(ReadEnergy)),
                .. starts.Select(start => new MacroEnergy("convert", start, Energy(ComponentKind.Adc, ChargedEvent.Conversions))),
                new("write", "program_strobe", columns * Constant("macro_cell_write")),
                new("idle", string.Join(" & ", starts.Append("sample").Append("program_strobe").Select(pin => "!" + pin)), 0),
            ],
            Leakages = [new("sleep", adcs * Constant("macro_adc_leakage_asleep")), new("!sleep", adcs * Constant("macro_adc_leakage_awake"))],
        };
    }

    private HardMacro Memory(string module, int words, int wordBits)
    {
        int addressBits = TileGeometry.IndexBits(words);
        double read = Energy(module, ChargedEvent.BufferReads, wordBits);
        return new HardMacro
        {
            Name = geometry.Config.Rtl.Prefix + module,
            Description = Text($"memory of {words} words of {wordBits} bits, one write port, one read port"),
            AreaSquareMicrometres = Area(module),
            AreaArithmetic = AreaArithmetic(module),
            Node = Node(module),
            Pins =
            [
                ClockPin(),
                In("write_enable"),
                In("write_address", addressBits),
                In("write_data", wordBits),
                In("read_enable"),
                In("read_address", addressBits),
                Out("read_data", wordBits),
            ],
            Energies =
            [
                new("read", "read_enable", read),
                new("write", "write_enable", Row(module, ChargedEvent.BufferWrites) is null ? read * Constant("macro_memory_write") : Energy(module, ChargedEvent.BufferWrites, wordBits)),
                new("idle", "!read_enable & !write_enable", 0),
            ],
            Leakages = [new(null, (double)words * wordBits * Constant("macro_memory_leakage"))],
        };
    }

    private MacroPin ClockPin() => new(Clock, Input, null, Constant("macro_clock_pin_capacitance"), IsClock: true);

    private MacroPin In(string name, int? bits = null) => new(name, Input, bits, Constant("macro_pin_capacitance"));

    private static MacroPin Out(string name, int? bits = null) => new(name, Output, bits, 0);

    private IReadOnlyList<AreaLine> Lines(params string[] components)
    {
        if (components.FirstOrDefault(component => areas.All(line => line.Component != component)) is { } missing)
            throw new InputException($"components.{missing}.area ({ComponentFiles}): the views of the macros need its area and no row gives it; give one, or put an ADC model with an area first");
        AreaLine[] lines = [.. areas.Where(line => components.Contains(line.Component))];
        foreach (AreaLine line in lines)
            used[line.Each.Row.Key] = line.Each;
        return lines;
    }

    /// <summary>Square micrometres, as far as the views write them.</summary>
    private double Area(params string[] components) => Math.Round(Lines(components).Sum(line => line.PerInstance), 3);

    private string AreaArithmetic(params string[] components) =>
        string.Join(" + ", Lines(components).Select(line => Text($"{line.Component} {line.Count:0} x {line.Each.Value:G4}"))) + " um2";

    private string Node(params string[] components) =>
        string.Join(", ", Lines(components).Select(line => line.Each.ScaledBy == 1 ? line.Each.Row.Node ?? arithmetic.Node : arithmetic.Node).Distinct().Order().Select(node => Text($"{node} nm")));

    /// <summary>What one step of a whole crossbar takes in a component, pJ.</summary>
    private double ReadEnergy(string component)
    {
        double wordlines = geometry.Wordlines, bitlines = geometry.Config.Crossbar.Bitlines;
        (ChargedEvent Event, double Count)[] step =
        [
            (ChargedEvent.DacDrives, wordlines), (ChargedEvent.Samples, bitlines), (ChargedEvent.CellReads, wordlines * bitlines), (ChargedEvent.CrossbarReads, 1),
        ];
        return step.Where(one => Row(component, one.Event) is not null).Sum(one => one.Count * Energy(component, one.Event));
    }

    private CostRow? Row(string component, ChargedEvent charge) => arithmetic.Rows(component).Energy.GetValueOrDefault(charge.Name);

    /// <summary>Picojoules of an event that moves so many bits.</summary>
    private double Energy(string component, ChargedEvent charge, int bits = 1)
    {
        CostRow row = Row(component, charge)
            ?? throw new InputException($"components.{component}.energy.{charge.Name} ({ComponentFiles}): the views of the macros need this row; give it");
        CostValue value = used[row.Key] = arithmetic.Of(row);
        return value.Value * (row.Unit!.PerBit ? bits : 1);
    }

    private double Constant(string name)
    {
        CostValue value = arithmetic.Constant(name);
        used[value.Row.Key] = value;
        return value.Value;
    }

    private double Length(string name)
    {
        double length = Constant(name);
        CostRow row = arithmetic.Table.Constants[name];
        return length > 0 ? length : throw new InputException($"{row.Key} = {row.Value.Text} ({row.At}): a length of 0 makes no layout; give one above 0");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
