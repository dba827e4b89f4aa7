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

        CanSaturateAnywhere = Enumerable.Range(0, greatestSums.Length).Any(CanSaturate);
        OutputsFitIntegers = (Int128)GreatestWeight(geometry) * geometry.ActivationMaximum * layer.Rows <= int.MaxValue;
    }

    public TileGeometry Geometry { get; }
    public MappedLayer Layer { get; }

    /// <summary>As the geometry's, which computes it anew every time.</summary>
    public int BitlinesPerOutput { get; }

    /// <summary>ADCs of the whole layer: those of crossbar i are i * adc.per_crossbar and following.</summary>
    public int Adcs => Layer.Images.Count * Geometry.Config.Adc.PerCrossbar;

    /// <summary>Whether 32 bits hold every output, whatever the cells hold and the activations are.</summary>
    public bool OutputsFitIntegers { get; }

    public bool CanSaturateAnywhere { get; }

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

    /// <summary>Largest magnitude of a weight, whatever the cells hold. Conversions that saturate or lose bits only make less of it.</summary>
    public static long GreatestWeight(TileGeometry geometry) =>
        geometry.IsDifferential ? (1L << (geometry.Slices * geometry.Config.Cell.Bits)) - 1 : geometry.WeightMagnitude;

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
