using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// Bitline sums as population counts of 64-bit words: bit planes of the activations against bit planes of the cells. Needs no
/// instruction set, supports every configuration and measurement, and has no cost per block: the engine for single vectors.
/// </summary>
internal sealed unsafe class PopcountEngine : IGroupEngine
{
    private readonly LayerPlan plan;
    private readonly bool countsToggles;
    private readonly int words;
    private readonly int cellBits;
    private readonly int dacBits;
    private readonly int activationBits;
    private readonly int lsbShift;
    private readonly int adcMaximum;

    /// <summary>Per crossbar, bit b of the cells on bitline c: [(c * cellBits + b) * words + w].</summary>
    private readonly AlignedBuffer<ulong>[] cells;

    /// <summary>Bit i of one group's activations: [i * words + w].</summary>
    private readonly AlignedBuffer<ulong> inputBits;

    /// <summary>Codes of one vector's streamed steps on one crossbar, step after step; only for toggles.</summary>
    private readonly uint[] codes;

    /// <param name="cells">Of <see cref="CellPlanes(LayerPlan)"/>.</param>
    public PopcountEngine(LayerPlan plan, Measurement measurement, AlignedBuffer<ulong>[] cells)
    {
        this.plan = plan;
        this.cells = cells;
        countsToggles = measurement == Measurement.AdcToggles;
        TileGeometry geometry = plan.Geometry;
        words = TileGeometry.CeilingDivide(geometry.Wordlines, 64);
        cellBits = geometry.Config.Cell.Bits;
        dacBits = geometry.Config.Dac.Bits;
        activationBits = geometry.Config.Activations.Bits;
        lsbShift = geometry.Config.Adc.LsbShift;
        adcMaximum = (int)geometry.AdcMaximum;
        inputBits = new AlignedBuffer<ulong>(16 * words);
        codes = new uint[countsToggles ? geometry.Steps * geometry.UsedBitlines : 0];
    }

    /// <summary>The cells of a layer as planes of bits, for any number of engines: [crossbar][(c * cell.bits + b) * words + w].</summary>
    public static AlignedBuffer<ulong>[] CellPlanes(LayerPlan plan) =>
        [.. plan.Layer.Images.Select((image, crossbar) => CellPlanes(image, plan.UsedBitlines(crossbar % plan.Layer.OutputBlocks), plan.Geometry.Config.Cell.Bits))];

    public void AddGroup(VectorBlock block, int group, ReadOnlySpan<int> vectors, OutputSums outputs, AdcOutputs adcOutputs, ref ConversionTally tally)
    {
        // Words per plane and bits per cell are constants of the innermost loop for the usual crossbars.
        switch (words, cellBits, dacBits)
        {
            case (1, 1, 1):
                AddGroup<OneWord<OneBit>>(block, group, vectors, outputs, adcOutputs, ref tally);
                break;
            case (1, 2, 1):
                AddGroup<OneWord<TwoBits>>(block, group, vectors, outputs, adcOutputs, ref tally);
                break;
            case (2, 1, 1):
                AddGroup<TwoWords<OneBit>>(block, group, vectors, outputs, adcOutputs, ref tally);
                break;
            case (2, 2, 1):
                AddGroup<TwoWords<TwoBits>>(block, group, vectors, outputs, adcOutputs, ref tally);
                break;
            default:
                AddGroup<AnyShape>(block, group, vectors, outputs, adcOutputs, ref tally);
                break;
        }
    }

    private void AddGroup<TShape>(VectorBlock block, int group, ReadOnlySpan<int> vectors, OutputSums outputs, AdcOutputs adcOutputs, ref ConversionTally tally)
        where TShape : struct, IPlaneShape
    {
        MappedLayer layer = plan.Layer;
        int rows = layer.UsedRows(plan.Geometry, group);
        ReadOnlySpan<GroupDecision> decisions = block.Decisions(group);
        foreach (int v in vectors)
        {
            // A plane of zeros converts zeros: nothing to add, and nothing to saturate.
            uint steps = countsToggles ? decisions[v].Steps : decisions[v].NonzeroSteps;
            if (steps == 0)
                continue;
            SplitIntoBits(block.Group(v, group), rows);
            for (int o = 0; o < layer.OutputBlocks; o++)
            {
                int crossbar = plan.Crossbar(group, o);
                int firstOutput = plan.FirstOutput(o);
                tally.Saturations += Convert<TShape>(layer.Images[crossbar], cells[crossbar].Pointer, plan.UsedBitlines(o), steps, plan.Offsets(group) + firstOutput, decisions[v].Sum, outputs, (long)v * layer.Outputs + firstOutput);
                if (countsToggles)
                    tally.AdcToggles += CountToggles(crossbar, plan.UsedBitlines(o), BitOperations.PopCount(steps), adcOutputs);
            }
        }
    }

