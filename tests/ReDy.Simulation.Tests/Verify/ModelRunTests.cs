using ReDy.GoldenModel.CycleAccurate;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Tests.Verify;

public sealed class ModelRunTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(int.Parse(Environment.GetEnvironmentVariable("FIRST") ?? "1"), int.Parse(Environment.GetEnvironmentVariable("COUNT") ?? "20")).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Cycle_accurate_model_delivers_what_the_functional_model_says_under_any_stimulus(ulong seed)
    {
        var point = new CampaignPoint(seed);
        TileStimulus stimulus = point.NewStimulus();
        ModelRunResult result = ModelRun.Run(new Tile(point.Config), stimulus);
        result.Hang.ShouldBeNull();
        stimulus.Failure.ShouldBeNull();
        stimulus.Finished.ShouldBeTrue();
    }
}
