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

    /// <summary>1 for a bitline that counts negatively (differential encoding), else 0.</summary>
    public required uint Negative { get; init; }

    /// <summary>Added once per group and bitline: what the weights' offset takes away.</summary>
    public required long Seed { get; init; }

    /// <summary>The same for a flipped or negative bitline; a flipped one's complement is taken from the sum of activations.</summary>
    public required long NegativeSeed { get; init; }

    /// <summary>Bits of a group's result.</summary>
    public required ulong Mask { get; init; }

    /// <summary>Output register bank that the group's results go to.</summary>
    public required uint WriteSlot { get; init; }
}

/// <summary>
/// S&amp;A of one ADC: weighs conversions by plane and slice and adds them up per output. A value, so that those of a row block
/// lie side by side.
/// </summary>
internal readonly unsafe struct ShiftAndAdd
{
    private readonly Memory accumulator;
    private readonly ulong* values, flips;

    public ShiftAndAdd(Netlist netlist, string adcPath, int adc, FlipRegister? flipRegister)
    {
        TileGeometry geometry = netlist.Geometry;
        accumulator = netlist.Memories.Add($"{adcPath}.shift_and_add.accumulator", geometry.OutputsPerAdc, geometry.GroupResultBits);
        values = accumulator.Entry(0);
        flips = flipRegister is null ? null : flipRegister.Bits;
        OutputRegister = new OutputRegister(netlist, adcPath, adc * geometry.BitlinesPerAdc / geometry.BitlinesPerOutput);
    }

    public OutputRegister OutputRegister { get; }

    public void Accumulate(uint code, in ConversionWeight weight)
    {
        uint negative = weight.Negative;
        if (flips != null)
            negative = (uint)(flips[weight.Bitline >> 6] >> (weight.Bitline & 63)) & 1;

        // Half of all bitlines are flipped, in no order: without branches.
        long sign = -(long)negative;
        long term = (((long)code << weight.Shift) ^ sign) - sign;
        long seed = weight.Seed ^ ((weight.Seed ^ weight.NegativeSeed) & sign);
        ulong result = ((weight.Begins ? 0 : values[weight.Entry]) + (ulong)(seed + term)) & weight.Mask;
        if (weight.Ends)
            OutputRegister.Write(weight.WriteSlot, weight.Entry, result);
        else
            accumulator.WriteNow(weight.Entry, result, isFirst: weight.Begins);
    }
}
