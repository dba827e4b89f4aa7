using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Energy;

/// <summary>
/// Energy from what registers do, without a netlist: rising edges at their clock pins, their toggles, words written into memories
/// of flip-flops. This is how <c>redy energy</c> prices digital logic; it does not see the logic between registers.
/// </summary>
internal static class RegisterEstimate
{
    /// <summary>Of the bits of a written word, those that change (assumed: half).</summary>
    private const double ChangedShare = 0.5;

    private static readonly HashSet<string> DigitalModules = [.. ComponentKind.All.Where(kind => kind.Nature == ComponentNature.Digital).SelectMany(kind => kind.Modules)];

    /// <summary>With the library's flip-flop, whose output drives one gate equivalent.</summary>
    public static ClockEnergy ByLibrary(StandardCells cells, TileActivity activity)
    {
        LibertyCell cell = cells.FlipFlop;
        var clockPins = new ClockPins();
        double voltage = cells.Library.Voltage, load = cells.Nand2.Inputs.First().Capacitance;
        double clocked = 0, toggled = 0.5 * load * voltage * voltage;
        foreach (LibertyPin pin in cell.Pins)
        {
            double pair = pin.Power.Select(power => power.OfRise(load, 0) + power.OfFall(load, 0)).DefaultIfEmpty(0).Average();
            if (clockPins.Contain(cell, pin.Name))
                clocked = pair + pin.Capacitance * voltage * voltage;
            else
                toggled += pair / 2;
        }

        RegisterActivity counted = Digital(activity);
        return new ClockEnergy(counted.ClockEdges * clocked / activity.Clocks, (counted.Toggles + ChangedShare * counted.WrittenBits) * toggled / activity.Clocks, null, null);
    }

    /// <summary>With the rows of a component table.</summary>
    public static ClockEnergy ByTable(CostArithmetic arithmetic, TileActivity activity)
    {
        RegisterActivity counted = Digital(activity);
        return new ClockEnergy(
            counted.ClockEdges * Row(ChargedEvent.FlipFlopClocks) / activity.Clocks,
            (counted.Toggles * Row(ChargedEvent.FlipFlopToggles) + counted.WrittenBits * Row(ChargedEvent.FlipFlopWrittenBits)) / activity.Clocks,
            null, null);

        double Row(ChargedEvent charge) => arithmetic.Rows(ComponentKind.FlipFlop).Energy.TryGetValue(charge.Name, out CostRow? row)
            ? arithmetic.Of(row).Value
            : throw new InputException($"components.{ComponentKind.FlipFlop}.energy.{charge.Name} ({string.Join(", ", arithmetic.Table.Files)}): counted registers need this row; give it");
    }

    /// <summary>Registers that standard cells are made for; those in macros are not.</summary>
    public static IEnumerable<SignalActivity> DigitalRegisters(TileActivity activity) => activity.Registers.Where(register => DigitalModules.Contains(register.Module));

    private static RegisterActivity Digital(TileActivity activity) => RegisterActivity.Of(activity, (module, _) => DigitalModules.Contains(module));
}
