using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

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
