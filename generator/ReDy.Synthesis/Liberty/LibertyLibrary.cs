using System.Globalization;
using System.Text.RegularExpressions;
using ReDy.Architecture;

namespace ReDy.Synthesis.Liberty;

public enum PinDirection
{
    Input,
    Output,
    InOut,
    Internal,
}

/// <summary>Energy that a cell takes inside when a pin switches, in picojoules.</summary>
/// <param name="RelatedPins">Inputs whose transition causes it; none for the pin's own.</param>
/// <param name="When">Condition on other pins; null: always.</param>
public sealed record InternalPower(IReadOnlyList<string> RelatedPins, LogicFunction? When, LookupTable? Rise, LookupTable? Fall);

/// <summary>How steep an output's edges are, in nanoseconds, over its load and the transition at an input.</summary>
/// <param name="Inverts">A rising input makes a falling output; null: either may come of either.</param>
public sealed record TransitionArc(string RelatedPin, bool? Inverts, LookupTable Rise, LookupTable Fall);

/// <summary>A pin of a library cell.</summary>
/// <param name="Capacitance">In picofarads.</param>
/// <param name="Function">What an output carries, of the inputs or of the cell's state; null if unknown.</param>
public sealed record LibertyPin(
    string Name, PinDirection Direction, double Capacitance, string? Function, bool IsClock, bool IsThreeState, IReadOnlyList<InternalPower> Power,
    IReadOnlyList<TransitionArc> Transitions, string? ClockGateRole);

/// <summary>State of a flip-flop or latch.</summary>
/// <param name="State">Names of the state and of its inverse, as functions call them.</param>
/// <param name="Clock">Flip-flop: the edge; latch: the enable.</param>
/// <param name="Data">The next state, or what a latch takes.</param>
public sealed record LibertyState(bool IsLatch, IReadOnlyList<string> State, string Clock, string Data, string? Clear, string? Preset);

/// <summary>A cell of a library.</summary>
/// <param name="Area">In the library's unit, by convention square micrometres.</param>
/// <param name="LeakageNanowatts">Over all states.</param>
/// <param name="ClockGate">Kind of an integrated clock gating cell, e.g. <c>latch_posedge_precontrol</c>.</param>
public sealed record LibertyCell(
    string Name, double Area, double LeakageNanowatts, IReadOnlyList<LibertyPin> Pins, LibertyState? State, string? ClockGate, bool IsAvoided)
{
    public IEnumerable<LibertyPin> Inputs => Pins.Where(pin => pin.Direction == PinDirection.Input);
    public IEnumerable<LibertyPin> Outputs => Pins.Where(pin => pin.Direction == PinDirection.Output);

    public LibertyPin? Pin(string name) => Pins.FirstOrDefault(pin => pin.Name == name);

    /// <summary>The function of a combinational cell with one output.</summary>
    public LogicFunction? Function =>
        State is null && ClockGate is null && Outputs.ToArray() is [{ Function: { } function, IsThreeState: false }] ? LogicFunction.Parse(function) : null;
}

/// <summary>A standard-cell library as synthesis and power estimation need it; capacitances in pF, energies in pJ, leakage in nW.</summary>
public sealed partial class LibertyLibrary
{
    private LibertyLibrary(string name, IReadOnlyDictionary<string, LibertyCell> cells) => (Name, Cells) = (name, cells);

    public string Name { get; }
    public IReadOnlyDictionary<string, LibertyCell> Cells { get; }

    /// <summary>Of the operating conditions that the library was characterised at.</summary>
    public double Voltage { get; private init; }

    /// <summary>E.g. <c>typical, 1.8 V, 25 C</c>.</summary>
    public string Conditions { get; private init; } = "";

    /// <exception cref="InputException">No Liberty file, or one that says nothing of its voltage.</exception>
    public static LibertyLibrary ReadFile(string path) => Of(LibertyReader.ReadFile(path), path);

