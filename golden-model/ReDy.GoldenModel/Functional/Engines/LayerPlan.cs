using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>What follows from a layer's images for every engine; shared by all threads.</summary>
internal sealed unsafe class LayerPlan
{
    private readonly bool isDifferential;
    private readonly int[] sliceShifts;
    private readonly long[] greatestSums;
    private readonly AlignedBuffer<int> offsets;

    public LayerPlan(TileGeometry geometry, MappedLayer layer)
    {
        Geometry = geometry;
        Layer = layer;
        BitlinesPerOutput = geometry.BitlinesPerOutput;
        isDifferential = geometry.IsDifferential;
        sliceShifts = [.. Enumerable.Range(0, BitlinesPerOutput).Select(bitline => (isDifferential ? bitline / 2 : bitline) * geometry.Config.Cell.Bits)];
        greatestSums = new long[layer.Images.Count];
        offsets = new AlignedBuffer<int>(layer.Groups * layer.Outputs);
        for (int g = 0; g < layer.Groups; g++)
        {
            for (int o = 0; o < layer.OutputBlocks; o++)
            {
                greatestSums[Crossbar(g, o)] = GreatestSum(layer.Image(g, o), UsedBitlines(o));
                if (!geometry.IsDifferential)
                    FillOffsets(layer.Image(g, o), new Span<int>(Offsets(g) + FirstOutput(o), layer.UsedOutputs(geometry, o)));
            }
        }

        int greatestOffset = 0;
        foreach (int offset in new ReadOnlySpan<int>(offsets.Pointer, layer.Groups * layer.Outputs))
            greatestOffset = Math.Max(greatestOffset, Math.Abs(offset));
        Int128 greatestGroup = (GreatestResult(geometry, geometry.Steps) << geometry.Config.Adc.LsbShift) + (Int128)greatestOffset * geometry.ActivationMaximum * geometry.Wordlines;
        OutputsFitIntegers = layer.Groups * greatestGroup <= int.MaxValue;
    }

    public TileGeometry Geometry { get; }
    public MappedLayer Layer { get; }

    /// <summary>As the geometry's, which computes it anew every time.</summary>
    public int BitlinesPerOutput { get; }

    /// <summary>ADCs of the whole layer: those of crossbar i are i * adc.per_crossbar and following.</summary>
    public int Adcs => Layer.Images.Count * Geometry.Config.Adc.PerCrossbar;

    /// <summary>Whether 32 bits hold every output, whatever the cells hold and the activations are.</summary>
    public bool OutputsFitIntegers { get; }

    public int Crossbar(int group, int outputBlock) => group * Layer.OutputBlocks + outputBlock;

    public int FirstOutput(int outputBlock) => outputBlock * Geometry.OutputsPerCrossbar;

    public int UsedBitlines(int outputBlock) => Layer.UsedOutputs(Geometry, outputBlock) * BitlinesPerOutput;

    /// <summary>Largest sum that a used bitline of this crossbar can carry, every wordline driven with the largest digit.</summary>
    public long GreatestSum(int crossbar) => greatestSums[crossbar];

    public bool CanSaturate(int crossbar) => greatestSums[crossbar] >> Geometry.Config.Adc.LsbShift > Geometry.AdcMaximum;

    /// <summary>Whether a bitline's accumulator is subtracted: it stores complements, or the negative part of weights.</summary>
    public bool IsNegative(CrossbarImage image, int bitline) => isDifferential ? bitline % 2 == 1 : image.Flips[bitline];

    /// <summary>Significance of each of an output's bitlines within its weight, in bits.</summary>
    public ReadOnlySpan<int> SliceShifts => sliceShifts;

    /// <summary>What output n gets per unit of X, the group's sum of activations: complements undone, weight offset subtracted.</summary>
    public int* Offsets(int group) => offsets.Pointer + (long)group * Layer.Outputs;

    /// <summary>Largest magnitude of one group's shift-and-add over so many steps, without <c>adc.lsb_shift</c>.</summary>
    public static Int128 GreatestResult(TileGeometry geometry, int steps)
    {
        long code = Math.Min(geometry.AdcMaximum, geometry.BitlineSumMaximum >> geometry.Config.Adc.LsbShift);
        int stepBits = geometry.Config.Dac.Bits, sliceBits = geometry.Config.Cell.Bits;
        Int128 weights = Enumerable.Range(0, steps).Aggregate((Int128)0, (sum, step) => sum + ((Int128)1 << (step * stepBits)));
        Int128 slices = (((Int128)1 << (geometry.Slices * sliceBits)) - 1) / ((1L << sliceBits) - 1);
        return code * weights * slices;
    }

    private long GreatestSum(CrossbarImage image, int usedBitlines)
    {
        int[] sums = new int[usedBitlines];
        for (int r = 0; r < image.Wordlines; r++)
        {
            ReadOnlySpan<byte> row = image.Codes.AsSpan(r * image.Bitlines, usedBitlines);
            for (int c = 0; c < row.Length; c++)
                sums[c] += row[c];
        }

        return (long)sums.Max() * Geometry.DacMaximum;
    }

    private void FillOffsets(CrossbarImage image, Span<int> factors)
    {
        for (int n = 0; n < factors.Length; n++)
        {
            factors[n] = -(1 << (Geometry.Config.Weights.Bits - 1));
            for (int s = 0; s < Geometry.Slices; s++)
            {
                if (image.Flips[n * Geometry.Slices + s])
                    factors[n] += Geometry.CellMaximum << (s * Geometry.Config.Cell.Bits);
            }
        }
    }
}
