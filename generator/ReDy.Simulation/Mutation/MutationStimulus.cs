using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Mutation;

/// <summary>
/// The runs that mutants must show up in, one after the other: random layers with all that <see cref="TileStimulus"/> does,
/// weights over AXI4-Lite. Each is recorded once, when the first mutant needs it.
/// </summary>
/// <param name="rounds">How many runs.</param>
public sealed class MutationStimulus(TileConfig config, SignalLayout layout, ulong seed, int rounds)
{
    private const long ClockBudget = 12_000;
    private static readonly StallLevel[] Stalls = [StallLevel.Light, StallLevel.None, StallLevel.Heavy];

    private readonly TileGeometry geometry = new(config);
    private readonly LockstepRecording?[] recordings = new LockstepRecording?[rounds];

    public int Rounds => rounds;

    /// <summary>Clocks of the runs that were needed.</summary>
    public long Clocks => recordings.Sum(recording => recording?.Clocks ?? 0);

    public TileStimulus NewStimulus(int round)
    {
        ulong own = SeededRandom.Derive(seed, (ulong)round);
        StimulusOptions options = StimulusOptions.Of(SeededRandom.Derive(own, 0), Stalls[round % Stalls.Length]) with { WeightsBy = WeightLoading.Axi };
        return new TileStimulus(geometry, new RandomWorkload(geometry, SeededRandom.Derive(own, 1), ClockBudget, options.Misbehave).Layers(), options);
    }

    /// <exception cref="InvalidOperationException">The golden model does not get through the run itself.</exception>
    public LockstepRecording Recording(int round, CancellationToken cancellation)
    {
        if (recordings[round] is { } known)
            return known;
        TileStimulus stimulus = NewStimulus(round);
        var options = new LockstepOptions { HangClocks = ModelRun.PatienceClocks(geometry) };
        LockstepRecording recording = LockstepRecording.Of(new Tile(config), stimulus, layout, options, cancellation);
        if (recording.Hang is { } hang)
            throw new InvalidOperationException($"Round {round}: the golden model hangs at clock {hang.Clock}: {hang.StimulusState}; {hang.ModelState}");
        if (stimulus.Failure is { } failure)
            throw new InvalidOperationException($"Round {round}: the golden model contradicts the functional model: {failure}");
        return recordings[round] = recording;
    }
}