    /// <summary>Streams the planes, converts every used bitline in each of them and adds the weighed codes to the outputs, and the offsets times X.</summary>
    private long Convert<TShape>(CrossbarImage image, ulong* planes, int usedBitlines, uint steps, int* offsets, long activationSum, OutputSums outputs, long output)
        where TShape : struct, IPlaneShape
    {
        long saturations = 0;
        int firstStep = BitOperations.TrailingZeroCount(steps), lastStep = BitOperations.Log2(steps);
        int outputShift = firstStep * dacBits + lsbShift, bitlineWords = cellBits * words;
        ReadOnlySpan<int> sliceShifts = plan.SliceShifts;
        for (int c = 0; c < usedBitlines; output++, offsets++)
        {
            long result = 0;
            foreach (int shift in sliceShifts)
            {
                long accumulator = ConvertBitline<TShape>(planes, firstStep, lastStep, ref saturations) << shift;
                if (countsToggles)
                    KeepCodes<TShape>(planes, c, usedBitlines, steps);
                result += plan.IsNegative(image, c) ? -accumulator : accumulator;
                planes += bitlineWords;
                c++;
            }

            outputs.Add(output, (result << outputShift) + *offsets * activationSum);
        }

        return saturations;
    }

    /// <summary>From the last step down, so that each is weighed by one shift; planes in between that are not streamed are zero.</summary>
    /// <returns>The sum of the codes, relative to the first step.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long ConvertBitline<TShape>(ulong* bitline, int firstStep, int lastStep, ref long saturations)
        where TShape : struct, IPlaneShape
    {
        // Copies of fields: the compiler cannot know that nothing here changes them.
        ulong* input = inputBits.Pointer;
        long accumulator = 0, saturated = 0;
        int maximum = adcMaximum, shift = lsbShift, digitBits = dacBits;
        for (nint step = lastStep; step >= firstStep; step--)
        {
            int code = TShape.Sum(this, input, step, bitline) >> shift;
            if (code > maximum)
            {
                code = maximum;
                saturated++;
            }

            accumulator = (accumulator << digitBits) + code;
        }

        saturations += saturated;
        return accumulator;
    }

    private void KeepCodes<TShape>(ulong* bitline, int place, int usedBitlines, uint steps)
        where TShape : struct, IPlaneShape
    {
        for (; steps != 0; steps &= steps - 1, place += usedBitlines)
            codes[place] = (uint)Math.Min(TShape.Sum(this, inputBits.Pointer, BitOperations.TrailingZeroCount(steps), bitline) >> lsbShift, adcMaximum);
    }

    /// <summary>Every ADC converts its range of bitlines in ascending order, step after step.</summary>
    private long CountToggles(int crossbar, int usedBitlines, int streamed, AdcOutputs adcOutputs)
    {
        long toggles = 0;
        int range = plan.Geometry.BitlinesPerAdc;
        int adc = crossbar * plan.Geometry.Config.Adc.PerCrossbar;
        for (int first = 0; first < usedBitlines; first += range, adc++)
        {
            int end = Math.Min(usedBitlines, first + range);
            uint code = codes[first];
            for (int s = 0; s < streamed; s++)
            {
                for (int c = first; c < end; c++)
                {
                    uint next = codes[s * usedBitlines + c];
                    toggles += BitOperations.PopCount(code ^ next);
                    code = next;
                }
            }

            toggles += adcOutputs.Take(adc, (int)codes[first], (int)code);
        }

        return toggles;
    }

