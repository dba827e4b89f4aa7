using System.Numerics;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// Toggles at the ADC outputs of one crossbar, from codes as the lookup kernel has them. Within a step an ADC converts bitline
/// after bitline: neighbouring bitlines' registers differ in that step's toggles. From step to step it goes from the
/// last bitline of its range to the first: those codes are kept per vector and gone through in order at the end.
/// </summary>
internal sealed unsafe class LookupToggles<TLanes, TVector>
    where TLanes : struct, IVectorLanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Codes of one vector's steps on one bitline; whole segments are written, the last of which may reach beyond 16 steps.</summary>
    private const int CodeStride = 24;

    private readonly LayerPlan plan;
    private readonly int adcs;
    private readonly int bitlinesPerAdc;

    /// <summary>Bitlines that an ADC converts first, and the end of the last range.</summary>
    private readonly bool[] isFirst;

    /// <summary>Codes of the bitline before, [pair of the chunk][register].</summary>
    private readonly AlignedBuffer<TVector> previous;

    /// <summary>[adc][vector][step]: codes of the first and of the last bitline of each ADC's range.</summary>
    private AlignedBuffer<byte> first = new(0);
    private AlignedBuffer<byte> last = new(0);

    /// <summary>Toggles so far: eight times the sum of the first, four times the ones in the second, and so on.</summary>
    private TVector eights, fours, twos, ones;
    private int vectors;
    private int usedBitlines;

    public LookupToggles(LayerPlan plan, int pairsPerChunk)
    {
        this.plan = plan;
        adcs = plan.Geometry.Config.Adc.PerCrossbar;
        bitlinesPerAdc = plan.Geometry.BitlinesPerAdc;
        isFirst = [.. Enumerable.Range(0, plan.Geometry.UsedBitlines + 1).Select(bitline => bitline % bitlinesPerAdc == 0 || bitline == plan.Geometry.UsedBitlines)];
        previous = new AlignedBuffer<TVector>(2 * pairsPerChunk);
    }

    /// <param name="vectorCount">Vectors in the block.</param>
    /// <param name="bitlines">Bitlines of the crossbar that are converted.</param>
    public void Begin(int vectorCount, int bitlines)
    {
        usedBitlines = bitlines;
        long bytes = (long)adcs * vectorCount * CodeStride;
        if (first.Length < bytes)
        {
            first = new AlignedBuffer<byte>(bytes);
            last = new AlignedBuffer<byte>(bytes);
        }

        // Steps without a segment convert zeros if they are streamed.
        new Span<byte>(first.Pointer, (int)bytes).Clear();
        new Span<byte>(last.Pointer, (int)bytes).Clear();
        eights = fours = twos = ones = default;
        vectors = vectorCount;
    }

    /// <summary>Takes the codes of up to four neighbouring bitlines over a chunk of pairs: [pair][bitline][register].</summary>
    public void Add(TVector* codes, int firstBitline, int count, int firstPair, int chunkPairs, LookupSegments<TLanes, TVector> segments)
    {
        CountWithinSteps(codes, firstBitline, count, chunkPairs);
        for (int bitline = firstBitline; bitline < firstBitline + count; bitline++, codes += 2)
        {
            if (isFirst[bitline])
                Keep(first.Pointer, codes, bitline, firstPair, chunkPairs, segments);
            if (isFirst[bitline + 1] || bitline == usedBitlines - 1)
                Keep(last.Pointer, codes, bitline, firstPair, chunkPairs, segments);
        }
    }

    /// <summary>
    /// Ones are counted by adding bits in place (a carry-save adder): of eight registers of toggles one of carries is left to count.
    /// Nothing is called from the loop: a call would send all registers to memory and back.
    /// </summary>
    private void CountWithinSteps(TVector* codes, int firstBitline, int count, int chunkPairs)
    {
        TVector mask0 = Mask(0), mask1 = Mask(1), mask2 = Mask(2), mask3 = Mask(3);
        TVector sum8 = eights, sum4 = fours, sum2 = twos, sum1 = ones;
        TVector* before = previous.Pointer;
        for (; chunkPairs > 0; chunkPairs--, before += 2, codes += 2 * LookupTables<TLanes, TVector>.BitlinesPerQuad)
        {
            TVector a = TLanes.DifferentBits(mask0, before[0], codes[0]), b = TLanes.DifferentBits(mask0, before[1], codes[1]);
            TVector carryOfTwo = TLanes.CarryOfBits(sum1, a, b);
            sum1 = TLanes.SumOfBits(sum1, a, b);
            a = TLanes.DifferentBits(mask1, codes[0], codes[2]);
            b = TLanes.DifferentBits(mask1, codes[1], codes[3]);
            TVector carry = TLanes.CarryOfBits(sum1, a, b);
            sum1 = TLanes.SumOfBits(sum1, a, b);
            TVector carryOfFour = TLanes.CarryOfBits(sum2, carryOfTwo, carry);
            sum2 = TLanes.SumOfBits(sum2, carryOfTwo, carry);

            a = TLanes.DifferentBits(mask2, codes[2], codes[4]);
            b = TLanes.DifferentBits(mask2, codes[3], codes[5]);
            carryOfTwo = TLanes.CarryOfBits(sum1, a, b);
            sum1 = TLanes.SumOfBits(sum1, a, b);
            a = TLanes.DifferentBits(mask3, codes[4], codes[6]);
            b = TLanes.DifferentBits(mask3, codes[5], codes[7]);
            carry = TLanes.CarryOfBits(sum1, a, b);
            sum1 = TLanes.SumOfBits(sum1, a, b);
            a = TLanes.CarryOfBits(sum2, carryOfTwo, carry);
            sum2 = TLanes.SumOfBits(sum2, carryOfTwo, carry);
            sum8 = TLanes.AddLongs(sum8, TLanes.CountOnes(TLanes.CarryOfBits(sum4, carryOfFour, a)));
            sum4 = TLanes.SumOfBits(sum4, carryOfFour, a);
            before[0] = codes[6];
            before[1] = codes[7];
        }

        (eights, fours, twos, ones) = (sum8, sum4, sum2, sum1);

        TVector Mask(int i) => TLanes.Broadcast((byte)(i < count && !isFirst[firstBitline + i] ? 0xff : 0));
    }

    /// <returns>All toggles of the crossbar's ADCs since <see cref="Begin"/>.</returns>
    public long End(VectorBlock block, int group, ReadOnlySpan<int> selected, int crossbar, AdcOutputs adcOutputs)
    {
        long count = 8 * TLanes.SumOfLongs(eights) + 4 * TLanes.SumOfLongs(TLanes.CountOnes(fours))
            + 2 * TLanes.SumOfLongs(TLanes.CountOnes(twos)) + TLanes.SumOfLongs(TLanes.CountOnes(ones));
        ReadOnlySpan<GroupDecision> decisions = block.Decisions(group);
        for (int adc = 0; adc * bitlinesPerAdc < usedBitlines; adc++)
        {
            int start = -1, code = 0;
            foreach (int v in selected)
            {
                uint steps = decisions[v].Steps;
                if (steps == 0)
                    continue;
                byte* firstCodes = first.Pointer + ((long)adc * vectors + v) * CodeStride;
                byte* lastCodes = last.Pointer + ((long)adc * vectors + v) * CodeStride;
                int firstStep = BitOperations.TrailingZeroCount(steps), lastStep = BitOperations.Log2(steps);
                if (start < 0)
                    start = firstCodes[firstStep];
                else
                    count += BitOperations.PopCount((uint)(code ^ firstCodes[firstStep]));
                count += lastStep < 8 && BitOperations.PopCount(steps) == lastStep - firstStep + 1
                    ? BetweenNeighbours(*(ulong*)firstCodes, *(ulong*)lastCodes, firstStep, lastStep)
                    : BetweenSteps(firstCodes, lastCodes, steps);
                code = lastCodes[lastStep];
            }

            if (start >= 0)
                count += adcOutputs.Take(crossbar * adcs + adc, start, code);
        }

        return count;
    }

    /// <summary>Toggles from each of the steps to the next, all of them in one word.</summary>
    private static int BetweenNeighbours(ulong firstCodes, ulong lastCodes, int firstStep, int lastStep)
    {
        ulong changes = (firstCodes >> 8) ^ lastCodes;
        int bits = 8 * (lastStep - firstStep);
        return bits == 0 ? 0 : BitOperations.PopCount((changes >> (8 * firstStep)) << (64 - bits));
    }

    private static int BetweenSteps(byte* firstCodes, byte* lastCodes, uint steps)
    {
        int count = 0, step = BitOperations.TrailingZeroCount(steps);
        for (steps &= steps - 1; steps != 0; steps &= steps - 1)
        {
            int next = BitOperations.TrailingZeroCount(steps);
            count += BitOperations.PopCount((uint)(lastCodes[step] ^ firstCodes[next]));
            step = next;
        }

        return count;
    }

    private void Keep(byte* to, TVector* codes, int bitline, int firstPair, int chunkPairs, LookupSegments<TLanes, TVector> segments)
    {
        int perPair = LookupSegments<TLanes, TVector>.SegmentsPerPair;
        int segment = firstPair * perPair, end = Math.Min(segments.Count, segment + chunkPairs * perPair);
        byte* ofAdc = to + (long)(bitline / bitlinesPerAdc) * vectors * CodeStride;
        for (int* steps = (int*)codes; segment < end; steps += LookupTables<TLanes, TVector>.BitlinesPerQuad * perPair)
        {
            for (int i = 0; i < perPair && segment < end; i++, segment++)
                *(int*)(ofAdc + (long)segments.Vectors[segment] * CodeStride + segments.FirstStep(segment)) = steps[i];
        }
    }
}
