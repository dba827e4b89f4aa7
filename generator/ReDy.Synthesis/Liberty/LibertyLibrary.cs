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

/// <summary>Edges at an input that an output's edge may come of.</summary>
[Flags]
public enum InputEdges
{
    Rising = 1,
    Falling = 2,
    Either = Rising | Falling,
}

/// <summary>
/// Energy that a cell takes inside when a pin switches, in picojoules. Tables for several states of the cell (<c>when</c>) count alike: the
/// library does not say how often each state is. What goes into ground has come out of a supply and is left out.
/// </summary>
/// <param name="RelatedPin">Input whose edge causes it; null: the pin's own edge.</param>
/// <param name="RiseOf">Edges at that input that make the pin rise.</param>
/// <param name="Rise">Of the pin's rising edge: for each supply, the tables of the states.</param>
public sealed record InternalPower(
    string? RelatedPin, InputEdges RiseOf, InputEdges FallOf, IReadOnlyList<IReadOnlyList<LookupTable>> Rise, IReadOnlyList<IReadOnlyList<LookupTable>> Fall)
{
    /// <param name="load">Of the pin, pF.</param>
    /// <param name="transition">Of the edge that causes it, ns.</param>
    public double OfRise(double load, double transition) => Sum(Rise, load, transition);

    /// <inheritdoc cref="OfRise"/>
    public double OfFall(double load, double transition) => Sum(Fall, load, transition);

    private static double Sum(IReadOnlyList<IReadOnlyList<LookupTable>> supplies, double load, double transition) =>
        supplies.Sum(states => states.Average(table => table.At(load, transition)));
}

/// <summary>How steep an output's edges are, in nanoseconds, over its load and the transition at an input.</summary>
/// <param name="RiseOf">Edges at the input that make the output rise.</param>
public sealed record TransitionArc(string RelatedPin, InputEdges RiseOf, InputEdges FallOf, LookupTable Rise, LookupTable Fall);

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
/// <param name="Function">Of a combinational cell with one output and at most <see cref="LogicFunction.MostInputs"/> inputs; null for all others.</param>
/// <param name="ClockGate">Kind of an integrated clock gating cell, e.g. <c>latch_posedge_precontrol</c>.</param>
public sealed record LibertyCell(
    string Name, double Area, double LeakageNanowatts, IReadOnlyList<LibertyPin> Pins, LogicFunction? Function, LibertyState? State, string? ClockGate, bool IsAvoided)
{
    public IEnumerable<LibertyPin> Inputs => Pins.Where(pin => pin.Direction == PinDirection.Input);
    public IEnumerable<LibertyPin> Outputs => Pins.Where(pin => pin.Direction == PinDirection.Output);

    public LibertyPin? Pin(string name) => Pins.FirstOrDefault(pin => pin.Name == name);
}

/// <summary>A standard-cell library as synthesis and power estimation need it; volts, capacitances in pF, times in ns, energies in pJ, leakage in nW.</summary>
public sealed partial class LibertyLibrary
{
    private LibertyLibrary(string name, IReadOnlyDictionary<string, LibertyCell> cells) => (Name, Cells) = (name, cells);

    public string Name { get; }
    public IReadOnlyDictionary<string, LibertyCell> Cells { get; }

    /// <summary>Of the operating conditions that the library was characterised at.</summary>
    public double Voltage { get; private init; }

    /// <summary>E.g. <c>typical, 1.8 V, 25 C</c>.</summary>
    public string Conditions { get; private init; } = "";

    /// <exception cref="InputException">No Liberty file, one that says nothing of its voltage, or units, tables or functions that cannot be understood.</exception>
    public static LibertyLibrary ReadFile(string path) => Of(LibertyReader.ReadFile(path), path);

