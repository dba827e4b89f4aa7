using System.Numerics;
using System.Runtime.InteropServices;
using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>
/// Explains what a lockstep run ended with by running it again, the same, up to the bad clock: the golden model had run ahead,
/// and a waveform costs nothing while nothing is wrong.
/// </summary>
internal sealed class Investigation(Func<ClockRecorder> newRecorder, SimulationLibrary library, LockstepOptions options)
{
    private readonly SignalLayout layout = library.Layout;

    /// <param name="clock">The bad clock as the first run saw it.</param>
    /// <param name="entry">The memory entry that differed; null: signals did.</param>
    public LockstepResult Explain(LockstepResult result, long clock, (int Memory, int Index)? entry, CancellationToken cancellation)
    {
        if (entry is { } suspect)
            clock = FirstWrongClock(suspect, clock, cancellation);
        Divergence? divergence = null;
        string? waveform = Replay(clock, cancellation, (replay, expected, actual) =>
        {
            divergence = Describe(replay, clock, entry, expected, actual);
            return [.. divergence.Differences.Select(difference => difference.Signal)];
        });
        return result with { Divergence = divergence, Waveform = result.Waveform ?? waveform };
    }

    public LockstepResult ExplainStop(LockstepResult result, long clock, string message, CancellationToken cancellation)
    {
        DesignStop? stop = null;
        string? waveform = Replay(clock, cancellation, (replay, _, _) =>
        {
            stop = new DesignStop(clock, message, replay.ModelState, replay.StimulusState);
            return [];
        });
        return result with { Stop = stop, Waveform = result.Waveform ?? waveform };
    }

    public LockstepResult ExplainHang(LockstepResult result, Hang hang, CancellationToken cancellation)
    {
        string? waveform = Replay(hang.Clock - 1, cancellation, (_, _, _) => []);
        return result with { Hang = hang, Waveform = result.Waveform ?? waveform };
    }

    /// <summary>A sweep finds a wrong entry late; this finds the clock after whose edge it was wrong first.</summary>
    private long FirstWrongClock((int Memory, int Index) entry, long found, CancellationToken cancellation)
    {
        using SimulatedTile tile = library.Open(options.InitialValueSeed);
        ClockRecorder recorder = newRecorder();
        var records = new ClockRecords();
        var actual = new uint[layout.Memories[entry.Memory].WordsPerEntry];
        long first = found;
        while (recorder.Clock <= found && Step(tile, recorder, records, compare: false, cancellation) == SimulationStatus.RanAll && records.Clocks > 0)
        {
            if (!recorder.TryReadMemory(entry.Memory, entry.Index, out ReadOnlySpan<uint> expected))
                continue;
            tile.ReadMemory(entry.Memory, entry.Index, actual);
            if (expected.SequenceEqual(actual))
                first = found;
            else if (first == found)
                first = recorder.Clock - 1;
        }

        return first;
    }

    /// <summary>What the bad clock's replay knows.</summary>
    private sealed record ReplayedClock(ClockRecorder Recorder, SimulatedTile Tile, IReadOnlyList<uint[]> History, string ModelState, string StimulusState);

    private delegate IReadOnlyList<string> Examine(ReplayedClock replay, ReadOnlySpan<uint> expected, ReadOnlySpan<uint> actual);

    /// <summary>Runs up to the bad clock, has it examined there, and records the waveform around it; its path, if there is one.</summary>
    private string? Replay(long badClock, CancellationToken cancellation, Examine examine)
    {
        using SimulationLibrary? waveforms = options.Waveform == WaveformMode.Auto ? options.WaveformLibrary?.Invoke() : null;
        SimulationLibrary used = waveforms ?? library;
        using SimulatedTile tile = used.Open(options.InitialValueSeed);
        ClockRecorder recorder = newRecorder();
        var records = new ClockRecords();
        var history = new Queue<uint[]>();
        WaveformFile? waveform = null;
        while (recorder.Clock < badClock)
        {
            if (waveforms is not null && waveform is null && recorder.Clock >= badClock - options.WaveformClocksBefore)
                waveform = WaveformFile.Open(tile, used, options);
            if (Step(tile, recorder, records, compare: false, cancellation) != SimulationStatus.RanAll || records.Clocks == 0)
                break;
            if (recorder.Clock > badClock - options.HistoryClocks + 1)
                history.Enqueue([.. recorder.Vector]);
        }

        if (waveforms is not null)
            waveform ??= WaveformFile.Open(tile, used, options);
        string modelState = recorder.Model.DescribeState();
        SimulationStatus status = Step(tile, recorder, records, compare: true, cancellation);
        string stimulusState = recorder.Stimulus.DescribeState();
        history.Enqueue([.. recorder.Vector]);
        uint[] actual = [.. recorder.Vector];
        tile.ReadSignals(actual);
        IReadOnlyList<string> signals = examine(new ReplayedClock(recorder, tile, [.. history], modelState, stimulusState), recorder.Vector, actual);
        if (waveform is null)
            return null;

        // A clock with a wrong signal stopped before its edge: once more without comparing, and on.
        int once = 1;
        if (status == SimulationStatus.SignalDiffers)
            status = tile.Run(records.Words, ref once, compare: false);
        for (int i = 0; i < options.WaveformClocksAfter && status is SimulationStatus.RanAll or SimulationStatus.MemoryDiffers && !recorder.Ended; i++)
            status = Step(tile, recorder, records, compare: false, cancellation);
        waveform.Close([.. layout.Compared.Where(slot => signals.Contains(slot.Name)).Select(slot => (slot.Name, slot.Bits))], badClock);
        return waveform.Path;
    }

