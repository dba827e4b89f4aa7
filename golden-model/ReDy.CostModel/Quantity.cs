using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>What a table row is a number of.</summary>
public enum Quantity
{
    /// <summary>Per event, or per bit that an event moves; counted in picojoules.</summary>
    Energy,

    /// <summary>Drawn all the time by a unit of hardware; counted in milliwatts.</summary>
    StaticPower,

    /// <summary>Of a unit of hardware; counted in square micrometres.</summary>
    Area,
}

/// <summary>A unit as a table spells it.</summary>
/// <param name="Factor">From this unit to the one that <see cref="Quantity"/> names.</param>
/// <param name="PerBit">Per bit moved, not per event.</param>
public sealed record Unit(string Spelling, Quantity Quantity, double Factor, bool PerBit)
{
    public static IReadOnlyList<Unit> All { get; } =
    [
        .. from unit in new (string Spelling, double Factor)[] { ("aJ", 1e-6), ("fJ", 1e-3), ("pJ", 1), ("nJ", 1e3), ("uJ", 1e6) }
           from perBit in new[] { false, true }
           select new Unit(perBit ? unit.Spelling + "/bit" : unit.Spelling, Quantity.Energy, unit.Factor, perBit),
        new("nW", Quantity.StaticPower, 1e-6, false),
        new("uW", Quantity.StaticPower, 1e-3, false),
        new("mW", Quantity.StaticPower, 1, false),
        new("W", Quantity.StaticPower, 1e3, false),
        new("um2", Quantity.Area, 1, false),
        new("mm2", Quantity.Area, 1e6, false),
    ];

    public static IEnumerable<string> Of(Quantity quantity) => All.Where(unit => unit.Quantity == quantity).Select(unit => unit.Spelling);

    public static string Key(Quantity quantity) => TileParameters.Spell(quantity);
}
