using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ReDy.Architecture;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// One group's activations as lookup indices. A segment is four consecutive steps of one vector and takes four bytes of a
/// register; only steps that are not all zeros get segments, so whatever the dynamic precision unit drops is not
/// computed. Two registers side by side make a pair, the unit of work: [pair][lookup][register][segment][step].
/// </summary>
internal sealed unsafe class LookupSegments<TLanes, TVector>
    where TLanes : struct, IVectorLanes<TVector>
    where TVector : unmanaged
{
    public const int StepsPerSegment = 4;

    /// <summary>Lookups come in whole numbers of these: indices of so many are put in place at once.</summary>
    private const int LookupsAtOnce = 16;

    private readonly int steps;
    private readonly int digitBits;
    private readonly int wordlinesPerLookup;

    /// <summary>Indices of one vector, a byte per step: of steps 0-7 [lookup], then of steps 8-15.</summary>
    private readonly AlignedBuffer<ulong> vectorIndices;
    private readonly ulong* lateIndices;

    /// <summary>Indices of the segments of one register, [segment][lookup], before they are turned into columns.</summary>
    private readonly AlignedBuffer<uint> staged;
    private readonly int stagedStride;
    private AlignedBuffer<byte> indices = new(0);
    private AlignedBuffer<int> vectors = new(0);
    private AlignedBuffer<int> firstBits = new(0);
    private AlignedBuffer<long> activationSums = new(0);
    private int lookups;

    /// <param name="mostLookups">Of a crossbar whose every wordline is used.</param>
    public LookupSegments(LayerPlan plan, int mostLookups)
    {
        steps = plan.Geometry.Steps;
        digitBits = plan.Geometry.Config.Dac.Bits;
        wordlinesPerLookup = TLanes.IndexBits / digitBits;
        stagedStride = TileGeometry.CeilingDivide(mostLookups, LookupsAtOnce) * LookupsAtOnce;
        vectorIndices = new AlignedBuffer<ulong>(2 * stagedStride);
        lateIndices = vectorIndices.Pointer + stagedStride;
        staged = new AlignedBuffer<uint>(SegmentsPerRegister * stagedStride);
        lookups = mostLookups;
    }

    public static int SegmentsPerRegister => sizeof(TVector) / StepsPerSegment;
    public static int SegmentsPerPair => 2 * SegmentsPerRegister;

    /// <summary>Segments in use; the last pair may have room for more, filled with zeros.</summary>
    public int Count { get; private set; }

    /// <summary>From the first one on, so many segments are two by two of the same vector; of those that follow, each is alone.</summary>
    public int PairedCount { get; private set; }

    public int Pairs => (Count + SegmentsPerPair - 1) / SegmentsPerPair;
    public int PairBytes => lookups * 2 * sizeof(TVector);
    public byte* Pair(int pair) => indices.Pointer + (long)pair * PairBytes;

    /// <summary>Which vector each segment is of.</summary>
    public int* Vectors => vectors.Pointer;

    /// <summary>Significance of each segment's first step, in bits.</summary>
    public int* FirstBits => firstBits.Pointer;

    /// <summary>X of each segment's vector, once: at the first of the vector's segments, 0 at the others.</summary>
    public long* ActivationSums => activationSums.Pointer;

    public int FirstStep(int segment) => firstBits.Pointer[segment] / digitBits;

    /// <summary>Splits the given vectors' activations of one group.</summary>
    /// <param name="neededLookups">As many as the group's used wordlines need.</param>
    public void Load(VectorBlock block, int group, ReadOnlySpan<int> selected, int neededLookups)
    {
        lookups = neededLookups;
        Reserve(selected.Length * TileGeometry.CeilingDivide(steps, StepsPerSegment));
        Count = 0;
        ReadOnlySpan<GroupDecision> decisions = block.Decisions(group);
        foreach (int v in selected)
        {
            uint nonzero = decisions[v].NonzeroSteps, second = nonzero;
            TakeSegment(ref second);
            if (second == 0)
                continue;
            SplitVector(block.Group(v, group));
            for (long sum = decisions[v].Sum; second != 0; sum = 0)
            {
                PutSegment(v, TakeSegment(ref nonzero), sum);
                PutSegment(v, TakeSegment(ref nonzero), 0);
                second = nonzero;
                TakeSegment(ref second);
            }
        }

        PairedCount = Count;
        foreach (int v in selected)
        {
            uint last = decisions[v].NonzeroSteps, next = last;
            int segments = 0;
            for (; next != 0; segments++)
            {
                last = next;
                TakeSegment(ref next);
            }

            if (segments % 2 == 0)
                continue;
            SplitVector(block.Group(v, group));
            PutSegment(v, TakeSegment(ref last), segments == 1 ? decisions[v].Sum : 0);
        }

        FillLastPair();
    }

    /// <summary>Takes the segment that begins with the first step of those that are left.</summary>
    /// <returns>That step.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TakeSegment(ref uint nonzeroSteps)
    {
        int first = BitOperations.TrailingZeroCount(nonzeroSteps);
        nonzeroSteps &= ~(0xfu << first);
        return first;
    }

    /// <summary>Takes the indices of four steps of the vector that was split last; steps beyond the last one read as zeros.</summary>
    private void PutSegment(int vector, int firstStep, long activationSum)
    {
        activationSums.Pointer[Count] = activationSum;
        vectors.Pointer[Count] = vector;
        firstBits.Pointer[Count] = firstStep * digitBits;
        ulong* early = vectorIndices.Pointer;
        uint* to = staged.Pointer + Count % SegmentsPerRegister * stagedStride;
        if (steps <= 8)
        {
            for (int end = lookups, i = 0; i < end; i += LookupsAtOnce)
                Vector512.Narrow(Vector512.Load(early + i) >> (8 * firstStep), Vector512.Load(early + i + Vector512<ulong>.Count) >> (8 * firstStep)).Store(to + i);
        }
        else
        {
            for (int i = 0; i < lookups; i++)
                to[i] = (uint)(new UInt128(lateIndices[i], early[i]) >> (8 * firstStep));
        }

        Count++;
        if (Count % SegmentsPerRegister == 0)
            TurnIntoColumns((Count - 1) / SegmentsPerRegister);
    }

    /// <summary>
    /// Puts a register's segments in their places. Writes whole columns of lookups: what is too much lies where registers
    /// follow that are written later, or beyond the last.
    /// </summary>
    private void TurnIntoColumns(int register)
    {
        int integersPerRegister = sizeof(TVector) / sizeof(int);
        int* to = (int*)Pair(register / 2) + register % 2 * integersPerRegister;
        for (int i = 0; i < lookups; i += integersPerRegister, to += 2 * integersPerRegister * integersPerRegister)
            TLanes.Transpose((int*)staged.Pointer + i, stagedStride, to, 2 * integersPerRegister);
    }

    private void FillLastPair()
    {
        for (int segment = Count; segment % SegmentsPerPair != 0;)
        {
            firstBits.Pointer[segment] = 0;
            new Span<uint>(staged.Pointer + segment % SegmentsPerRegister * stagedStride, lookups).Clear();
            segment++;
            if (segment % SegmentsPerRegister == 0)
                TurnIntoColumns((segment - 1) / SegmentsPerRegister);
        }
    }

    private void SplitVector(ushort* activations)
    {
        if (digitBits == 1)
        {
            TLanes.SplitIntoIndices(activations, 0, lookups, vectorIndices.Pointer);
            if (steps > 8)
                TLanes.SplitIntoIndices(activations, 8, lookups, lateIndices);
            return;
        }

        // With wider DACs, and so at most 8 steps, an index is the digits of fewer wordlines, the first one lowest.
        int digitMask = (1 << digitBits) - 1;
        for (int i = 0; i < lookups; i++, activations += wordlinesPerLookup)
        {
            ulong indices = 0;
            for (int t = steps - 1; t >= 0; t--)
            {
                uint index = 0;
                for (int w = wordlinesPerLookup - 1; w >= 0; w--)
                    index = (index << digitBits) | (uint)((activations[w] >> (t * digitBits)) & digitMask);
                indices = (indices << 8) | index;
            }

            vectorIndices.Pointer[i] = indices;
        }
    }

    private void Reserve(int segments)
    {
        if (segments <= vectors.Length)
            return;
        long pairs = (segments + SegmentsPerPair - 1) / SegmentsPerPair;
        vectors = new AlignedBuffer<int>(pairs * SegmentsPerPair);
        firstBits = new AlignedBuffer<int>(pairs * SegmentsPerPair);
        activationSums = new AlignedBuffer<long>(pairs * SegmentsPerPair);
        indices = new AlignedBuffer<byte>((pairs + 1) * stagedStride * 2 * sizeof(TVector));
    }
}
