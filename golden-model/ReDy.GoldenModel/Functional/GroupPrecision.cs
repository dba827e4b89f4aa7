using System.Numerics;
using ReDy.Architecture;

namespace ReDy.GoldenModel.Functional;

/// <summary>What the dynamic precision unit decides on one group.</summary>
/// <param name="Drop">Low bits that are rounded away.</param>
/// <param name="Steps">Bit t: DAC digit plane t is streamed.</param>
/// <param name="Sum">X: sum of the activations after rounding.</param>
public readonly record struct GroupDecision(int Drop, uint Steps, long Sum)
{
    public int StreamedSteps => BitOperations.PopCount(Steps);
}

/// <summary>The dynamic precision unit without its clocks: measures a group, chooses how many bits to drop, rounds, and picks the planes.</summary>
public sealed class GroupPrecision(TileGeometry geometry, PrecisionPolicy policy)
{
    private readonly PrecisionPolicy policy = policy < geometry.Policy ? policy : geometry.Policy;

    /// <summary>Decides on the raw activations of a group's used rows and rounds them in place.</summary>
    public GroupDecision Decide(Span<int> activations, IReadOnlyList<long> thresholds)
    {
        int drop = policy == PrecisionPolicy.Statistical ? Drop(activations, thresholds) : 0;
        int or = 0;
        long sum = 0;
        foreach (ref int activation in activations)
        {
            activation = Round(activation, drop);
            or |= activation;
            sum += activation;
        }

        return new GroupDecision(drop, Steps(or), sum);
    }

    private int Drop(ReadOnlySpan<int> activations, IReadOnlyList<long> thresholds)
    {
        long sum = 0;
        int maximum = 0;
        int nonzero = 0;
        foreach (int activation in activations)
        {
            sum += activation;
            maximum = Math.Max(maximum, activation);
            nonzero += activation != 0 ? 1 : 0;
        }

        int drop = 0;
        foreach (long threshold in thresholds)
        {
            bool reached = geometry.Config.Precision.Statistic switch
            {
                GroupStatistic.Sum => sum >= threshold,
                GroupStatistic.Max => maximum >= threshold,
                _ => nonzero != 0 && sum >= threshold * nonzero,
            };
            if (reached)
                drop++;
        }

        return Math.Min(drop, geometry.MaxDrop);
    }

    /// <summary>As on the wordline: the dropped bits' most significant one carries into what is kept, unless that is all ones.</summary>
    private int Round(int activation, int drop)
    {
        if (drop == 0)
            return activation;
        int kept = activation >> drop;
        if (geometry.Config.Precision.Rounding == DropRounding.Nearest && kept != geometry.ActivationMaximum >> drop)
            kept += (activation >> (drop - 1)) & 1;
        return kept << drop;
    }

    private uint Steps(int or)
    {
        uint all = (1u << geometry.Steps) - 1;
        if (policy == PrecisionPolicy.Static)
            return all;
        uint steps = 0;
        int digitMask = (1 << geometry.Config.Dac.Bits) - 1;
        for (int t = 0; t < geometry.Steps; t++)
        {
            if (((or >> (t * geometry.Config.Dac.Bits)) & digitMask) != 0)
                steps |= 1u << t;
        }

        return steps;
    }
}
