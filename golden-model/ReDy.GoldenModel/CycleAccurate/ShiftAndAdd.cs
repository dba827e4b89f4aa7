using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// What a shift-and-add unit does with the conversions of one clock. It follows from the tag that travels beside them, so all
/// crossbars of a row block share it.
/// </summary>
internal readonly struct ConversionWeight
{
    /// <summary>Output, counted from the first that the ADC's range touches.</summary>
    public required int Entry { get; init; }

    /// <summary>Bitline of the crossbar.</summary>
    public required int Bitline { get; init; }

    /// <summary>Significance of the code.</summary>
    public required int Shift { get; init; }

    /// <summary>The accumulator's old value does not count.</summary>
    public required bool Begins { get; init; }

    /// <summary>The result is final and goes to the output register.</summary>
    public required bool Ends { get; init; }

    /// <summary>The bitline counts negatively (differential encoding).</summary>
    public required bool Negative { get; init; }

    /// <summary>Added once per group and bitline: what the weights' offset takes away.</summary>
    public required long Seed { get; init; }

    /// <summary>The same for a flipped bitline, whose complement is taken from the sum of activations.</summary>
    public required long FlippedSeed { get; init; }

    /// <summary>Output register bank that the group's results go to.</summary>
    public required uint WriteSlot { get; init; }
}

/// <summary>S&amp;A of one ADC: weighs conversions by plane and slice and adds them up per output.</summary>
internal sealed unsafe class ShiftAndAdd
{
    private readonly Memory accumulator;
    private readonly ulong* flips;
    private readonly ulong mask;

    public ShiftAndAdd(Netlist netlist, string adcPath, int adc, FlipRegister? flipRegister)
    {
        TileGeometry geometry = netlist.Geometry;
        flips = flipRegister is null ? null : flipRegister.Bits;
        mask = PackedField.Mask(geometry.GroupResultBits);
        accumulator = netlist.Memories.Add($"{adcPath}.shift_and_add.accumulator", geometry.OutputsPerAdc, geometry.GroupResultBits);
        OutputRegister = new OutputRegister(netlist, adcPath, adc * geometry.BitlinesPerAdc / geometry.BitlinesPerOutput);
    }

    public OutputRegister OutputRegister { get; }

    public void Accumulate(uint code, in ConversionWeight weight)
    {
        long term = (long)code << weight.Shift;
        bool flipped = flips != null && ((flips[weight.Bitline >> 6] >> (weight.Bitline & 63)) & 1) != 0;
        long added = flipped ? weight.FlippedSeed - term : weight.Negative ? -term : weight.Seed + term;
        ulong result = ((weight.Begins ? 0 : accumulator[weight.Entry]) + (ulong)added) & mask;
        if (weight.Ends)
            OutputRegister.Write(weight.WriteSlot, weight.Entry, result);
        else
            accumulator.WriteNow(weight.Entry, result);
    }
}
