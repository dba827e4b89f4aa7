using System.Collections.Concurrent;
using System.Diagnostics;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>What comparing costs.</summary>
/// <param name="Clocks">Measured on each side.</param>
/// <param name="LockstepTime">Golden model, stimulus, Verilog and comparison.</param>
/// <param name="AloneTime">The same library stepped through the same pin values, with no comparison and no golden model.</param>
public sealed record LockstepCost(long Clocks, TimeSpan LockstepTime, TimeSpan AloneTime)
{
    public double Ratio => LockstepTime / AloneTime;
    public double LockstepClocksPerSecond => Clocks / LockstepTime.TotalSeconds;
    public double AloneClocksPerSecond => Clocks / AloneTime.TotalSeconds;
}

/// <summary>
/// Measures lockstep against the Verilog alone in one run: segments of both take turns, so that whatever else the machine
/// does hits both.
/// </summary>
public static class LockstepBenchmark
{
    /// <param name="segmentClocks">Clocks of a segment; the recorded pin values of one segment are kept in memory.</param>
    /// <param name="warmUpClocks">Run before anything is measured: reset, programming, compilation of the golden model.</param>
    /// <param name="clocks">Measured clocks, at most; the stimulus may end earlier.</param>
    /// <exception cref="InvalidOperationException">The two sides differ.</exception>
    public static LockstepCost Run(
        ICycleAccurateTile model, IStimulus stimulus, SimulationLibrary library, IReadOnlyList<CrossbarImage>? images, LockstepOptions options,
        int segmentClocks, long warmUpClocks, long clocks, CancellationToken cancellation = default)
    {
        using SimulatedTile compared = library.Open(options.InitialValueSeed);
        using SimulatedTile alone = library.Open(options.InitialValueSeed);
        var recorder = new ClockRecorder(model, stimulus, library.Layout, images, options);
        var pipeline = new LockstepPipeline(recorder, compared, options);
        var ran = new List<ClockRecords>();
        var spare = new ConcurrentBag<ClockRecords>();
        long measured = 0;
        TimeSpan lockstepTime = TimeSpan.Zero, aloneTime = TimeSpan.Zero;
        while (!recorder.Ended && measured < clocks)
        {
            long before = pipeline.Clocks;
            ran.Clear();
            var time = Stopwatch.StartNew();
            SimulationStatus status = pipeline.Run(segmentClocks, chunk =>
            {
                ran.Add(chunk);
                return spare.TryTake(out ClockRecords? next) ? next : new ClockRecords();
            }, cancellation);
            TimeSpan lockstep = time.Elapsed;
            if (status != SimulationStatus.RanAll)
                throw new InvalidOperationException($"Golden model and Verilog differ in clock {pipeline.Clocks}; a benchmark needs a run without mismatch.");

            PinRecords[] pins = [.. ran.Select(chunk => new PinRecords(chunk, library.Layout))];
            ran.ForEach(spare.Add);
            time.Restart();
            foreach (PinRecords chunk in pins)
            {
                int count = chunk.Clocks;
                alone.Run(chunk.Words, ref count, compare: false);
            }

            TimeSpan aloneSegment = time.Elapsed;
            if (before < warmUpClocks)
                continue;
            aloneTime += aloneSegment;
            lockstepTime += lockstep;
            measured += pipeline.Clocks - before;
        }

        return new LockstepCost(measured, lockstepTime, aloneTime);
    }

    /// <summary>A chunk's records without expectations: pin values, and what the backdoor loads.</summary>
    internal sealed class PinRecords
    {
        private readonly List<uint> words = [];
        private readonly uint[] array;

        public PinRecords(ClockRecords chunk, SignalLayout layout)
        {
            Clocks = chunk.Clocks;
            ReadOnlySpan<uint> from = chunk.Words;
            int at = 0;
            for (int clock = 0; clock < chunk.Clocks; clock++)
            {
                uint flags = from[at++];
                int changes = (int)from[at++];
                int header = words.Count;
                words.Add(flags & ClockRecords.HasPoke);
                words.Add(0);
                for (int i = 0; i < changes; i++, at += 2)
                    if (from[at] < layout.InputWords)
                    {
                        words.Add(from[at]);
                        words.Add(from[at + 1]);
                        words[header + 1]++;
                    }

                if ((flags & ClockRecords.HasPoke) != 0)
                    at = Entries(from, at, layout, keep: true);
                if ((flags & ClockRecords.HasWrites) != 0)
                    at = Entries(from, at, layout, keep: false);
            }

            array = [.. words];
        }

        public int Clocks { get; }
        public ReadOnlySpan<uint> Words => array;

        private int Entries(ReadOnlySpan<uint> from, int at, SignalLayout layout, bool keep)
        {
            int start = at;
            uint count = from[at++];
            for (uint i = 0; i < count; i++)
                at += 2 + layout.Memories[(int)from[at]].WordsPerEntry;
            if (keep)
                words.AddRange(from[start..at]);
            return at;
        }
    }
}
