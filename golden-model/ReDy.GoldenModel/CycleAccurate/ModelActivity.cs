using System.Numerics;
using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// What switches in the golden model: toggles of registers and ports from their values clock by clock, words written into
/// memories, and the events that the tile counts itself. It knows the tile only through <see cref="ICycleAccurateTile"/>.
/// </summary>
/// <remarks>
/// Counters stand upright: plane p of a word holds bit p of the counters of its 32 bits, so that all bits that rise together
/// are added at once. Only words that change cost anything. A bit falls as often as it rises, but for its values at both ends.
/// </remarks>
public sealed class ModelActivity
{
    private const int Planes = 16;
    private const int MostSamples = (1 << Planes) - 1;

    /// <summary>The programming strobe writes rows of cells, which <see cref="TileEvents.RowWrites"/> counts; the memory has them by bitline.</summary>
    private const string Cells = "cells";

    private readonly ICycleAccurateTile model;
    private readonly uint[] values;
    private readonly uint[] first;
    private readonly uint[] planes;
    private readonly long[] rises;
    private readonly long[] falls;
    private readonly long[] writes;
    private readonly long[] eventsBefore;
    private int samples;

    /// <param name="vector">Inputs, outputs and registers as they are.</param>
    public ModelActivity(ICycleAccurateTile model, ReadOnlySpan<uint> vector)
    {
        this.model = model;
        int words = vector.Length;
        values = vector.ToArray();
        first = new uint[words];
        planes = new uint[words * Planes];
        rises = new long[32 * words];
        falls = new long[32 * words];
        writes = new long[model.Memories.Count];
        eventsBefore = new long[model.EventProbes.Count];
    }

    /// <summary>Clocks in the counting window.</summary>
    public long Clocks { get; private set; }

    /// <summary>Transitions from 0 to 1, after <see cref="Finish"/>: bit i of word w at 32 * w + i.</summary>
    public ReadOnlySpan<long> Rises => rises;
    public ReadOnlySpan<long> Falls => falls;

    /// <summary>The values of a clock just before its rising edge.</summary>
    /// <param name="changes">Pairs (word, value) of what is not as in the clock before.</param>
    /// <param name="counts">The clock belongs to the counting window.</param>
    public void Sample(ReadOnlySpan<uint> changes, bool counts)
    {
        if (!counts || Clocks == 0)
        {
            for (int i = 0; i < changes.Length; i += 2)
                values[changes[i]] = changes[i + 1];
            if (!counts)
                return;
            values.CopyTo(first, 0);
            model.EventTotals.CopyTo(eventsBefore);
        }
        else
        {
            Count(changes);
        }

        Clocks++;
    }

    /// <summary>The rising edge of a clock of the window wrote these memory entries.</summary>
    public void Written(ReadOnlySpan<MemoryWrite> entries)
    {
        foreach (MemoryWrite entry in entries)
            writes[entry.Memory]++;
    }

    /// <summary>Ends the window with the values after its last edge.</summary>
    public void Finish(ReadOnlySpan<uint> changes)
    {
        if (Clocks != 0)
            Count(changes);
        Flush();
        for (int bit = 0; bit < rises.Length; bit++)
            falls[bit] = rises[bit] + Bit(first, bit) - Bit(values, bit);
    }

    /// <summary>All events of the window.</summary>
    public IEnumerable<EventActivity> Events()
    {
        for (int i = 0; i < eventsBefore.Length; i++)
        {
            (string instance, string name, int bits) = model.EventProbes[i];
            yield return new EventActivity(instance, name, Clocks == 0 ? 0 : model.EventTotals[i] - eventsBefore[i], bits);
        }

        for (int i = 0; i < writes.Length; i++)
        {
            MemoryProbe memory = model.Memories[i];
            string instance = HierarchicalName.Instance(memory.Name);
            string name = HierarchicalName.Leaf(memory.Name);
            if (name == Cells)
                continue;
            yield return new EventActivity(instance, TileEvents.Writes(name), writes[i], memory.Bits);
            if (model.Geometry.Config.Rtl.ClockGating && ClockGates.Of(memory.Name) is { } gate)
                yield return new EventActivity($"{instance}.{gate}", TileEvents.ClockEdges, writes[i], 1);
        }
    }

    private static int Bit(uint[] words, int bit) => (int)(words[bit / 32] >> (bit % 32)) & 1;

    private void Count(ReadOnlySpan<uint> changes)
    {
        for (int i = 0; i + 1 < changes.Length; i += 2)
        {
            int word = (int)changes[i];
            uint value = changes[i + 1];
            uint rising = value & ~values[word];
            values[word] = value;
            for (int p = word * Planes; rising != 0; p++)
            {
                uint carry = planes[p] & rising;
                planes[p] ^= rising;
                rising = carry;
            }
        }

        if (++samples == MostSamples)
            Flush();
    }

    private void Flush()
    {
        samples = 0;
        for (int i = 0; i < planes.Length; i++)
        {
            int bits = i / Planes * 32;
            for (uint left = planes[i]; left != 0; left &= left - 1)
                rises[bits + BitOperations.TrailingZeroCount(left)] += 1L << (i % Planes);
            planes[i] = 0;
        }
    }
}