    private static SimulationStatus Step(SimulatedTile tile, ClockRecorder recorder, ClockRecords records, bool compare, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        records.Clear();
        if (!recorder.Record(records))
            return SimulationStatus.RanAll;
        int clocks = 1;
        return tile.Run(records.Words, ref clocks, compare);
    }

    private Divergence Describe(ReplayedClock replay, long clock, (int Memory, int Index)? entry, ReadOnlySpan<uint> expected, ReadOnlySpan<uint> actual)
    {
        var differences = new List<SignalDifference>();
        if (entry is { } suspect)
        {
            MemoryProbe memory = layout.Memories[suspect.Memory];
            var actualWords = new uint[memory.WordsPerEntry];
            replay.Tile.ReadMemory(suspect.Memory, suspect.Index, actualWords);
            replay.Recorder.TryReadMemory(suspect.Memory, suspect.Index, out ReadOnlySpan<uint> expectedWords);
            differences.Add(new SignalDifference($"{memory.Name}[{suspect.Index}]", memory.Bits, Value(expectedWords), Value(actualWords)));
        }
        else
        {
            // A register says more about the cause than the output that it drives, and more than one that only counts or notes what happens.
            foreach (SignalSlot slot in layout.Registers.OrderBy(slot => DistanceFromCause(slot.Name)).Concat(layout.Outputs))
                if (!expected.Slice(slot.Offset, slot.Words).SequenceEqual(actual.Slice(slot.Offset, slot.Words)))
                    differences.Add(new SignalDifference(slot.Name, slot.Bits, Value(expected.Slice(slot.Offset, slot.Words)), Value(actual.Slice(slot.Offset, slot.Words))));
            if (differences.Count == 0)
                throw new InvalidOperationException($"Clock {clock} differed in the first run and does not in the second: model or stimulus are not deterministic, or a register without reset value is compared.");
        }

        string block = HierarchicalName.Instance(differences[0].Signal);
        IEnumerable<SignalSlot> shown = layout.Compared
            .Where(slot => slot.Name == differences[0].Signal)
            .Concat(layout.Compared.Where(slot => slot.Name != differences[0].Signal && HierarchicalName.Instance(slot.Name) == block));
        return new Divergence
        {
            Clock = clock,
            Differences = differences,
            History = [.. shown.Select(slot => new SignalHistory(slot.Name, slot.Bits, [.. replay.History.Select(vector => Value(vector.AsSpan(slot.Offset, slot.Words)))]))],
            HistoryFirstClock = clock - replay.History.Count + 1,
            ModelState = replay.ModelState,
            StimulusState = replay.StimulusState,
        };
    }

    /// <summary>Blocks that decide come first, then those that move data at their bidding, last those that only observe.</summary>
    private static int DistanceFromCause(string signal)
    {
        string block = HierarchicalName.Leaf(HierarchicalName.Instance(signal));
        string leaf = HierarchicalName.Leaf(signal);
        return block is "interrupt_controller" or "performance_counters" || leaf.StartsWith("event_", StringComparison.Ordinal) || leaf == "busy_q" ? 2
            : block == "ima" ? 1
            : 0;
    }

    private static BigInteger Value(ReadOnlySpan<uint> words) => new(MemoryMarshal.AsBytes(words), isUnsigned: true);
}
