using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Simulation.Lockstep;

namespace ReDy.Simulation.Verify;

/// <summary>How a run of the cycle-accurate model without Verilog ended.</summary>
/// <param name="Clocks">Clocks that were run.</param>
/// <param name="Hang">What the tile and the stimulus were waiting for, if nothing moved any more.</param>
public sealed record ModelRunResult(long Clocks, string? Hang);

/// <summary>Runs a stimulus on the cycle-accurate model alone: rung 2 of the proof, at the model's own speed.</summary>
public static class ModelRun
{
    /// <summary>Longer than any legal wait: a slow conversion of a whole crossbar in every step, and the longest stall.</summary>
    public static long PatienceClocks(TileGeometry geometry) => 20_000 + 4 * RandomWorkload.ClocksPerVector(geometry);

    /// <param name="until">The run ends before the clock for which the stimulus makes this true; null: when the stimulus ends.</param>
    public static ModelRunResult Run(ICycleAccurateTile tile, IStimulus stimulus, CancellationToken cancellation = default, Func<bool>? until = null)
    {
        var inputs = new uint[tile.Ports.InputWords];
        long patience = PatienceClocks(tile.Geometry);
        long progress = -1;
        long progressClock = 0;
        long clock = 0;
        for (; stimulus.Drive(clock, tile.Outputs, inputs) && until?.Invoke() != true; clock++)
        {
            if (stimulus.BackdoorImages is { } images)
                tile.LoadImages(images);
            tile.Clock(inputs);
            if (stimulus.Progress != progress)
            {
                progress = stimulus.Progress;
                progressClock = clock;
            }
            else if (clock - progressClock > patience)
            {
                return new ModelRunResult(clock, $"nothing has moved for {patience} clocks: {stimulus.DescribeState()}; {tile.DescribeState()}");
            }

            if ((clock & 0xFFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
        }

        return new ModelRunResult(clock, null);
    }
}
