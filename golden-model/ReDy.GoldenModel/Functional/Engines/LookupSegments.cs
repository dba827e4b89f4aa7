using System.Numerics;
using System.Runtime.CompilerServices;
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

    private readonly int lookups;
    private readonly int steps;
    private readonly int digitBits;
    private readonly int wordlinesPerLookup;

    /// <summary>Indices of one vector, a byte per step: of steps 0-7 [lookup], then of steps 8-15.</summary>
    private readonly AlignedBuffer<ulong> vectorIndices;
    private readonly ulong* lateIndices;
    private AlignedBuffer<byte> indices = new(0);
    private AlignedBuffer<int> vectors = new(0);
    private AlignedBuffer<int> firstSteps = new(0);

    public LookupSegments(LayerPlan plan, int lookups)
    {
        this.lookups = lookups;
        steps = plan.Geometry.Steps;
        digitBits = plan.Geometry.Config.Dac.Bits;
        wordlinesPerLookup = TLanes.IndexBits / digitBits;
        int stride = TileGeometry.CeilingDivide(lookups, 8) * 8;
        vectorIndices = new AlignedBuffer<ulong>(2 * stride);
        lateIndices = vectorIndices.Pointer + stride;
    }

    public static int RegisterBytes => sizeof(TVector);
    public static int SegmentsPerPair => 2 * sizeof(TVector) / StepsPerSegment;

    /// <summary>Segments in use; the last pair may have room for more, filled with zeros.</summary>
    public int Count { get; private set; }
    public int Pairs => (Count + SegmentsPerPair - 1) / SegmentsPerPair;
    public int PairBytes => lookups * 2 * sizeof(TVector);
    public byte* Pair(int pair) => indices.Pointer + (long)pair * PairBytes;
    public int Vector(int segment) => vectors.Pointer[segment];
    public int FirstStep(int segment) => firstSteps.Pointer[segment];

    /// <summary>Splits the given vectors' activations of one group.</summary>
    public void Load(VectorBlock block, int group, ReadOnlySpan<int> selected)
    {
        Reserve(selected.Length * TileGeometry.CeilingDivide(steps, StepsPerSegment));
        Count = 0;
        ReadOnlySpan<GroupDecision> decisions = block.Decisions(group);
        foreach (int v in selected)
        {
            uint nonzero = decisions[v].NonzeroSteps;
            if (nonzero == 0)
                continue;
            SplitVector(block.Group(v, group));
            for (; nonzero != 0; Count++)
            {
                int first = BitOperations.TrailingZeroCount(nonzero);
                nonzero &= ~(0xfu << first);
                vectors.Pointer[Count] = v;
                firstSteps.Pointer[Count] = first;
                PutSegment(Place(Count), first);
            }
        }

        for (int segment = Count; segment < Pairs * SegmentsPerPair; segment++)
        {
            byte* to = Place(segment);
            for (int i = 0; i < lookups; i++, to += 2 * sizeof(TVector))
                *(int*)to = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Place(int segment) => Pair(segment / SegmentsPerPair) + segment % SegmentsPerPair * StepsPerSegment;

    /// <summary>Steps beyond the last one read as zeros.</summary>
    private void PutSegment(byte* to, int firstStep)
    {
        ulong* early = vectorIndices.Pointer;
        if (steps <= 8)
        {
            for (int i = 0; i < lookups; i++, to += 2 * sizeof(TVector))
                *(uint*)to = (uint)(early[i] >> (8 * firstStep));
            return;
        }

        for (int i = 0; i < lookups; i++, to += 2 * sizeof(TVector))
            *(uint*)to = (uint)(new UInt128(lateIndices[i], early[i]) >> (8 * firstStep));
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
        vectors = new AlignedBuffer<int>(segments);
        firstSteps = new AlignedBuffer<int>(segments);
        indices = new AlignedBuffer<byte>((long)(segments + SegmentsPerPair - 1) / SegmentsPerPair * PairBytes);
    }
}