    public static LibertyLibrary Of(LibertyGroup library, string path)
    {
        string conditionsName = library["default_operating_conditions"] ?? "";
        LibertyGroup? conditions = library.GroupsNamed("operating_conditions").FirstOrDefault(group => group.Argument == conditionsName)
            ?? library.GroupsNamed("operating_conditions").FirstOrDefault();
        double volts = Unit(library, "voltage_unit", 'V', 1, path), capacitance = CapacitanceUnit(library, path);
        double leakage = Unit(library, "leakage_power_unit", 'W', 1e-9, path) * 1e9, nanoseconds = Unit(library, "time_unit", 's', 1e-9, path) * 1e9;
        double voltage = volts * (Number(conditions, "voltage", path) ?? Number(library, "nom_voltage", path))
            ?? throw new InputException($"{path}: the library has neither operating_conditions with a voltage nor nom_voltage; energies need one");
        Dictionary<string, LibertyGroup> templates = library.Groups
            .Where(group => group.Name is "lu_table_template" or "power_lut_template").GroupBy(group => group.Argument).ToDictionary(group => group.Key, group => group.Last());
        var reader = new CellReader(path, templates, (capacitance, nanoseconds, volts * volts * capacitance), leakage, Number(library, "default_input_pin_cap", path) ?? 0);
        return new LibertyLibrary(library.Argument, library.GroupsNamed("cell").Select(reader.Read).GroupBy(cell => cell.Name).ToDictionary(group => group.Key, group => group.Last()))
        {
            Voltage = voltage,
            Conditions = string.Create(CultureInfo.InvariantCulture, $"{conditions?.Argument ?? "nominal"}, {voltage:0.##} V, {Number(conditions, "temperature", path) ?? Number(library, "nom_temperature", path) ?? 25:0.#} C"),
        };
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    /// <summary>Null without the attribute.</summary>
    private static double? Number(LibertyGroup? group, string attribute, string path) => group?[attribute] is not { } text
        ? null
        : Number(text) ?? throw new InputException($"{path}:{group.Line}: {group.Name} ({string.Join(", ", group.Arguments)}) has {attribute} : {text}, which is no number; write a decimal number");

    /// <summary>In picofarads.</summary>
    private static double CapacitanceUnit(LibertyGroup library, string path)
    {
        if (library.Attributes.LastOrDefault(attribute => attribute.Name == "capacitive_load_unit") is not { } attribute)
            return 1;
        return attribute.Values is [{ } count, { } name] && Number(count) is > 0 and double times && Picofarads(name) is { } unit
            ? times * unit
            : throw new InputException($"{path}: {attribute} is no unit of capacitance; write for example capacitive_load_unit (1, pf)");

        static double? Picofarads(string name) => name.Trim().ToLowerInvariant() switch { "ff" => 1e-3, "pf" => 1, _ => null };
    }

    /// <summary>A unit such as <c>1mV</c> in the basic unit.</summary>
    /// <param name="absent">What holds if the library does not say.</param>
    private static double Unit(LibertyGroup library, string name, char unit, double absent, string path)
    {
        if (library[name] is not { } text)
            return absent;
        Match match = UnitPattern().Match(text);
        if (!match.Success || !match.Groups[3].Value.Equals(unit.ToString(), StringComparison.OrdinalIgnoreCase) || Number(match.Groups[1].Value) is not (> 0 and double times))
            throw new InputException($"{path}: {name} : \"{text}\" is no such unit; write for example \"1{(absent < 1 ? "n" : "")}{unit}\"");
        return times * match.Groups[2].Value switch { "f" => 1e-15, "p" => 1e-12, "n" => 1e-9, "u" => 1e-6, "m" => 1e-3, _ => 1 };
    }

    [GeneratedRegex(@"^\s*([\d.]+)\s*([fpnum]?)([A-Za-z])\s*$")]
    private static partial Regex UnitPattern();

    /// <summary>Reads the cells of one library, in its units.</summary>
    private sealed class CellReader(string path, IReadOnlyDictionary<string, LibertyGroup> templates, (double Load, double Time, double Energy) units, double nanowatts, double defaultCapacitance)
    {
        public LibertyCell Read(LibertyGroup cell)
        {
            LibertyGroup? state = cell.Groups.FirstOrDefault(group => group.Name is "ff" or "latch");
            HashSet<string> grounds = [.. cell.GroupsNamed("pg_pin").Where(pin => pin["pg_type"]?.EndsWith("ground", StringComparison.Ordinal) == true).Select(pin => pin.Argument)];
            LibertyPin[] pins = [.. cell.GroupsNamed("pin").SelectMany(pin => pin.Arguments.Select(name => Pin(pin, name, grounds)))];
            return new LibertyCell(
                cell.Argument,
                Number(cell, "area", path) ?? 0,
                (Number(cell, "cell_leakage_power", path) ?? Leakage(cell, grounds)) * nanowatts,
                pins,
                state is null && cell["clock_gating_integrated_cell"] is null ? Function(cell, pins) : null,
                state is null ? null : State(state),
                cell["clock_gating_integrated_cell"],
                cell["dont_use"] == "true" || cell["dont_touch"] == "true");
        }

        private LogicFunction? Function(LibertyGroup cell, LibertyPin[] pins) =>
            pins.Where(pin => pin.Direction == PinDirection.Output).ToArray() is [{ Function: { } function, IsThreeState: false }] && pins.Count(pin => pin.Direction == PinDirection.Input) <= LogicFunction.MostInputs
                ? LogicFunction.Parse(function, $"{path}:{cell.Line}: cell {cell.Argument}")
                : null;

        /// <summary>The mean over the states that the library tells, of every supply; without any, what holds in all.</summary>
        private double Leakage(LibertyGroup cell, HashSet<string> grounds) => FromSupplies(cell, "leakage_power", grounds).Sum(supply =>
        {
            LibertyGroup[] states = [.. supply.Where(group => group["when"] is not null)];
            return (states.Length > 0 ? states : supply).Select(group => Number(group, "value", path)).OfType<double>().DefaultIfEmpty(0).Average();
        });

        /// <summary>The groups of each supply; those of ground are left out.</summary>
        private static IEnumerable<LibertyGroup[]> FromSupplies(LibertyGroup owner, string name, HashSet<string> grounds) =>
            owner.GroupsNamed(name).GroupBy(group => group["related_pg_pin"] ?? "").Where(supply => !grounds.Contains(supply.Key)).Select(supply => supply.ToArray());

        private static LibertyState State(LibertyGroup state)
        {
            bool isLatch = state.Name == "latch";
            return new LibertyState(
                isLatch, state.Arguments, state[isLatch ? "enable" : "clocked_on"] ?? "", state[isLatch ? "data_in" : "next_state"] ?? "", state["clear"], state["preset"]);
        }

        private LibertyPin Pin(LibertyGroup pin, string name, HashSet<string> grounds)
        {
            TransitionArc[] arcs = [.. pin.GroupsNamed("timing").SelectMany(Transitions)];
            return new LibertyPin(
                name,
                pin["direction"] switch { "output" => PinDirection.Output, "inout" => PinDirection.InOut, "internal" => PinDirection.Internal, _ => PinDirection.Input },
                (Number(pin, "capacitance", path) ?? defaultCapacitance) * units.Load,
                pin["function"],
                pin["clock"] == "true",
                pin["three_state"] is not null,
                Power(pin, arcs, grounds),
                arcs,
                new[] { "clock_gate_clock_pin", "clock_gate_enable_pin", "clock_gate_test_pin", "clock_gate_out_pin" }.FirstOrDefault(role => pin[role] == "true"));
        }

        /// <summary>One for each input that may be the cause.</summary>
        private IReadOnlyList<InternalPower> Power(LibertyGroup pin, TransitionArc[] arcs, HashSet<string> grounds)
        {
            LibertyGroup[][] supplies = [.. FromSupplies(pin, "internal_power", grounds)];
            return [.. supplies.SelectMany(supply => supply).SelectMany(Causes).Distinct().Select(cause => new InternalPower(
                cause,
                cause is null ? InputEdges.Rising : Edges(arcs.Where(arc => arc.RelatedPin == cause).Select(arc => arc.RiseOf)),
                cause is null ? InputEdges.Falling : Edges(arcs.Where(arc => arc.RelatedPin == cause).Select(arc => arc.FallOf)),
                Tables(cause, "rise_power"),
                Tables(cause, "fall_power")))];

            LookupTable[][] Tables(string? cause, string name) =>
                [.. supplies.Select(supply => supply.Where(group => Causes(group).Contains(cause)).Select(group => Table(group, name, units.Energy) ?? Table(group, "power", units.Energy)).OfType<LookupTable>().ToArray()).Where(states => states.Length > 0)];
        }

        private static IEnumerable<string?> Causes(LibertyGroup power) => power["related_pin"] is { } pins ? Words(pins) : new string?[] { null };

        /// <summary>All of them together; of an input without an arc nothing is known.</summary>
        private static InputEdges Edges(IEnumerable<InputEdges> arcs) => arcs.DefaultIfEmpty(InputEdges.Either).Aggregate((one, other) => one | other);

        private IEnumerable<TransitionArc> Transitions(LibertyGroup timing)
        {
            if (Table(timing, "rise_transition", units.Time) is not { } rise || Table(timing, "fall_transition", units.Time) is not { } fall)
                return [];
            (InputEdges riseOf, InputEdges fallOf) = (timing["timing_type"], timing["timing_sense"]) switch
            {
                ("rising_edge", _) => (InputEdges.Rising, InputEdges.Rising),
                ("falling_edge", _) => (InputEdges.Falling, InputEdges.Falling),
                (_, "positive_unate") => (InputEdges.Rising, InputEdges.Falling),
                (_, "negative_unate") => (InputEdges.Falling, InputEdges.Rising),
                _ => (InputEdges.Either, InputEdges.Either),
            };
            return Words(timing["related_pin"] ?? "").Select(pin => new TransitionArc(pin, riseOf, fallOf, rise, fall));
        }

        private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        /// <param name="unit">Of the table's values.</param>
        private LookupTable? Table(LibertyGroup group, string name, double unit) =>
            group.GroupsNamed(name).FirstOrDefault() is { } table ? LookupTable.Read(table, templates, (units.Load, units.Time, unit), path) : null;
    }
}
