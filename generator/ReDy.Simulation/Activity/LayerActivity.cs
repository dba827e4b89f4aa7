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
    public static TileActivity Of(TileConfig config, Matrix<int> weights, Matrix<ushort> inputs, Requantisation? requantisation, CancellationToken cancellation = default)
    {
        var operands = new OperandChoice { Weights = weights, Inputs = inputs, Requantisation = requantisation, Classes = [], Policy = config.Precision.Policy, Seed = Seed };
        return Count(config, operands, WeightLoading.Backdoor, _ => true, cancellation).Activity;
    }

    /// <summary>The same from the first beat of activations on, with weights that go in over AXI4-Lite, as in a netlist.</summary>
    /// <returns>The counts, and the first clock of their window.</returns>
    public static (TileActivity Activity, long From) WhileStreaming(TileConfig config, OperandChoice operands, CancellationToken cancellation = default) =>
        Count(config, operands, WeightLoading.Axi, stimulus => stimulus.Activations.BeatsTaken > 0, cancellation);

    /// <summary>A layer at full speed, the same whenever it is made again.</summary>
    internal static (TileStimulus Stimulus, VerifyWorkload Workload) Stimulus(TileConfig config, OperandChoice operands, WeightLoading weightsBy)
    {
        var geometry = new TileGeometry(config);
        TileStimulus? stimulus = null;
        var workload = new VerifyWorkload(geometry, operands, () => stimulus!.Clock);
        stimulus = new TileStimulus(geometry, workload.Layers(), StimulusOptions.Of(operands.Seed, StallLevel.None) with { WeightsBy = weightsBy }, workload.Complete);
        return (stimulus, workload);
    }

    private static (TileActivity Activity, long From) Count(TileConfig config, OperandChoice operands, WeightLoading weightsBy, Func<TileStimulus, bool> begins, CancellationToken cancellation)
    {
        (TileStimulus stimulus, VerifyWorkload workload) = Stimulus(config, operands, weightsBy);
        var tile = new Tile(config);
        var options = new LockstepOptions { HangClocks = ModelRun.PatienceClocks(tile.Geometry), SweepClocks = long.MaxValue };
        var recorder = new ClockRecorder(tile, stimulus, SignalLayout.Of(tile), images: null, options);
        var records = new ClockRecords();
        long from = 0;
        do
        {
            records.Clear();
            cancellation.ThrowIfCancellationRequested();
            if (recorder.Activity is null && begins(stimulus))
            {
                recorder.Measure();
                from = recorder.Clock;
            }
        }
        while (recorder.Record(records));

        string? failure = recorder.Hang is not null ? "it hangs" : stimulus.Failure ?? workload.Mismatch ?? (recorder.Activity is null ? "it takes no activations" : null);
        return failure is null ? (recorder.ReadMeasured(), from) : throw new InvalidOperationException($"The golden model contradicts the functional model: {failure}");
    }
}
