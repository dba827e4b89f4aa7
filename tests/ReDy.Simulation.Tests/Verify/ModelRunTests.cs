using ReDy.GoldenModel.CycleAccurate;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Tests.Verify;

/// <summary>Rung 2 of the proof: functional model against cycle-accurate model, under everything that the stimulus does.</summary>
public sealed class ModelRunTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 24).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Cycle_accurate_model_delivers_and_counts_what_the_functional_model_says(ulong seed)
    {
        var point = new CampaignPoint(seed);
        TileStimulus stimulus = point.NewStimulus();
        ModelRunResult result = ModelRun.Run(new Tile(point.Config), stimulus);
        result.Hang.ShouldBeNull();
        stimulus.Failure.ShouldBeNull();
        stimulus.Finished.ShouldBeTrue();
        stimulus.VectorsReceived.ShouldBePositive();
        stimulus.Statistics.CounterChecks.ShouldBePositive();
    }

    [Fact]
    public void The_same_seed_gives_the_same_pins_at_every_clock()
    {
        var point = new CampaignPoint(5);
        Fingerprint(point).ShouldBe(Fingerprint(point));
        Fingerprint(point).ShouldNotBe(Fingerprint(new CampaignPoint(6, point.Config)));
    }

    private static ulong Fingerprint(CampaignPoint point)
    {
        ulong hash = 14695981039346656037;
        var tile = new TamperedTile(new Tile(point.Config))
        {
            Inputs = (_, inputs) =>
            {
                foreach (uint word in inputs)
                    hash = (hash ^ word) * 1099511628211;
            },
        };
        ModelRun.Run(tile, point.NewStimulus()).Hang.ShouldBeNull();
        return hash;
    }
}
