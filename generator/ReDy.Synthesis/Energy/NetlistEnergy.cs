using ReDy.Synthesis.Flow;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Energy;

/// <summary>Power of one module's standard cells over all its instances, in mW.</summary>
/// <param name="Clock">Clock pins of flip-flops: what the edge takes inside, and the charge of the pin.</param>
/// <param name="Registers">Flip-flops besides: outputs, data pins.</param>
/// <param name="Logic">Combinational cells and what they drive.</param>
public sealed record ModulePower(string Module, double Clock, double Registers, double Logic, double Leakage)
{
    public double Total => Clock + Registers + Logic + Leakage;
}

/// <summary>Power of a netlist's standard cells from recorded activity.</summary>
/// <param name="NetsWithoutActivity">Nets that the record does not have; they count as still.</param>
/// <param name="Seconds">Length of the record, at the clock that it was written for (timing.clock_mhz).</param>
public sealed record NetlistPower(IReadOnlyList<ModulePower> Modules, long Nets, long NetsWithoutActivity, double Seconds)
{
    public ModulePower Sum { get; } = new("all", Modules.Sum(m => m.Clock), Modules.Sum(m => m.Registers), Modules.Sum(m => m.Logic), Modules.Sum(m => m.Leakage));
}

/// <summary>
/// Prices transitions by the Liberty file: half of C V^2 of what a net drives for each edge, charged to its driver's module, and
/// the library's internal energies, the mean of rise and fall for each edge. Wires weigh nothing.
/// </summary>
public sealed class NetlistEnergy
{
    /// <summary>Input transition at which internal energies are read, ns: that of a buffered net of the OSU library.</summary>
    private const double Transition = 0.2;

    private readonly MappedTile tile;
    private readonly RecordedActivity activity;
    private readonly Dictionary<string, Dictionary<NetBit, double>> loads = [];
    private readonly Dictionary<string, (double Clock, double Registers, double Logic, double Leakage)> sums = [];
    private long nets, unknown;

    private NetlistEnergy(MappedTile tile, RecordedActivity activity) => (this.tile, this.activity) = (tile, activity);

    public static NetlistPower Of(MappedTile tile, RecordedActivity activity)
    {
        var energy = new NetlistEnergy(tile, activity);
        foreach (GateModule module in tile.Netlist.Modules)
            energy.loads[module.Name] = energy.Loads(module);
        energy.Walk(tile.Netlist.TopModule, "");
        double milliwatts = 1e-9 / activity.DurationSeconds;
        return new NetlistPower(
            [
                .. energy.sums.Select(one => new ModulePower(
                        one.Key[tile.Config.Rtl.Prefix.Length..], one.Value.Clock * milliwatts, one.Value.Registers * milliwatts, one.Value.Logic * milliwatts, one.Value.Leakage * 1e-6))
                    .OrderByDescending(one => one.Total).ThenBy(one => one.Module, StringComparer.Ordinal),
            ],
            energy.nets, energy.unknown, activity.DurationSeconds);
    }

    private void Walk(GateModule module, string path)
    {
        (double clock, double registers, double logic, double leakage) = sums.GetValueOrDefault(module.Name);
        Dictionary<NetBit, double> load = loads[module.Name];
        double volts = tile.Cells.Library.Voltage;
        var edges = new Dictionary<NetBit, long>();
        foreach (GateInstance instance in module.Instances)
        {
            if (tile.Netlist.Find(instance.Type) is { } inner)
            {
                sums[module.Name] = (clock, registers, logic, leakage);
                Walk(inner, $"{path}{instance.Name}/");
                (clock, registers, logic, leakage) = sums[module.Name];
                continue;
            }

            if (!tile.Cells.Library.Cells.TryGetValue(instance.Type, out LibertyCell? cell))
                continue;
            leakage += cell.LeakageNanowatts;
            foreach (GatePin pin in instance.Pins)
            {
                if (pin.Bits[0].IsConstant || cell.Pin(pin.Name) is not { } known)
                    continue;
                long count = Edges(pin.Bits[0]);
                double own = known.Direction == PinDirection.Output ? load.GetValueOrDefault(pin.Bits[0]) : 0;
                double energy = count * (Internal(known, own) + 0.5 * own * volts * volts);
                if (cell.State is null)
                    logic += energy;
                else if (known.IsClock)
                    clock += energy + count * 0.5 * known.Capacitance * volts * volts;
                else
                    registers += energy;
            }
        }

        sums[module.Name] = (clock, registers, logic, leakage);

        long Edges(NetBit net)
        {
            if (edges.TryGetValue(net, out long known))
                return known;
            nets++;
            if (!activity.Transitions.TryGetValue(path + module.NameOf(net), out long count))
                unknown++;
            return edges[net] = count;
        }
    }

    /// <summary>Mean over rise and fall and over the inputs that may have caused the edge, pJ.</summary>
    private static double Internal(LibertyPin pin, double load)
    {
        double[] energies = [.. pin.Power.Select(power => ((power.Rise?.At(load, Transition) ?? 0) + (power.Fall?.At(load, Transition) ?? 0)) / 2)];
        return energies.Length == 0 ? 0 : energies.Average();
    }

    /// <summary>What each net of a module drives, pF; clock pins are charged where they are.</summary>
    private Dictionary<NetBit, double> Loads(GateModule module)
    {
        var sums = new Dictionary<NetBit, double>();
        foreach (GateInstance instance in module.Instances)
            foreach (GatePin pin in instance.Pins.Where(pin => pin.Direction == PinDirection.Input))
                for (int bit = 0; bit < pin.Bits.Count; bit++)
                    sums[pin.Bits[bit]] = sums.GetValueOrDefault(pin.Bits[bit]) + Load(instance.Type, pin.Name, bit);
        return sums;
    }

    private double Load(string type, string pin, int bit)
    {
        if (tile.Cells.Library.Cells.TryGetValue(type, out LibertyCell? cell))
            return cell.Pin(pin) is { IsClock: false } known ? known.Capacitance : 0;
        if (tile.Netlist.Find(type) is { } inner)
            return loads[type].GetValueOrDefault(inner.Ports.First(port => port.Name == pin).Bits[bit]);
        return tile.Macros.Find(type, pin) is { IsClock: false } input ? input.Picofarads : 0;
    }
}
