using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;

namespace ReDy.GoldenModel.Mapping;

/// <summary>Turns signed weights into cell codes and flips: what a programmer of the crossbars would compute beforehand.</summary>
public sealed class CrossbarMapper(TileGeometry geometry)
{
    /// <summary>
    /// Maps weights [K, N] of any size; policy and thresholds are the configuration's unless given.
    /// Weights must fit <c>weights.bits</c> as two's complement.
    /// </summary>
    /// <param name="thresholds">Per group, or one list for all groups.</param>
    public MappedLayer Map(Matrix<int> weights, PrecisionPolicy? policy = null, IReadOnlyList<IReadOnlyList<long>>? thresholds = null)
    {
        int groups = TileGeometry.CeilingDivide(weights.Rows, geometry.Wordlines);
        int outputBlocks = TileGeometry.CeilingDivide(weights.Columns, geometry.OutputsPerCrossbar);
        var images = new CrossbarImage[groups * outputBlocks];
        for (int g = 0; g < groups; g++)
        {
            for (int o = 0; o < outputBlocks; o++)
                images[g * outputBlocks + o] = MapCrossbar(weights, g * geometry.Wordlines, o * geometry.OutputsPerCrossbar);
        }

        return new MappedLayer
        {
            Rows = weights.Rows,
            Outputs = weights.Columns,
            Groups = groups,
            OutputBlocks = outputBlocks,
            Policy = policy ?? geometry.Policy,
            Thresholds = thresholds is { Count: > 1 }
                ? thresholds
                : [.. Enumerable.Repeat(thresholds?[0] ?? geometry.Thresholds, groups)],
            Images = images,
        };
    }

    /// <summary>An erased crossbar: all codes 0, no flips.</summary>
    public CrossbarImage Blank() =>
        new(geometry.Wordlines, geometry.Config.Crossbar.Bitlines,
            new byte[geometry.Wordlines * geometry.Config.Crossbar.Bitlines], new bool[geometry.Config.Crossbar.Bitlines]);

    /// <summary>The crossbar whose first wordline and output hold weights[firstRow, firstOutput]; what lies beyond the matrix stays unused.</summary>
    public CrossbarImage MapCrossbar(Matrix<int> weights, int firstRow, int firstOutput)
    {
        CrossbarImage image = Blank();
        int rows = Math.Min(geometry.Wordlines, weights.Rows - firstRow);
        int outputs = Math.Min(geometry.OutputsPerCrossbar, weights.Columns - firstOutput);
        for (int n = 0; n < outputs; n++)
        {
            for (int r = 0; r < rows; r++)
            {
                int weight = weights[firstRow + r, firstOutput + n];
                Span<byte> bitlines = image.Codes.AsSpan(r * image.Bitlines + n * geometry.BitlinesPerOutput, geometry.BitlinesPerOutput);
                if (geometry.IsDifferential)
                    SliceDifferential(weight, bitlines);
                else
                    SliceOffset(weight, bitlines);
            }
        }

        if (geometry.Flip)
        {
            for (int c = 0; c < outputs * geometry.BitlinesPerOutput; c++)
                FlipIfHeavy(image, c, rows);
        }

        return image;
    }

    private void SliceOffset(int weight, Span<byte> bitlines)
    {
        int biased = weight + (1 << (geometry.Config.Weights.Bits - 1));
        for (int s = 0; s < bitlines.Length; s++)
            bitlines[s] = Slice(biased, s);
    }

    private void SliceDifferential(int weight, Span<byte> bitlines)
    {
        for (int s = 0; s < bitlines.Length / 2; s++)
        {
            bitlines[2 * s] = Slice(Math.Max(weight, 0), s);
            bitlines[2 * s + 1] = Slice(Math.Max(-weight, 0), s);
        }
    }

    private byte Slice(int magnitude, int slice) => (byte)((magnitude >> (slice * geometry.Config.Cell.Bits)) & geometry.CellMaximum);

    /// <summary>Stores complements on a bitline whose codes sum to more than half of what its used wordlines can hold; a tie stays.</summary>
    private void FlipIfHeavy(CrossbarImage image, int bitline, int rows)
    {
        int sum = 0;
        for (int r = 0; r < rows; r++)
            sum += image.Code(r, bitline);
        if (2 * sum <= rows * geometry.CellMaximum)
            return;
        image.Flips[bitline] = true;
        for (int r = 0; r < rows; r++)
        {
            ref byte code = ref image.Codes[r * image.Bitlines + bitline];
            code = (byte)(geometry.CellMaximum - code);
        }
    }
}
