using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Activity;

/// <summary>
/// What switches in a tile while vectors of a layer go through it at full speed, from the golden model alone: <c>redy verify</c>
/// proves that the Verilog switches the same. The layer's registers are written over the bus within the counting window.
/// </summary>
public static class LayerActivity
{
    private const ulong Seed = 1;

    /// <param name="weights">[K, N], of any size.</param>
    /// <param name="inputs">[vectors, K].</param>
    /// <param name="requantisation">Null asks for raw accumulators.</param>
    public static TileActivity Of(TileConfig config, IntegerMatrix weights, IntegerMatrix inputs, Requantisation? requantisation, CancellationToken cancellation = default)
    {
        var geometry = new TileGeometry(config);
        var operands = new OperandChoice { Weights = weights, Inputs = inputs, Requantisation = requantisation, Classes = [], Policy = config.Precision.Policy, Seed = Seed };
        TileStimulus? stimulus = null;
        var workload = new VerifyWorkload(geometry, operands, () => stimulus!.Clock);
        stimulus = new TileStimulus(geometry, workload.Layers(), StimulusOptions.Of(Seed, StallLevel.None) with { WeightsBy = WeightLoading.Backdoor }, workload.Complete);
        var tile = new Tile(config);
        var options = new LockstepOptions { HangClocks = ModelRun.PatienceClocks(geometry), SweepClocks = long.MaxValue };
        var recorder = new ClockRecorder(tile, stimulus, SignalLayout.Of(tile), images: null, options);
        recorder.Measure();
        var records = new ClockRecords();
        while (recorder.Record(records))
        {
            records.Clear();
            cancellation.ThrowIfCancellationRequested();
        }

        string? failure = recorder.Hang is not null ? "it hangs" : stimulus.Failure ?? workload.Mismatch;
        return failure is null ? recorder.ReadMeasured() : throw new InvalidOperationException($"The golden model contradicts the functional model: {failure}");
    }
}
