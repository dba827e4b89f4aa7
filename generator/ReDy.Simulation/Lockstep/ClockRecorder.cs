using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>Runs the golden model under its stimulus and records what the Verilog has to do in the same clocks.</summary>
public sealed class ClockRecorder
{
    /// <summary>Memories that <see cref="ICycleAccurateTile.LoadImages"/> fills.</summary>
    private static readonly string[] BackdoorMemories = ["cells", "flip_q"];

    private readonly SignalLayout layout;
    private readonly LockstepOptions options;
    private readonly uint[] vector;
    private readonly uint[] inputs;
    private readonly uint[] entry;
    private readonly int[] entryWords;
    private IReadOnlyList<CrossbarImage>? firstImages;
    private bool comparing;
    private long progress;
    private long progressClock;

    public ClockRecorder(ICycleAccurateTile model, IStimulus stimulus, SignalLayout layout, IReadOnlyList<CrossbarImage>? images, LockstepOptions options)
    {
        Model = model;
        Stimulus = stimulus;
        this.layout = layout;
        this.options = options;
        firstImages = images;
        vector = new uint[layout.Words];
        inputs = new uint[layout.InputWords];
        entryWords = [.. layout.Memories.Select(memory => memory.WordsPerEntry)];
        entry = new uint[entryWords.DefaultIfEmpty(1).Max()];
    }

    public ICycleAccurateTile Model { get; }
    public IStimulus Stimulus { get; }

    /// <summary>The clock that the next record is for.</summary>
    public long Clock { get; private set; }

    /// <summary>Nothing is left to do, or the tile hangs.</summary>
    public bool Ended { get; private set; }
    public Hang? Hang { get; private set; }

    /// <summary>What switches in the golden model; null: it is not counted.</summary>
    public ModelActivity? Activity { get; private set; }

    /// <summary>Inputs, expected outputs and registers of the clock recorded last.</summary>
    public ReadOnlySpan<uint> Vector => vector;

    /// <summary>From the next clock on toggles and events are counted in every clock that is compared.</summary>
    public void Measure() => Activity = new ModelActivity(Model, vector);

    /// <summary>Ends the measurement with the values after the last clock's edge.</summary>
    public TileActivity ReadMeasured()
    {
        var after = new ClockRecords();
        AddChanges(after, Model.Outputs, layout.InputWords);
        AddChanges(after, Model.Registers, layout.InputWords + layout.OutputWords);
        Activity!.Finish(after.Words);
        return MeasuredActivity.Of(layout, Model.Geometry.Config.Rtl.ClockGating, Activity.Clocks, Activity.Rises, Activity.Falls, Activity.Events());
    }

    /// <summary>Adds the record of one more clock; false when the run has ended.</summary>
    internal bool Record(ClockRecords records)
    {
        if (Ended)
            return false;
        if (!Stimulus.Drive(Clock, Model.Outputs, inputs) || IsHang())
        {
            Ended = true;
            return false;
        }

        IReadOnlyList<CrossbarImage>? images = Stimulus.BackdoorImages ?? firstImages;
        firstImages = null;
        if (images is not null && layout.IsPortsOnly)
            throw new InvalidOperationException("A netlist has no backdoor to its cells and flips: weights go in over AXI4-Lite.");
        if (images is not null)
            Model.LoadImages(images);

        int header = records.Length;
        records.Add(comparing ? ClockRecords.CompareSignals : 0);
        records.Add(0);
        AddChanges(records, inputs, 0);
        AddChanges(records, Model.Outputs, layout.InputWords);
        if (!layout.IsPortsOnly)
            AddChanges(records, Model.Registers, layout.InputWords + layout.OutputWords);
        records[header + 1] = (uint)(records.Length - header - 2) / 2;
        bool counts = comparing;
        Activity?.Sample(records.Words[(header + 2)..], counts);
        if (comparing)
            records.Comparisons += layout.Compared.Count;
        if (images is not null)
            AddImages(records, header);
        bool inReset = (inputs[0] & 1) == 0;

        Model.Clock(inputs);
        if (counts)
            Activity?.Written(Model.MemoryWrites);

        // Registers have their reset values after one clock of reset.
        comparing |= inReset;
        Clock++;
        if (!layout.IsPortsOnly)
            AddWrites(records, header, sweep: Clock % options.SweepClocks == 0);
        records.Clocks++;
        return true;
    }

