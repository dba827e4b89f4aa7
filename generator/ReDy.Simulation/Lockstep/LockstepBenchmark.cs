using System.Collections.Concurrent;
using System.Diagnostics;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>How fast golden model and Verilog are alone, what comparing costs, and what counting toggles and events adds.</summary>
/// <param name="Clocks">Measured each way.</param>
/// <param name="ModelTime">The golden model stepped through recorded pin values: no stimulus, no comparison, no Verilog.</param>
/// <param name="VerilogTime">The Verilog stepped through the same pin values: no golden model, no comparison.</param>
/// <param name="LockstepTime">Golden model, stimulus, Verilog and comparison.</param>
/// <param name="CountingTime">The same with toggles and events counted on both sides.</param>
public sealed record LockstepCost(long Clocks, TimeSpan ModelTime, TimeSpan VerilogTime, TimeSpan LockstepTime, TimeSpan CountingTime)
{
    /// <summary>Clocks per second of the golden model as a multiple of the Verilog's.</summary>
    public double ModelSpeed => VerilogTime / ModelTime;
    public double LockstepRatio => LockstepTime / VerilogTime;
    public double CountingRatio => CountingTime / LockstepTime;
    public double ModelClocksPerSecond => Clocks / ModelTime.TotalSeconds;
    public double VerilogClocksPerSecond => Clocks / VerilogTime.TotalSeconds;
    public double LockstepClocksPerSecond => Clocks / LockstepTime.TotalSeconds;
    public double CountingClocksPerSecond => Clocks / CountingTime.TotalSeconds;
}

/// <summary>
/// Measures the golden model alone, the Verilog alone, lockstep, and lockstep with counting in one run: segments of all four take
/// turns, so that whatever else the machine does hits all of them.
/// </summary>
public static class LockstepBenchmark
{
    /// <param name="stimulus">Makes the stimulus, the same every time.</param>
    /// <param name="counting">The Verilog with the signals of <see cref="SimulationLibrary.Events"/> visible.</param>
    /// <param name="plain">The Verilog as it is compared without counting.</param>
    /// <param name="segmentClocks">Clocks of a segment; the recorded pin values of one segment are kept in memory.</param>
    /// <param name="warmUp">Nothing is measured until this has passed: reset, programming, compilation of the golden model.</param>
    /// <param name="clocks">Measured clocks, at most; the stimulus may end earlier.</param>
    /// <exception cref="InvalidOperationException">The two sides differ.</exception>
    public static LockstepCost Run(
        Func<ICycleAccurateTile> model, Func<IStimulus> stimulus, SimulationLibrary counting, SimulationLibrary plain, LockstepOptions options,
        int segmentClocks, TimeSpan warmUp, long clocks, CancellationToken cancellation = default)
    {
        using SimulatedTile counted = counting.Open(options.InitialValueSeed);
        using SimulatedTile compared = plain.Open(options.InitialValueSeed);
        using SimulatedTile verilog = plain.Open(options.InitialValueSeed);
        ICycleAccurateTile golden = model();
        var inputs = new uint[plain.Layout.InputWords];
        var images = new KeptImages(stimulus());
        var recorder = new ClockRecorder(model(), images, plain.Layout, images: null, options);
        var countingRecorder = new ClockRecorder(model(), stimulus(), counting.Layout, images: null, options);
        countingRecorder.Measure();
        counted.Measure();
        var pipeline = new LockstepPipeline(recorder, compared, options);
        var countingPipeline = new LockstepPipeline(countingRecorder, counted, options);
        var ran = new List<ClockRecords>();
        var spare = new ConcurrentBag<ClockRecords>();
        var warming = Stopwatch.StartNew();
        var cost = new LockstepCost(0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        while (!recorder.Ended && cost.Clocks < clocks)
        {
            bool measured = warming.Elapsed >= warmUp;
            long before = pipeline.Clocks;
            TimeSpan lockstep = Time(() => Compare(pipeline));
            PinRecords[] pins = [.. ran.Select(chunk => new PinRecords(chunk, plain.Layout, images.Loaded))];
            Recycle();
            TimeSpan withCounts = Time(() => Compare(countingPipeline));
            Recycle();
            TimeSpan ofVerilog = Time(() => Array.ForEach(pins, chunk => chunk.Run(verilog)));
            TimeSpan ofModel = Time(() => Array.ForEach(pins, chunk => chunk.Run(golden, inputs)));
            if (measured)
                cost = new LockstepCost(
                    cost.Clocks + pipeline.Clocks - before, cost.ModelTime + ofModel, cost.VerilogTime + ofVerilog, cost.LockstepTime + lockstep,
                    cost.CountingTime + withCounts);
        }

        return cost;

        void Compare(LockstepPipeline side)
        {
            if (side.Run(segmentClocks, Kept, cancellation) != SimulationStatus.RanAll)
                throw new InvalidOperationException($"Golden model and Verilog differ in clock {side.Clocks}; a benchmark needs a run without mismatch.");
        }

        ClockRecords Kept(ClockRecords chunk)
        {
            ran.Add(chunk);
            return spare.TryTake(out ClockRecords? next) ? next : new ClockRecords();
        }

        void Recycle()
        {
            ran.ForEach(spare.Add);
            ran.Clear();
        }
    }

    private static TimeSpan Time(Action work)
    {
        var time = Stopwatch.StartNew();
        work();
        return time.Elapsed;
    }
}
