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
    /// <summary>Many vectors fill queue and buffer, few leave time for more layers and more of the software's accesses.</summary>
    private static readonly (StallLevel Stalls, long ClockBudget)[] Kinds =
        [(StallLevel.Light, 12_000), (StallLevel.None, 4_000), (StallLevel.Heavy, 4_000), (StallLevel.Light, 2_000), (StallLevel.None, 20_000), (StallLevel.Heavy, 2_000)];

    private readonly TileGeometry geometry = new(config);
    private readonly LockstepRecording?[] recordings = new LockstepRecording?[rounds];

    public int Rounds => rounds;

    /// <summary>Clocks of the runs that were needed.</summary>
    public long Clocks => recordings.Sum(recording => recording?.Clocks ?? 0);

    public TileStimulus NewStimulus(int round)
    {
        ulong own = SeededRandom.Derive(seed, (ulong)round);
        (StallLevel stalls, long clockBudget) = Kinds[round % Kinds.Length];
        StimulusOptions options = StimulusOptions.Of(SeededRandom.Derive(own, 0), stalls) with { WeightsBy = WeightLoading.Axi };
        return new TileStimulus(geometry, new RandomWorkload(geometry, SeededRandom.Derive(own, 1), clockBudget, options.Misbehave).Layers(), options);
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
