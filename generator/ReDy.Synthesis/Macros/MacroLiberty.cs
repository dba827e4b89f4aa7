using System.Globalization;
using System.Text;
using ReDy.CostModel;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Macros;

/// <summary>The Liberty view of the hard macros of a tile, one library.</summary>
public static class MacroLiberty
{
    private const string Conditions = "typical", Range = "0, 1";

    /// <summary>Tables of two equal points instead of scalars: OpenSTA of 2019 reads a scalar constraint without its unit.</summary>
    private const string LoadTable = "over_load", ConstraintTable = "over_transition", EnergyTable = "energy_over_transition";

    /// <param name="name">Of the library.</param>
    public static string Write(string name, TileMacros macros)
    {
        var text = new StringBuilder("/*\n  Hard macros of the tile. Assumptions, which have no published source:\n");
        foreach (CostValue assumed in macros.Assumptions)
            text.Append(CultureInfo.InvariantCulture, $"    {assumed.Row.Name} = {assumed.Value / (assumed.Row.Unit?.Factor ?? 1):G6} {assumed.Row.UnitText}: {assumed.Row.Arithmetic} ({assumed.Row.At})\n");
        text.Append($"  Areas and energies come from the component tables ({macros.ComponentFiles}), for the node that is named, whatever the standard cells beside them are:\n");
        foreach (HardMacro macro in macros.All)
            text.Append($"    {macro.Name}: {macro.Description}; {macro.AreaArithmetic}, {macro.Node}\n");
        return text.Append("*/\n").Append(Library(name, macros.All, macros.Technology)).ToString();
    }

    private static LibertyGroup Library(string name, IReadOnlyList<HardMacro> macros, MacroTechnology technology)
    {
        string voltage = Number(technology.Volts);
        LibertyGroup library = new LibertyGroup("library", name)
            .AddComplex("technology", "cmos")
            .Add("delay_model", "table_lookup")
            .Add("time_unit", "1ns").Add("voltage_unit", "1V").Add("current_unit", "1uA").Add("pulling_resistance_unit", "1kohm").Add("leakage_power_unit", "1nW")
            .AddComplex("capacitive_load_unit", "1", "pf")
            .Add("nom_process", "1").Add("nom_voltage", voltage).Add("nom_temperature", "25")
            .Add("slew_lower_threshold_pct_rise", "20").Add("slew_upper_threshold_pct_rise", "80")
            .Add("slew_lower_threshold_pct_fall", "20").Add("slew_upper_threshold_pct_fall", "80")
            .Add("input_threshold_pct_rise", "50").Add("input_threshold_pct_fall", "50")
            .Add("output_threshold_pct_rise", "50").Add("output_threshold_pct_fall", "50")
            .Add(new LibertyGroup("operating_conditions", Conditions).Add("process", "1").Add("voltage", voltage).Add("temperature", "25"))
            .Add("default_operating_conditions", Conditions)
            .Add(new LibertyGroup("lu_table_template", LoadTable).Add("variable_1", "total_output_net_capacitance").AddComplex("index_1", Range))
            .Add(new LibertyGroup("lu_table_template", ConstraintTable).Add("variable_1", "constrained_pin_transition").AddComplex("index_1", Range))
            .Add(new LibertyGroup("power_lut_template", EnergyTable).Add("variable_1", "input_transition_time").AddComplex("index_1", Range));
        foreach (int width in macros.SelectMany(macro => macro.Pins).Select(pin => pin.Bits).OfType<int>().Distinct().Order())
            library.Add(new LibertyGroup("type", BusType(width))
                .Add("base_type", "array").Add("data_type", "bit").Add("bit_width", Number(width)).Add("bit_from", Number(width - 1)).Add("bit_to", "0").Add("downto", "true"));
        foreach (HardMacro macro in macros)
            library.Add(Cell(macro, technology));
        return library;
    }

    private static LibertyGroup Cell(HardMacro macro, MacroTechnology technology)
    {
        LibertyGroup cell = new LibertyGroup("cell", macro.Name).Add("area", Number(macro.AreaSquareMicrometres)).Add("dont_touch", "true").Add("dont_use", "true").Add("is_macro_cell", "true");
        cell.Add("cell_leakage_power", Number(macro.Leakages.Max(leakage => leakage.Nanowatts)));
        foreach (MacroLeakage leakage in macro.Leakages.Where(leakage => leakage.When is not null))
            cell.Add(new LibertyGroup("leakage_power").Add("when", leakage.When!).Add("value", Number(leakage.Nanowatts)));
        string clock = macro.Pins.Single(pin => pin.IsClock).Name;
        foreach (MacroPin pin in macro.Pins)
        {
            LibertyGroup group = pin.Bits is { } width ? new LibertyGroup("bus", pin.Name).Add("bus_type", BusType(width)) : new LibertyGroup("pin", pin.Name);
            group.Add("direction", pin.Direction == PinDirection.Output ? "output" : "input");
            if (pin.IsClock)
                Energies(group.Add("clock", "true").Add("capacitance", Number(pin.Picofarads)), macro);
            else if (pin.Direction == PinDirection.Input)
                group.Add("capacitance", Number(pin.Picofarads))
                    .Add(Constraint("setup_rising", clock, technology.Setup)).Add(Constraint("hold_rising", clock, technology.Hold));
            else
                group.Add("max_capacitance", "1").Add(Arc(clock, technology));
            cell.Add(group);
        }

        return cell;
    }

    private static void Energies(LibertyGroup clock, HardMacro macro)
    {
        foreach (MacroEnergy energy in macro.Energies)
            clock.Add(new LibertyGroup("internal_power").Add("when", energy.When)
                .Add(new LibertyGroup("rise_power", EnergyTable).AddComplex("values", Twice(energy.Picojoules)))
                .Add(new LibertyGroup("fall_power", EnergyTable).AddComplex("values", Twice(0))));
    }

    private static LibertyGroup Constraint(string type, string clock, double nanoseconds) => new LibertyGroup("timing")
        .Add("related_pin", clock).Add("timing_type", type)
        .Add(new LibertyGroup("rise_constraint", ConstraintTable).AddComplex("values", Twice(nanoseconds)))
        .Add(new LibertyGroup("fall_constraint", ConstraintTable).AddComplex("values", Twice(nanoseconds)));

    /// <summary>From the clock to an output: a delay, and so much more per picofarad.</summary>
    private static LibertyGroup Arc(string clock, MacroTechnology technology)
    {
        LibertyGroup arc = new LibertyGroup("timing").Add("related_pin", clock).Add("timing_type", "rising_edge").Add("timing_sense", "non_unate");
        foreach (string edge in new[] { "rise", "fall" })
        {
            arc.Add(Line("cell_" + edge, technology.ClockToOutput));
            arc.Add(Line(edge + "_transition", technology.OutputTransition));
        }

        return arc;

        LibertyGroup Line(string name, double start) =>
            new LibertyGroup(name, LoadTable).AddComplex("values", $"{Number(start)}, {Number(start + technology.OutputResistance)}");
    }

    private static string Twice(double value) => $"{Number(value)}, {Number(value)}";

    private static string BusType(int width) => $"bus_{width}";

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