    public static LibertyLibrary Of(LibertyGroup library, string path)
    {
        string conditionsName = library["default_operating_conditions"] ?? "";
        LibertyGroup? conditions = library.GroupsNamed("operating_conditions").FirstOrDefault(group => group.Argument == conditionsName)
            ?? library.GroupsNamed("operating_conditions").FirstOrDefault();
        double voltage = Number(conditions?["voltage"] ?? library["nom_voltage"])
            ?? throw new InputException($"{path}: the library has neither operating_conditions with a voltage nor nom_voltage; energies need one");
        double capacitance = CapacitanceUnit(library), leakage = LeakageUnit(library), volts = Scaled(library["voltage_unit"], 'V') ?? 1;
        Dictionary<string, LibertyGroup> templates = library.Groups
            .Where(group => group.Name is "lu_table_template" or "power_lut_template").GroupBy(group => group.Argument).ToDictionary(group => group.Key, group => group.Last());
        double nanoseconds = (Scaled(library["time_unit"], 's') ?? 1e-9) * 1e9;
        var reader = new CellReader(templates, (capacitance, nanoseconds, volts * volts * capacitance), leakage, Number(library["default_input_pin_cap"]) ?? 0);
        return new LibertyLibrary(library.Argument, library.GroupsNamed("cell").Select(reader.Read).GroupBy(cell => cell.Name).ToDictionary(group => group.Key, group => group.Last()))
        {
            Voltage = voltage,
            Conditions = string.Create(CultureInfo.InvariantCulture, $"{conditions?.Argument ?? "nominal"}, {voltage:0.##} V, {Number(conditions?["temperature"] ?? library["nom_temperature"]) ?? 25:0.#} C"),
        };
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    /// <summary>In picofarads.</summary>
    private static double CapacitanceUnit(LibertyGroup library) =>
        library.Attributes.LastOrDefault(attribute => attribute.Name == "capacitive_load_unit") is { Values: [{ } count, { } unit] }
            ? (Number(count) ?? 1) * (unit.Trim().ToLowerInvariant() == "ff" ? 1e-3 : 1)
            : 1;

    /// <summary>In nanowatts.</summary>
    private static double LeakageUnit(LibertyGroup library) => (Scaled(library["leakage_power_unit"], 'W') ?? 1e-9) * 1e9;

    /// <summary>A unit such as <c>1mV</c> in the basic unit.</summary>
    private static double? Scaled(string? text, char unit)
    {
        Match match = UnitPattern().Match(text ?? "");
        if (!match.Success || !match.Groups[3].Value.Equals(unit.ToString(), StringComparison.OrdinalIgnoreCase))
            return null;
        double factor = match.Groups[2].Value switch { "f" => 1e-15, "p" => 1e-12, "n" => 1e-9, "u" => 1e-6, "m" => 1e-3, _ => 1 };
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * factor;
    }

    [GeneratedRegex(@"^\s*([\d.]+)\s*([fpnum]?)([A-Za-z])")]
    private static partial Regex UnitPattern();

    /// <summary>Reads the cells of one library, in its units.</summary>
    private sealed class CellReader(IReadOnlyDictionary<string, LibertyGroup> templates, (double Load, double Time, double Energy) units, double nanowatts, double defaultCapacitance)
    {
        public LibertyCell Read(LibertyGroup cell)
        {
            LibertyGroup? state = cell.Groups.FirstOrDefault(group => group.Name is "ff" or "latch");
            double[] leakages = [.. cell.GroupsNamed("leakage_power").Select(group => Number(group["value"])).OfType<double>()];
            return new LibertyCell(
                cell.Argument,
                Number(cell["area"]) ?? 0,
                (Number(cell["cell_leakage_power"]) ?? (leakages.Length > 0 ? leakages.Average() : 0)) * nanowatts,
                [.. cell.GroupsNamed("pin").SelectMany(pin => pin.Arguments.Select(name => Pin(pin, name)))],
                state is null ? null : State(state),
                cell["clock_gating_integrated_cell"],
                cell["dont_use"] == "true" || cell["dont_touch"] == "true");
        }

        private static LibertyState State(LibertyGroup state)
        {
            bool isLatch = state.Name == "latch";
            return new LibertyState(
                isLatch, state.Arguments, state[isLatch ? "enable" : "clocked_on"] ?? "", state[isLatch ? "data_in" : "next_state"] ?? "", state["clear"], state["preset"]);
        }

        private LibertyPin Pin(LibertyGroup pin, string name) => new(
            name,
            pin["direction"] switch { "output" => PinDirection.Output, "inout" => PinDirection.InOut, "internal" => PinDirection.Internal, _ => PinDirection.Input },
            (Number(pin["capacitance"]) ?? defaultCapacitance) * units.Load,
            pin["function"],
            pin["clock"] == "true",
            pin["three_state"] is not null,
            [.. pin.GroupsNamed("internal_power").Select(Power)],
            [.. pin.GroupsNamed("timing").SelectMany(Transitions)],
            new[] { "clock_gate_clock_pin", "clock_gate_enable_pin", "clock_gate_test_pin", "clock_gate_out_pin" }.FirstOrDefault(role => pin[role] == "true"));

        private InternalPower Power(LibertyGroup power) => new(
            power["related_pin"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            power["when"] is { } when ? LogicFunction.Parse(when) : null,
            Table(power, "rise_power", units.Energy) ?? Table(power, "power", units.Energy),
            Table(power, "fall_power", units.Energy) ?? Table(power, "power", units.Energy));

        private IEnumerable<TransitionArc> Transitions(LibertyGroup timing)
        {
            if (Table(timing, "rise_transition", units.Time) is not { } rise || Table(timing, "fall_transition", units.Time) is not { } fall)
                return [];
            bool? inverts = timing["timing_sense"] switch { "positive_unate" => false, "negative_unate" => true, _ => null };
            return (timing["related_pin"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pin => new TransitionArc(pin, inverts, rise, fall));
        }

        /// <param name="unit">Of the table's values.</param>
        private LookupTable? Table(LibertyGroup group, string name, double unit) =>
            group.GroupsNamed(name).FirstOrDefault() is { } table ? LookupTable.Read(table, templates, (units.Load, units.Time, unit)) : null;
    }
}
