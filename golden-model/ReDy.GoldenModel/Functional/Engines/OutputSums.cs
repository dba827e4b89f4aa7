using System.Runtime.Intrinsics;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// y of a block's vectors while group after group is added, [vector * N + n]: in the caller's memory, or, where every output of the
/// layer fits 32 bits, in integers of half the size until the last group. Whoever adds passes through all of it once
/// per group. On the way sums may wrap: what they lack of the true value is a multiple of 2^32.
/// </summary>
internal sealed unsafe class OutputSums(LayerPlan plan)
{
    private AlignedBuffer<int> integers = new(0);
    private long count;

    /// <summary>Which of the two to add to.</summary>
    public bool AreIntegers { get; } = plan.OutputsFitIntegers;
    public int* Integers => integers.Pointer;
    public long* Longs { get; private set; }

    /// <summary>All zeros.</summary>
    /// <param name="outputs">Where y is wanted in the end; must stay where it is until then.</param>
    public void Begin(long* outputs, int vectors)
    {
        Longs = outputs;
        count = (long)vectors * plan.Layer.Outputs;
        if (!AreIntegers)
        {
            new Span<long>(outputs, checked((int)count)).Clear();
            return;
        }

        if (integers.Length < count)
            integers = new AlignedBuffer<int>(count);
        new Span<int>(integers.Pointer, checked((int)count)).Clear();
    }

    public void Add(long index, long value)
    {
        if (AreIntegers)
            integers.Pointer[index] += (int)value;
        else
            Longs[index] += value;
    }

    /// <summary>All groups have been added: y goes where it is wanted.</summary>
    public void Finish()
    {
        if (!AreIntegers)
            return;
        int* from = integers.Pointer;
        long i = 0;
        for (; i <= count - Vector512<int>.Count; i += Vector512<int>.Count)
        {
            (Vector512<long> low, Vector512<long> high) = Vector512.Widen(Vector512.Load(from + i));
            low.Store(Longs + i);
            high.Store(Longs + i + Vector512<long>.Count);
        }

        for (; i < count; i++)
            Longs[i] = from[i];
    }
}