    /// <summary>Whether the model has this entry, and its words.</summary>
    internal bool TryReadMemory(int memory, int index, out ReadOnlySpan<uint> words)
    {
        Span<uint> span = entry.AsSpan(0, entryWords[memory]);
        words = span;
        return Model.TryReadMemory(memory, index, span);
    }

    private bool IsHang()
    {
        if (Stimulus.Progress != progress)
            (progress, progressClock) = (Stimulus.Progress, Clock);
        if (Clock - progressClock < options.HangClocks)
            return false;
        Hang = new Hang(Clock, Clock - progressClock, Model.DescribeState(), Stimulus.DescribeState());
        return true;
    }

    /// <summary>Pairs (word, value) of what differs from the clock before.</summary>
    private void AddChanges(ClockRecords records, ReadOnlySpan<uint> now, int first)
    {
        Span<uint> before = vector.AsSpan(first, now.Length);
        Span<ulong> pairs = MemoryMarshal.Cast<uint, ulong>(records.Reserve(2 * now.Length));
        int used = 0;
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref uint nowStart = ref MemoryMarshal.GetReference(now);
            ref uint beforeStart = ref MemoryMarshal.GetReference(before);
            for (; i + Vector256<uint>.Count <= now.Length; i += Vector256<uint>.Count)
            {
                Vector256<uint> fresh = Vector256.LoadUnsafe(ref nowStart, (nuint)i);
                uint same = Vector256.Equals(fresh, Vector256.LoadUnsafe(ref beforeStart, (nuint)i)).ExtractMostSignificantBits();
                if (same == byte.MaxValue)
                    continue;
                fresh.StoreUnsafe(ref beforeStart, (nuint)i);
                for (uint changed = ~same & byte.MaxValue; changed != 0; changed &= changed - 1)
                {
                    int at = i + System.Numerics.BitOperations.TrailingZeroCount(changed);
                    pairs[used++] = Pair(first + at, Unsafe.Add(ref nowStart, at));
                }
            }
        }

        for (; i < now.Length; i++)
        {
            if (now[i] == before[i])
                continue;
            before[i] = now[i];
            pairs[used++] = Pair(first + i, now[i]);
        }

        records.Advance(2 * used);

        // In memory the word comes first, then the value.
        static ulong Pair(int word, uint value) => (uint)word | (ulong)value << 32;
    }

    private void AddImages(ClockRecords records, int header)
    {
        records[header] |= ClockRecords.HasPoke;
        int count = records.Length;
        records.Add(0);
        uint entries = 0;
        for (int memory = 0; memory < layout.Memories.Count; memory++)
            if (BackdoorMemories.Contains(HierarchicalName.Leaf(layout.Memories[memory].Name)))
                entries += AddAllEntries(records, memory);
        records[count] = entries;
    }

    private void AddWrites(ClockRecords records, int header, bool sweep)
    {
        ReadOnlySpan<MemoryWrite> writes = Model.MemoryWrites;
        if (writes.Length == 0 && !sweep)
            return;
        records[header] |= ClockRecords.HasWrites;
        int count = records.Length;
        records.Add(0);
        uint entries = 0;
        foreach (MemoryWrite write in writes)
            entries += AddEntry(records, write.Memory, write.Index) ? 1u : 0;
        for (int memory = 0; sweep && memory < layout.Memories.Count; memory++)
            entries += AddAllEntries(records, memory);
        records[count] = entries;
        records.Comparisons += entries;
    }

    private uint AddAllEntries(ClockRecords records, int memory)
    {
        uint added = 0;
        for (int index = 0; index < layout.Memories[memory].Depth; index++)
            if (AddEntry(records, memory, index))
                added++;
        return added;
    }

    private bool AddEntry(ClockRecords records, int memory, int index)
    {
        Span<uint> added = records.Reserve(2 + entryWords[memory]);
        if (!Model.TryReadMemory(memory, index, added[2..]))
            return false;
        added[0] = (uint)memory;
        added[1] = (uint)index;
        records.Advance(added.Length);
        return true;
    }
}
