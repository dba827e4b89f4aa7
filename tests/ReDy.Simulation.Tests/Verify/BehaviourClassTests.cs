using ReDy.Architecture;
using ReDy.Simulation.Build;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Tests.Verify;

/// <summary>The committed part of the campaign: generated, built and compared at every clock, with stalls, resets and misbehaviour.</summary>
public sealed class BehaviourClassTests
{
    public static TheoryData<string> Names => [.. BehaviourClasses.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Golden_model_Verilog_and_functional_model_agree(string behaviour)
    {
        TileConfig config = BehaviourClasses.All[behaviour];
        var point = new CampaignPoint(SeedOf(behaviour), config);
        CampaignOutcome outcome = await new Campaign(0, new ContentCache(), lint: false).RunAsync(point, 0, folder: null, replay: $"this test, case '{behaviour}'");
        outcome.Failure.ShouldBeNull();
        outcome.Vectors.ShouldBePositive();
        outcome.Comparisons.ShouldBePositive();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_class_is_a_legal_configuration(string behaviour) =>
        TileConfigRules.Violations(BehaviourClasses.All[behaviour]).ShouldBeEmpty();

    /// <summary>Depends on the name only, so that adding a class changes no other.</summary>
    private static ulong SeedOf(string behaviour) => behaviour.Aggregate(14695981039346656037UL, (hash, letter) => (hash ^ letter) * 1099511628211);
}
