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
