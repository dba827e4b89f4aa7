using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>What travels beside a conversion: which step, bitline, slice and output it belongs to.</summary>
internal readonly struct ConversionTag
{
    /// <summary>Of a netlist whose tags need no offset: one ADC per crossbar ends its range where an output ends.</summary>
    public const int NoOffset = -1;

    public required bool First { get; init; }
    public required bool Last { get; init; }
    public required int Plane { get; init; }
    public required int Offset { get; init; }
    public required int Slice { get; init; }
    public required int Entry { get; init; }
    public required long Sum { get; init; }
    public required uint WriteSlot { get; init; }
}

/// <summary>Turns tags into what the shift-and-add units do.</summary>
internal sealed class ConversionWeigher(TileGeometry geometry)
{
    private readonly bool differential = geometry.IsDifferential;
    private readonly int bitlinesPerOutput = geometry.BitlinesPerOutput;
    private readonly int bitlinesPerAdc = geometry.BitlinesPerAdc;
    private readonly int lsbShift = geometry.Config.Adc.LsbShift;
    private readonly int digitBits = geometry.Config.Dac.Bits;
    private readonly int cellBits = geometry.Config.Cell.Bits;
    private readonly int signShift = geometry.Config.Weights.Bits - 1;
    private readonly long cellMaximum = geometry.CellMaximum;
    private readonly ulong mask = PackedField.Mask(geometry.GroupResultBits);

    /// <summary>For the units of ADC <paramref name="adc"/>.</summary>
    public ConversionWeight Weigh(in ConversionTag tag, int adc)
    {
        int firstBitline = adc * bitlinesPerAdc;
        int j = tag.Slice + (adc == 0 ? 0 : firstBitline % bitlinesPerOutput);
        int entry = tag.Entry;
        if (j >= bitlinesPerOutput)
        {
            j -= bitlinesPerOutput;
            entry++;
        }

        int sliceShift = (differential ? j >> 1 : j) * cellBits;
        bool seeds = tag.First && !differential;
        long seed = seeds && j == 0 ? -(tag.Sum << signShift) : 0;
        return new ConversionWeight
        {
            Entry = entry,
            Bitline = firstBitline + tag.Offset,
            Shift = lsbShift + tag.Plane * digitBits + sliceShift,
            Begins = tag.First && (j == 0 || tag.Offset == 0),
            Ends = tag.Last && (j == bitlinesPerOutput - 1 || tag.Offset == bitlinesPerAdc - 1),
            Negative = differential ? (uint)j & 1 : 0,
            Seed = seed,
            NegativeSeed = seeds ? seed + ((cellMaximum * tag.Sum) << sliceShift) : 0,
            Mask = mask,
            WriteSlot = tag.WriteSlot,
        };
    }
}
