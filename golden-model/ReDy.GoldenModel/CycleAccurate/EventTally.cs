using System.Runtime.InteropServices;
using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// What happens in the hardware, counted per instance in the clocks in which it happens; reset of the tile does not clear it.
/// Not part of the hardware.
/// </summary>
internal sealed unsafe class EventTally(TileGeometry geometry)
{
    private readonly List<EventProbe> probes = [];
    private readonly long[] dropHistogram = new long[geometry.MaxDrop + 1];
    private long[] counts = [];

    /// <summary>Events of the tile as <see cref="EventCounts"/> has them and no single instance does.</summary>
    public long Vectors;
    public long Groups;
    public long StepsSkipped;

    public IReadOnlyList<EventProbe> Probes => probes;

    /// <summary>Per event, in the order of <see cref="Probes"/>.</summary>
    public long* Counts { get; private set; }
    public ReadOnlySpan<long> Totals => counts;

    /// <summary>An event of an instance; the result is its place in <see cref="Counts"/>.</summary>
    /// <param name="bits">Bits that each occurrence moves.</param>
    public int Add(string instance, string name, int bits = 1)
    {
        probes.Add(new EventProbe(instance, name, bits));
        return probes.Count - 1;
    }

    /// <summary>After the last event.</summary>
    public void Seal()
    {
        counts = GC.AllocateArray<long>(probes.Count, pinned: true);
        Counts = (long*)Marshal.UnsafeAddrOfPinnedArrayElement(counts, 0);
    }

    public void CountDrop(int drop) => dropHistogram[drop]++;

    public EventCounts EventCounts => new()
    {
        Vectors = Vectors,
        Groups = Groups,
        StepsStreamed = Sum(TileEvents.StepsStreamed, probe => probe.Instance.Contains(".g_column[0].", StringComparison.Ordinal)),
        StepsSkipped = StepsSkipped,
        CrossbarSteps = Sum(TileEvents.CrossbarReads),
        Conversions = Sum(TileEvents.Conversions),
        Saturations = Sum(TileEvents.Saturations),
        DacDrives = Sum(TileEvents.DacDrives),
        DropHistogram = [.. dropHistogram],
    };

    private long Sum(string name, Func<EventProbe, bool>? where = null)
    {
        long sum = 0;
        for (int i = 0; i < probes.Count; i++)
            if (probes[i].Event == name && where?.Invoke(probes[i]) != false)
                sum += counts[i];
        return sum;
    }
}
