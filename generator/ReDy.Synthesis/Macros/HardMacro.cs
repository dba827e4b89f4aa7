using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Macros;

/// <summary>A digital pin of a hard macro.</summary>
/// <param name="Bits">Width; null for a scalar pin.</param>
/// <param name="Picofarads">Of each bit of an input; 0 for outputs.</param>
/// <param name="IsClock">All others are synchronous to the macro's clock.</param>
public sealed record MacroPin(string Name, PinDirection Direction, int? Bits, double Picofarads, bool IsClock = false)
{
    public int Width => Bits ?? 1;
}

/// <summary>Energy that a macro takes with a rising clock edge, if a condition holds then.</summary>
/// <param name="What">read, convert, write or idle.</param>
/// <param name="When">In Liberty's operators, over the macro's pins.</param>
public sealed record MacroEnergy(string What, string When, double Picojoules);

/// <summary>Leakage in a state of the macro.</summary>
/// <param name="When">In Liberty's operators; null: always.</param>
public sealed record MacroLeakage(string? When, double Nanowatts);

/// <summary>A hard macro of a tile as its views describe it: Verilog black box, Liberty, LEF.</summary>
public sealed record HardMacro
{
    /// <summary>Of the module, with the bundle's prefix.</summary>
    public required string Name { get; init; }
    public required string Description { get; init; }
    public required double AreaSquareMicrometres { get; init; }

    /// <summary>What the area is the sum of: components, how many of each, and what each takes.</summary>
    public required string AreaArithmetic { get; init; }

    /// <summary>Nodes that the rows behind the area are for, e.g. <c>32 nm</c>.</summary>
    public required string Node { get; init; }

    /// <summary>In the order of the module.</summary>
    public required IReadOnlyList<MacroPin> Pins { get; init; }
    public required IReadOnlyList<MacroEnergy> Energies { get; init; }
    public required IReadOnlyList<MacroLeakage> Leakages { get; init; }
}

/// <summary>What the pins of all macros of a tile have in common; nanoseconds, picofarads, micrometres.</summary>
/// <param name="OutputResistance">Delay per load at an output, ns/pF.</param>
/// <param name="Grid">That edges of the layout are on.</param>
/// <param name="PinPitch">Distance of the routing tracks that pins are on.</param>
public sealed record MacroTechnology(
    double Volts, double ClockToOutput, double OutputResistance, double OutputTransition, double Setup, double Hold, double Grid, double PinPitch, double PinSize)
{
    /// <summary>Of an output's edges, ns.</summary>
    /// <param name="load">In pF.</param>
    public double TransitionAt(double load) => OutputTransition + OutputResistance * load;
}
