using System.Text.Json.Serialization;
using ReDy.Architecture;

namespace ReDy.Synthesis.Energy;

/// <summary>Energy of a clock, in pJ.</summary>
/// <param name="ClockPins">Clock pins of flip-flops, the clock net, gates in clocks.</param>
/// <param name="Registers">Flip-flops besides: outputs and what they drive, data pins.</param>
/// <param name="Logic">Combinational cells and what they drive; null: not seen.</param>
/// <param name="Leakage">In one period; null: not seen.</param>
public sealed record ClockEnergy(double ClockPins, double Registers, double? Logic, double? Leakage)
{
    public double Total => ClockPins + Registers + (Logic ?? 0) + (Leakage ?? 0);
    public double ClockPinShare => Total == 0 ? 0 : ClockPins / Total;
}

/// <summary>Of all instances of a module, without those in it.</summary>
public sealed record ModuleEnergy(string Module, ClockEnergy Energy);

/// <summary>Both pricings of the same activity, every net alike: power in mW, with both energies of each pair of edges added on every edge, as OpenSTA 2.0 has it.</summary>
/// <param name="Activity">Transitions of every net but the clocks per clock.</param>
public sealed record PricingCheck(double Activity, [property: JsonPropertyName("redy")] OpenStaPower ReDy, [property: JsonPropertyName("opensta")] OpenStaPower OpenSta);

/// <summary>What the standard cells of a tile take while vectors stream through it, by three estimates.</summary>
public sealed record PowerResult
{
    public required string Configuration { get; init; }
    public required PrecisionPolicy Policy { get; init; }
    public required bool ClockGating { get; init; }
    public required string Workload { get; init; }

    /// <summary>That the layer was drawn from; null: it was given.</summary>
    public required long? Seed { get; init; }
    public required string Library { get; init; }
    public required double ClockNanoseconds { get; init; }
    public required long Cells { get; init; }
    public required long FlipFlops { get; init; }
    public required double Kge { get; init; }

    /// <summary>From the one that takes the first beat of activations to the one that takes the last result.</summary>
    public required long Clocks { get; init; }
    public required long Vectors { get; init; }

    /// <summary>Of output ports with the golden model.</summary>
    public required long Comparisons { get; init; }
    public required long Nets { get; init; }

    /// <summary>Nets that the record does not have; they count as still.</summary>
    public required IReadOnlyList<string> NetsWithoutActivity { get; init; }

    /// <summary>Whether the netlist's flip-flops toggle as the golden model's registers do.</summary>
    public required RegisterAgreement Registers { get; init; }

    /// <summary>Transitions of every net, priced with the library.</summary>
    public required ClockEnergy Netlist { get; init; }

    /// <summary>The same by module, largest first.</summary>
    public required IReadOnlyList<ModuleEnergy> Modules { get; init; }

    /// <summary>Clock edges and toggles of registers alone, as <c>redy energy</c> counts them, priced with a flip-flop of the library.</summary>
    public required ClockEnergy RegistersByLibrary { get; init; }

    /// <summary>The same counts, priced with the rows of <c>redy energy</c>.</summary>
    public required ClockEnergy RegistersByTable { get; init; }
    public required double NodeNanometres { get; init; }

    /// <summary>Part of <see cref="Netlist"/>, in pJ per clock, that ports of the tile drive: the clock net. OpenSTA charges nobody with it.</summary>
    public required double DrivenByPorts { get; init; }

    /// <summary>Null: the installed OpenSTA cannot read activity.</summary>
    [JsonPropertyName("opensta_recorded")]
    public required OpenStaPower? OpenStaRecorded { get; init; }

    /// <summary>Null: the installed OpenSTA is no 2.0, whose way with internal energies the comparison knows.</summary>
    public required PricingCheck? Check { get; init; }
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>The record is of this tile: every flip-flop in it toggles as the golden model's register.</summary>
    public bool Passed => Registers.Differences.Count == 0;

    public double PicojoulesPerVector => Vectors == 0 ? 0 : Netlist.Total * Clocks / Vectors;

    /// <summary>Of the whole tile's standard cells.</summary>
    public double ShareOf(params IReadOnlyList<string> modules) => Modules.Where(module => modules.Contains(module.Module)).Sum(module => module.Energy.Total) / Netlist.Total;
}

/// <summary>A netlist that is not the tile: its activity means nothing.</summary>
/// <param name="Report">When, where, what instead of what, and the command that repeats it.</param>
public sealed record PowerFailure(string Configuration, PrecisionPolicy Policy, bool ClockGating, string Report);
