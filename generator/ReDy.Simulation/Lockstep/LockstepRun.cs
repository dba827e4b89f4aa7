using System.Diagnostics;
using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>Golden model against Verilog: every output and register at every clock, every memory entry when it is written; of a netlist the outputs.</summary>
public static class LockstepRun
{
    private const int EventsShown = 20;

    /// <param name="model">Makes the golden model; called again for the second run that explains a divergence.</param>
    /// <param name="stimulus">Makes the stimulus, the same every time.</param>
    /// <param name="library">The Verilog, built for the model's <see cref="SignalLayout"/>.</param>
    /// <param name="images">Loaded through the backdoor before the first clock; null: none.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LockstepResult Execute(
        Func<ICycleAccurateTile> model, Func<IStimulus> stimulus, SimulationLibrary library, IReadOnlyList<CrossbarImage>? images,
        LockstepOptions options, CancellationToken cancellation = default)
    {
        ClockRecorder NewRecorder() => new(model(), stimulus(), library.Layout, images, options);
        var investigation = new Investigation(NewRecorder, library, options);

        using SimulationLibrary? waveforms = options.Waveform == WaveformMode.Full ? options.WaveformLibrary?.Invoke() : null;
        using SimulationLibrary? switching = options.SwitchingLibrary?.Invoke();
        SimulationLibrary used = switching ?? waveforms ?? library;
        using SimulatedTile tile = used.Open(options.InitialValueSeed);
        WaveformFile? full = waveforms is null ? null : WaveformFile.Open(tile, used, options);

        ClockRecorder recorder = NewRecorder();
        var pipeline = new LockstepPipeline(recorder, tile, options);
        var time = Stopwatch.StartNew();
        SimulationStatus status = options.MeasureFrom == 0 ? SimulationStatus.RanAll : pipeline.Run(options.MeasureFrom, finished: null, cancellation);
        if (status == SimulationStatus.RanAll)
        {
            if (options.Activity)
                recorder.Measure();
            if (options.Activity || switching is not null)
                tile.Measure();
            if (switching is not null)
                tile.MeasureSwitching();
            status = pipeline.Run(long.MaxValue, finished: null, cancellation);
        }

        time.Stop();
        full?.Close([]);

        var result = new LockstepResult
        {
            Clocks = pipeline.Clocks,
            SignalsPerClock = library.Layout.Compared.Count,
            Comparisons = pipeline.Comparisons,
            Elapsed = time.Elapsed,
            BuildWasCached = library.WasCached,
            Waveform = full?.Path,
        };
        return status switch
        {
            SimulationStatus.SignalDiffers => investigation.Explain(result, pipeline.Clocks, entry: null, cancellation),
            SimulationStatus.MemoryDiffers => investigation.Explain(result, pipeline.Clocks, tile.FailedEntry, cancellation),
            SimulationStatus.DesignStopped or SimulationStatus.Failed => investigation.ExplainStop(result, pipeline.Clocks, tile.Text.Trim(), cancellation),
            _ when recorder.Hang is { } hang => investigation.ExplainHang(result, hang, cancellation),
            _ => Swept(),
        };

        LockstepResult Swept()
        {
            (LockstepResult all, (int, int)? entry) = FinalSweep(result, library.Layout, recorder, tile);
            return entry is not null ? investigation.Explain(all, recorder.Clock - 1, entry, cancellation)
                : options.Activity ? CompareActivity(all, used, recorder, tile, options)
                : switching is not null ? all with { Activity = tile.ReadMeasured(recorder.Model.Geometry.Config.Rtl.ClockGating, new Dictionary<string, EventActivity>()), Switching = tile.ReadSwitching() }
                : all;
        }
    }

    private static LockstepResult CompareActivity(LockstepResult result, SimulationLibrary library, ClockRecorder recorder, SimulatedTile tile, LockstepOptions options)
    {
        TileActivity expected = recorder.ReadMeasured();
        Dictionary<string, EventActivity> probes = expected.Events.ToDictionary(one => $"{one.Instance}.{one.Event}", StringComparer.Ordinal);
        IReadOnlyList<string> onOneSide = MeasuredActivity.OnOneSide(probes.Keys, library.Events?.Names ?? []);
        if (onOneSide.Count != 0)
            throw new InvalidOperationException(
                $"Golden model and simulation do not count the same events ({onOneSide.Count} differences):{Environment.NewLine}  "
                + string.Join($"{Environment.NewLine}  ", onOneSide.Take(EventsShown)));
        TileActivity actual = tile.ReadMeasured(recorder.Model.Geometry.Config.Rtl.ClockGating, probes);
        return result with
        {
            Activity = actual,
            ActivityDifferences = ActivityDifference.Between(expected, actual),
            Switching = options.SwitchingLibrary is null ? null : tile.ReadSwitching(),
        };
    }

    /// <summary>Compares every memory entry that was ever written; the first that differs, if any.</summary>
    private static (LockstepResult Result, (int Memory, int Index)? Entry) FinalSweep(LockstepResult result, SignalLayout layout, ClockRecorder recorder, SimulatedTile tile)
    {
        long compared = 0;
        IReadOnlyList<MemoryProbe> memories = layout.Memories;
        for (int memory = 0; memory < memories.Count; memory++)
        {
            var actual = new uint[memories[memory].WordsPerEntry];
            for (int index = 0; index < memories[memory].Depth; index++)
            {
                if (!recorder.TryReadMemory(memory, index, out ReadOnlySpan<uint> expected))
                    continue;
                compared++;
                tile.ReadMemory(memory, index, actual);
                if (!expected.SequenceEqual(actual))
                    return (result with { Comparisons = result.Comparisons + compared }, (memory, index));
            }
        }

        return (result with { Comparisons = result.Comparisons + compared }, null);
    }
}
