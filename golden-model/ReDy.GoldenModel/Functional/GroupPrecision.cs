using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReDy.Architecture;

namespace ReDy.GoldenModel.Functional;

/// <summary>What the dynamic precision unit decides on one group.</summary>
/// <param name="Drop">Low bits that are rounded away.</param>
/// <param name="Steps">Bit t: DAC digit plane t is streamed.</param>
/// <param name="NonzeroSteps">Bit t: digit plane t has a one after rounding; the other planes convert zeros if they are streamed at all.</param>
/// <param name="Sum">X: sum of the activations after rounding.</param>
public readonly record struct GroupDecision(int Drop, uint Steps, uint NonzeroSteps, long Sum)
{
    public int StreamedSteps => BitOperations.PopCount(Steps);
}

/// <summary>The dynamic precision unit without its clocks: measures a group, chooses how many bits to drop, rounds, and picks the planes.</summary>
public sealed class GroupPrecision(TileGeometry geometry, PrecisionPolicy policy)
{
    private readonly PrecisionPolicy policy = policy < geometry.Policy ? policy : geometry.Policy;
    private readonly GroupStatistic statistic = geometry.Config.Precision.Statistic;
    private readonly bool roundsToNearest = geometry.Config.Precision.Rounding == DropRounding.Nearest;
    private readonly int maxDrop = geometry.MaxDrop;
    private readonly int activationMaximum = geometry.ActivationMaximum;
    private readonly int dacBits = geometry.Config.Dac.Bits;
    private readonly int steps = geometry.Steps;

    /// <summary>Decides on the raw activations of a group's used rows.</summary>
    /// <param name="rounded">Filled with the activations as they are streamed; room for as many as there are raw ones.</param>
    /// <param name="thresholds">In any order; missing ones mean never.</param>
    public GroupDecision Decide(ReadOnlySpan<ushort> activations, Span<ushort> rounded, ReadOnlySpan<long> thresholds)
    {
        if (rounded.Length < activations.Length)
            throw new ArgumentException($"no room for {activations.Length} activations", nameof(rounded));
        int drop = policy == PrecisionPolicy.Statistical ? Drop(activations, thresholds) : 0;
        (int or, long sum) = Round(activations, rounded, drop);
        uint nonzero = NonzeroSteps(or);
        return new GroupDecision(drop, policy == PrecisionPolicy.Static ? (1u << steps) - 1 : nonzero, nonzero, sum);
    }

    private int Drop(ReadOnlySpan<ushort> activations, ReadOnlySpan<long> thresholds)
    {
        long measured = 0, factor = 1;
        switch (statistic)
        {
            case GroupStatistic.Max:
                measured = Maximum(activations);
                break;
            case GroupStatistic.Sum:
                measured = Sum(activations);
                break;
            default:
                // The mean is compared without a division: sum >= threshold * count.
                measured = Sum(activations);
                factor = activations.Length - activations.Count((ushort)0);
                if (factor == 0)
                    return 0;
                break;
        }

        int drop = 0;
        foreach (long threshold in thresholds)
        {
            if (measured >= threshold * factor)
                drop++;
        }

        return Math.Min(drop, maxDrop);
    }

    private static int Maximum(ReadOnlySpan<ushort> activations)
    {
        Vector<ushort> maxima = Vector<ushort>.Zero;
        int r = 0;
        for (; r <= activations.Length - Vector<ushort>.Count; r += Vector<ushort>.Count)
            maxima = Vector.Max(maxima, new Vector<ushort>(activations[r..]));
        int maximum = 0;
        for (int i = 0; i < Vector<ushort>.Count; i++)
            maximum = Math.Max(maximum, maxima[i]);
        for (; r < activations.Length; r++)
            maximum = Math.Max(maximum, activations[r]);
        return maximum;
    }

    /// <summary>Fits 32 bits: at most 512 wordlines of 16 bits.</summary>
    private static int Sum(ReadOnlySpan<ushort> activations)
    {
        Vector<uint> sums = Vector<uint>.Zero;
        int r = 0;
        for (; r <= activations.Length - Vector<ushort>.Count; r += Vector<ushort>.Count)
        {
            Vector<uint> pairs = Vector.AsVectorUInt32(new Vector<ushort>(activations[r..]));
            sums += (pairs & new Vector<uint>(0xffff)) + (pairs >>> 16);
        }

        int sum = (int)Vector.Sum(sums);
        for (; r < activations.Length; r++)
            sum += activations[r];
        return sum;
    }

    /// <summary>
    /// Rounds as on the wordline: the dropped bits' most significant one carries into what is kept, unless that is all ones.
    /// So nearest rounding is min(x + half, greatest multiple) with the dropped bits cleared, the sum saturating.
    /// </summary>
    private (int Or, long Sum) Round(ReadOnlySpan<ushort> activations, Span<ushort> rounded, int drop)
    {
        int half = roundsToNearest && drop > 0 ? 1 << (drop - 1) : 0;
        int kept = -1 << drop;
        Vector512<ushort> halves = Vector512.Create((ushort)half), maxima = Vector512.Create((ushort)activationMaximum), masks = Vector512.Create((ushort)kept);
        Vector512<ushort> ors = default;
        Vector512<uint> sums = default;
        ref ushort from = ref MemoryMarshal.GetReference(activations);
        ref ushort to = ref MemoryMarshal.GetReference(rounded);
        int r = 0;
        for (; r <= activations.Length - Vector512<ushort>.Count; r += Vector512<ushort>.Count)
        {
            Vector512<ushort> values = Vector512.Min(Vector512.AddSaturate(Vector512.LoadUnsafe(ref from, (nuint)r), halves), maxima) & masks;
            values.StoreUnsafe(ref to, (nuint)r);
            ors |= values;
            sums += (values.AsUInt32() & Vector512.Create(0xffffu)) + (values.AsUInt32() >>> 16);
        }

        Vector256<ushort> half256 = ors.GetLower() | ors.GetUpper();
        Vector128<ulong> or128 = (half256.GetLower() | half256.GetUpper()).AsUInt64();
        ulong or64 = or128[0] | or128[1];
        uint or32 = (uint)(or64 | or64 >> 32);
        int or = (int)((or32 | or32 >> 16) & 0xffff);
        long sum = Vector512.Sum(sums);
        for (; r < activations.Length; r++)
        {
            int value = Math.Min(activations[r] + half, activationMaximum) & kept;
            or |= value;
            sum += value;
            rounded[r] = (ushort)value;
        }

        return (or, sum);
    }

    private uint NonzeroSteps(int or)
    {
        if (dacBits == 1)
            return (uint)or;
        uint nonzero = 0;
        int digitMask = (1 << dacBits) - 1;
        for (int t = 0; t < steps; t++)
        {
            if (((or >> (t * dacBits)) & digitMask) != 0)
                nonzero |= 1u << t;
        }

        return nonzero;
    }
}
