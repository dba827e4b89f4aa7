using System.Collections.Concurrent;
using System.Diagnostics;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>What comparing costs, and what counting toggles and events adds.</summary>
/// <param name="Clocks">Measured each way.</param>
/// <param name="LockstepTime">Golden model, stimulus, Verilog and comparison.</param>
/// <param name="CountingTime">The same with toggles and events counted on both sides.</param>
/// <param name="AloneTime">The Verilog stepped through the same pin values, with no comparison and no golden model.</param>
public sealed record LockstepCost(long Clocks, TimeSpan LockstepTime, TimeSpan CountingTime, TimeSpan AloneTime)
{
    public double Ratio => LockstepTime / AloneTime;
    public double CountingRatio => CountingTime / LockstepTime;
    public double LockstepClocksPerSecond => Clocks / LockstepTime.TotalSeconds;
    public double CountingClocksPerSecond => Clocks / CountingTime.TotalSeconds;
    public double AloneClocksPerSecond => Clocks / AloneTime.TotalSeconds;
}

/// <summary>
/// Measures lockstep, lockstep with counting, and the Verilog alone in one run: segments of all three take turns, so that
/// whatever else the machine does hits all of them.
/// </summary>
public static class LockstepBenchmark
{
    /// <param name="stimulus">Makes the stimulus, the same every time.</param>
    /// <param name="counting">The Verilog with the signals of <see cref="SimulationLibrary.Events"/> visible.</param>
    /// <param name="plain">The Verilog as it is compared without counting.</param>
    /// <param name="segmentClocks">Clocks of a segment; the recorded pin values of one segment are kept in memory.</param>
    /// <param name="warmUpClocks">Run before anything is measured: reset, programming, compilation of the golden model.</param>
    /// <param name="clocks">Measured clocks, at most; the stimulus may end earlier.</param>
    /// <exception cref="InvalidOperationException">The two sides differ.</exception>
    public static LockstepCost Run(
        Func<ICycleAccurateTile> model, Func<IStimulus> stimulus, SimulationLibrary counting, SimulationLibrary plain, LockstepOptions options,
        int segmentClocks, long warmUpClocks, long clocks, CancellationToken cancellation = default)
    {
        using SimulatedTile counted = counting.Open(options.InitialValueSeed);
        using SimulatedTile compared = plain.Open(options.InitialValueSeed);
        using SimulatedTile alone = plain.Open(options.InitialValueSeed);
        var recorder = new ClockRecorder(model(), stimulus(), plain.Layout, images: null, options);
        var countingRecorder = new ClockRecorder(model(), stimulus(), counting.Layout, images: null, options);
        countingRecorder.Measure();
        counted.Measure();
        var pipeline = new LockstepPipeline(recorder, compared, options);
        var countingPipeline = new LockstepPipeline(countingRecorder, counted, options);
        var ran = new List<ClockRecords>();
        var spare = new ConcurrentBag<ClockRecords>();
        long measured = 0;
        TimeSpan lockstepTime = TimeSpan.Zero, countingTime = TimeSpan.Zero, aloneTime = TimeSpan.Zero;
        while (!recorder.Ended && measured < clocks)
        {
            long before = pipeline.Clocks;
            ran.Clear();
            TimeSpan lockstep = Segment(pipeline, Kept);
            (List<ClockRecords> ofPlain, ran) = (ran, []);
            TimeSpan withCounts = Segment(countingPipeline, Kept);
            PinRecords[] pins = [.. ofPlain.Select(chunk => new PinRecords(chunk, plain.Layout))];
            ofPlain.ForEach(spare.Add);
            ran.ForEach(spare.Add);
            var time = Stopwatch.StartNew();
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
            countingTime += withCounts;
            measured += pipeline.Clocks - before;
        }

        return new LockstepCost(measured, lockstepTime, countingTime, aloneTime);

        ClockRecords Kept(ClockRecords chunk)
        {
            ran.Add(chunk);
            return spare.TryTake(out ClockRecords? next) ? next : new ClockRecords();
        }

        TimeSpan Segment(LockstepPipeline pipeline, Func<ClockRecords, ClockRecords>? finished)
        {
            var time = Stopwatch.StartNew();
            SimulationStatus status = pipeline.Run(segmentClocks, finished, cancellation);
            if (status != SimulationStatus.RanAll)
                throw new InvalidOperationException($"Golden model and Verilog differ in clock {pipeline.Clocks}; a benchmark needs a run without mismatch.");
            return time.Elapsed;
        }
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
