using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>What travels beside a conversion: which step, bitline, slice and output it belongs to.</summary>
internal readonly struct ConversionTag
{
    public required bool First { get; init; }
    public required bool Last { get; init; }
    public required int Plane { get; init; }
    public required int Offset { get; init; }
    public required int Slice { get; init; }
    public required int Entry { get; init; }
    public required long Sum { get; init; }

    /// <summary>Output register bank that the group's results go to.</summary>
    public required uint WriteSlot { get; init; }
}

/// <summary>S&amp;A of one ADC: weighs conversions by plane and slice and adds them up per output.</summary>
internal sealed class ShiftAndAdd
{
    private readonly Memory accumulator;
    private readonly FlipRegister? flips;
    private readonly bool differential;
    private readonly int bitlinesPerOutput, bitlinesPerAdc, phase, firstBitline, lsbShift, digitBits, cellBits, signShift;
    private readonly long cellMaximum;
    private readonly ulong mask;

    public ShiftAndAdd(Netlist netlist, string adcPath, int adc, FlipRegister? flips)
    {
        TileGeometry geometry = netlist.Geometry;
        this.flips = flips;
        differential = geometry.IsDifferential;
        bitlinesPerOutput = geometry.BitlinesPerOutput;
        bitlinesPerAdc = geometry.BitlinesPerAdc;
        firstBitline = adc * bitlinesPerAdc;
        phase = firstBitline % bitlinesPerOutput;
        lsbShift = geometry.Config.Adc.LsbShift;
        digitBits = geometry.Config.Dac.Bits;
        cellBits = geometry.Config.Cell.Bits;
        cellMaximum = geometry.CellMaximum;
        signShift = geometry.Config.Weights.Bits - 1;
        mask = PackedField.Mask(geometry.GroupResultBits);
        accumulator = netlist.Memories.Add($"{adcPath}.shift_and_add.accumulator", geometry.OutputsPerAdc, geometry.GroupResultBits);
        OutputRegister = new OutputRegister(netlist, adcPath, firstBitline / bitlinesPerOutput);
    }

    public OutputRegister OutputRegister { get; }

    public void Accumulate(uint code, in ConversionTag tag)
    {
        int j = tag.Slice + phase;
        int entry = tag.Entry;
        if (j >= bitlinesPerOutput)
        {
            j -= bitlinesPerOutput;
            entry++;
        }

        bool begins = j == 0 || tag.Offset == 0;
        bool ends = j == bitlinesPerOutput - 1 || tag.Offset == bitlinesPerAdc - 1;
        int sliceShift = (differential ? j >> 1 : j) * cellBits;
        long term = (long)code << (lsbShift + tag.Plane * digitBits + sliceShift);
        bool flip = flips is not null && flips[firstBitline + tag.Offset];
        if (differential ? (j & 1) != 0 : flip)
            term = -term;
        if (tag.First && !differential)
        {
            if (flip)
                term += (cellMaximum * tag.Sum) << sliceShift;
            if (j == 0)
                term -= tag.Sum << signShift;
        }

        ulong result = (ulong)term;
        if (!(tag.First && begins))
            result += accumulator[entry];
        result &= mask;
        if (tag.Last && ends)
            OutputRegister.Write(tag.WriteSlot, entry, result);
        else
            accumulator.Write(entry, result);
    }
}
