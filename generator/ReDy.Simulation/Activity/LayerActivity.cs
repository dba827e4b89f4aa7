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
/// proves that the Verilog switches the same. It counts from the clock that takes the first beat of activations to the one that
/// takes the last result, so that neither setting up the layer nor reading registers back is in it. A layer of several passes
/// is set up anew between them.
/// </summary>
public static class LayerActivity
{
    /// <summary>Of what the stimulus leaves to chance besides the layer: the length of the reset, payloads that nobody takes.</summary>
    public const ulong Seed = 1;

    /// <param name="weights">[K, N], of any size.</param>
    /// <param name="inputs">[vectors, K].</param>
    /// <param name="requantisation">Null asks for raw accumulators.</param>
    public static TileActivity Of(TileConfig config, Matrix<int> weights, Matrix<ushort> inputs, Requantisation? requantisation, CancellationToken cancellation = default) =>
        WhileStreaming(config, new StreamedLayer(weights, inputs, requantisation), WeightLoading.Backdoor, cancellation).Activity;

    /// <param name="weightsBy">A netlist takes them over AXI4-Lite alone.</param>
    /// <returns>The counts, and the first clock of their window.</returns>
    public static (TileActivity Activity, long From) WhileStreaming(TileConfig config, StreamedLayer layer, WeightLoading weightsBy, CancellationToken cancellation = default)
    {
        (TileStimulus before, _) = Stimulus(config, layer, weightsBy);
        long from = ModelRun.Run(new Tile(config), before, cancellation, () => before.Activations.BeatsTaken > 0).Clocks;

        (TileStimulus stimulus, VerifyWorkload workload) = Stimulus(config, layer, weightsBy);
        var tile = new Tile(config);
        var options = new LockstepOptions { HangClocks = ModelRun.PatienceClocks(tile.Geometry), SweepClocks = long.MaxValue };
        var recorder = new ClockRecorder(tile, stimulus, SignalLayout.Of(tile), images: null, options);
        var records = new ClockRecords();
        do
        {
            records.Clear();
            cancellation.ThrowIfCancellationRequested();
            if (recorder.Clock == from)
                recorder.Measure();
        }
        while (recorder.Record(records));

        string? failure = recorder.Hang is not null ? "it hangs" : stimulus.Failure ?? workload.Mismatch;
        return failure is null ? (recorder.ReadMeasured(), from) : throw new InvalidOperationException($"The golden model contradicts the functional model: {failure}");
    }

    /// <summary>A layer at full speed, the same whenever it is made again.</summary>
    internal static (TileStimulus Stimulus, VerifyWorkload Workload) Stimulus(TileConfig config, StreamedLayer layer, WeightLoading weightsBy)
    {
        var geometry = new TileGeometry(config);
        var operands = new OperandChoice { Weights = layer.Weights, Inputs = layer.Inputs, Requantisation = layer.Requantisation, Classes = [], Policy = config.Precision.Policy, Seed = Seed };
        TileStimulus? stimulus = null;
        var workload = new VerifyWorkload(geometry, operands, () => stimulus!.Clock);
        StimulusOptions options = StimulusOptions.Of(Seed, StallLevel.None) with { WeightsBy = weightsBy, EndsWithLastResult = true };
        stimulus = new TileStimulus(geometry, workload.Layers(), options, workload.Complete);
        return (stimulus, workload);
    }
}