    /// <summary>Eight wordlines at a time: their bytes as rows of a bit matrix are the planes' bytes as its columns.</summary>
    private void SplitIntoBits(ushort* activations, int rows)
    {
        new Span<ulong>(inputBits.Pointer, 16 * words).Clear();
        byte* planes = (byte*)inputBits.Pointer;
        for (int r = 0; r < rows; r += 8)
        {
            Vector128<ushort> eight = Vector128.Load(activations + r);
            if (rows - r < 8)
                eight &= Vector128.LessThan(Vector128<ushort>.Indices, Vector128.Create((ushort)(rows - r)));
            for (int firstBit = 0; firstBit < activationBits; firstBit += 8)
            {
                Vector128<ushort> bytes = (eight >> firstBit) & Vector128.Create((ushort)0x00ff);
                ulong columns = BitMatrix.Transpose(Vector128.Narrow(bytes, bytes).AsUInt64().ToScalar());
                for (int bit = firstBit; columns != 0; bit++, columns >>= 8)
                    planes[bit * words * sizeof(ulong) + r / 8] = (byte)columns;
            }
        }
    }

    private static AlignedBuffer<ulong> CellPlanes(CrossbarImage image, int usedBitlines, int cellBits)
    {
        int words = TileGeometry.CeilingDivide(image.Wordlines, 64);
        var planes = new AlignedBuffer<ulong>(usedBitlines * cellBits * words);
        for (int r = 0; r < image.Wordlines; r++)
        {
            for (int c = 0; c < usedBitlines; c++)
            {
                ulong code = image.Code(r, c);
                for (int b = 0; b < cellBits; b++)
                    planes.Pointer[(c * cellBits + b) * words + r / 64] |= ((code >> b) & 1) << (r % 64);
            }
        }

        return planes;
    }

    /// <summary>
    /// Sum of a bitline's cells times the digits of one step (at most 512 wordlines of 15 times 15), with sizes that may be
    /// known when the loop around it is compiled.
    /// </summary>
    private interface IPlaneShape
    {
        static abstract int Sum(PopcountEngine engine, ulong* input, nint step, ulong* bitline);
    }

    /// <summary>A plane of wordlines against one of cells, for cells of one or two bits.</summary>
    private interface ICellBits
    {
        static abstract int Sum(ulong input0, ulong input1, ulong* bitline, int words);
    }

    private readonly struct OneBit : ICellBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Sum(ulong input0, ulong input1, ulong* bitline, int words)
        {
            int ones = BitOperations.PopCount(input0 & bitline[0]);
            return words == 1 ? ones : ones + BitOperations.PopCount(input1 & bitline[1]);
        }
    }

    private readonly struct TwoBits : ICellBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Sum(ulong input0, ulong input1, ulong* bitline, int words) =>
            OneBit.Sum(input0, input1, bitline, words) + 2 * OneBit.Sum(input0, input1, bitline + words, words);
    }

    private readonly struct OneWord<TCell> : IPlaneShape
        where TCell : struct, ICellBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Sum(PopcountEngine engine, ulong* input, nint step, ulong* bitline) => TCell.Sum(input[step], 0, bitline, 1);
    }

    private readonly struct TwoWords<TCell> : IPlaneShape
        where TCell : struct, ICellBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Sum(PopcountEngine engine, ulong* input, nint step, ulong* bitline) => TCell.Sum(input[2 * step], input[2 * step + 1], bitline, 2);
    }

    private readonly struct AnyShape : IPlaneShape
    {
        public static int Sum(PopcountEngine engine, ulong* input, nint step, ulong* bitline)
        {
            int words = engine.words, firstBit = (int)step * engine.dacBits;
            int digitBits = Math.Min(engine.dacBits, engine.activationBits - firstBit);
            int sum = 0;
            for (int d = 0; d < digitBits; d++)
            {
                ulong* plane = input + (firstBit + d) * words;
                for (int b = 0; b < engine.cellBits; b++)
                {
                    int ones = 0;
                    for (int w = 0; w < words; w++)
                        ones += BitOperations.PopCount(plane[w] & bitline[b * words + w]);
                    sum += ones << (b + d);
                }
            }

            return sum;
        }
    }
}
