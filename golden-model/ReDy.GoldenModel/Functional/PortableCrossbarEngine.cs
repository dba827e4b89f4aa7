using System.Numerics;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional;

/// <summary>Bitline sums as population counts: cell bits and activation bits as one 64-bit word per 64 wordlines.</summary>
public sealed class PortableCrossbarEngine : ICrossbarEngine
{
    private readonly int words;
    private readonly int usedBitlines;
    private readonly int cellBits;
    private readonly int dacBits;
    private readonly int activationBits;
    private readonly int lsbShift;
    private readonly long adcMaximum;

    /// <summary>Bit b of the cells on bitline c, [(c * cellBits + b) * words + w].</summary>
    private readonly ulong[] cells;

    public PortableCrossbarEngine(TileGeometry geometry, CrossbarImage image, int usedBitlines)
    {
        this.usedBitlines = usedBitlines;
        words = TileGeometry.CeilingDivide(geometry.Wordlines, 64);
        cellBits = geometry.Config.Cell.Bits;
        dacBits = geometry.Config.Dac.Bits;
        activationBits = geometry.Config.Activations.Bits;
        lsbShift = geometry.Config.Adc.LsbShift;
        adcMaximum = geometry.AdcMaximum;
        cells = new ulong[usedBitlines * cellBits * words];
        for (int r = 0; r < image.Wordlines; r++)
        {
            for (int c = 0; c < usedBitlines; c++)
            {
                ulong code = image.Code(r, c);
                for (int b = 0; b < cellBits; b++)
                    cells[(c * cellBits + b) * words + r / 64] |= ((code >> b) & 1) << (r % 64);
            }
        }
    }

    public long Convert(ReadOnlySpan<ulong> inputBits, uint steps, Span<long> accumulators)
    {
        long saturations = 0;
        for (int c = 0; c < usedBitlines; c++)
        {
            ReadOnlySpan<ulong> bitline = cells.AsSpan(c * cellBits * words, cellBits * words);
            long accumulator = 0;
            for (uint left = steps; left != 0; left &= left - 1)
            {
                int step = BitOperations.TrailingZeroCount(left);
                long sum = BitlineSum(inputBits, step, bitline) >> lsbShift;
                if (sum > adcMaximum)
                {
                    sum = adcMaximum;
                    saturations++;
                }

                accumulator += sum << (step * dacBits + lsbShift);
            }

            accumulators[c] = accumulator;
        }

        return saturations;
    }

    private long BitlineSum(ReadOnlySpan<ulong> inputBits, int step, ReadOnlySpan<ulong> bitline)
    {
        int firstBit = step * dacBits;
        int digitBits = Math.Min(dacBits, activationBits - firstBit);
        long sum = 0;
        for (int d = 0; d < digitBits; d++)
        {
            ReadOnlySpan<ulong> input = inputBits.Slice((firstBit + d) * words, words);
            for (int b = 0; b < cellBits; b++)
            {
                ReadOnlySpan<ulong> cellBit = bitline.Slice(b * words, words);
                int ones = 0;
                for (int w = 0; w < input.Length; w++)
                    ones += BitOperations.PopCount(input[w] & cellBit[w]);
                sum += (long)ones << (b + d);
            }
        }

        return sum;
    }
}
