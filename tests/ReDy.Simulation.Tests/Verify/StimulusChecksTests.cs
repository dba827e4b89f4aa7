using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Tests.Verify;

/// <summary>Every check of the stimulus is seen to fail on a tile that deserves it.</summary>
public sealed class StimulusChecksTests
{
    private static readonly TileConfig Config = BehaviourClasses.Tiny;
    private static readonly TilePorts Ports = new(new TileGeometry(Config));

    [Fact]
    public void A_wrong_result_is_noticed_with_its_vector_and_output() =>
        FailureWith(new TamperedTile(new Tile(Config)) { Pins = Change("m_axis_tdata", word => word ^ 1, when: "m_axis_tvalid") })
            .ShouldMatch(@"^clock \d+: layer 0 \(.*\), vector 0, output 0: the tile delivers -?\d+, the functional model -?\d+$");

    [Fact]
    public void A_result_that_ends_with_the_wrong_beat_is_noticed() =>
        FailureWith(new TamperedTile(new Tile(Config)) { Pins = Change("m_axis_tlast", _ => 0) }).ShouldContain("m_axis_tlast is 0 with output");

    [Fact]
    public void Byte_enables_that_do_not_mark_the_values_are_noticed() =>
        FailureWith(new TamperedTile(new Tile(Config)) { Pins = Change("m_axis_tkeep", _ => 0x7) }).ShouldContain("m_axis_tkeep does not mark");

    [Fact]
    public void A_result_that_changes_while_it_waits_is_noticed()
    {
        var tile = new TamperedTile(new Tile(Config)) { Pins = (clock, pins) => pins[Ports.Output("m_axis_tdata").Offset + 7] ^= (uint)(clock & 1) << 31 };
        FailureWith(tile, StallLevel.Heavy).ShouldContain("the m_axis payload changed while it waited for m_axis_tready");
    }

    [Fact]
    public void A_response_that_disappears_is_noticed()
    {
        uint previous = 0;
        var tile = new TamperedTile(new Tile(Config))
        {
            Pins = (_, pins) =>
            {
                ref uint valid = ref pins[Ports.Output("s_axi_bvalid").Offset];
                (previous, valid) = (valid, previous == 0 ? valid : 0);
            },
        };
        FailureWith(tile, StallLevel.Heavy).ShouldContain("s_axi_bvalid fell before s_axi_bready");
    }

    [Fact]
    public void A_refusal_where_none_is_due_is_noticed() =>
        FailureWith(new TamperedTile(new Tile(Config)) { Pins = Change("s_axi_bresp", _ => 2, when: "s_axi_bvalid") })
            .ShouldMatch(@"^clock \d+: write 0x[0-9A-F]+ to InterruptMask \(0x01C\) was answered with SLVERR, expected OKAY$");

    [Fact]
    public void A_wrong_register_is_noticed() =>
        FailureWith(new TamperedTile(new Tile(Config)) { Pins = Change("s_axi_rdata", word => word ^ 0x100, when: "s_axi_rvalid") })
            .ShouldContain("read of Id (0x000) gives 0x52654579, expected 0x52654479");

    [Fact]
    public void A_stuck_cell_is_noticed_by_its_results()
    {
        var tile = new TamperedTile(new Tile(Config)) { Image = Stuck };
        FailureWith(tile, StallLevel.None, WeightLoading.Backdoor).ShouldContain("the functional model");
    }

    [Fact]
    public void A_lost_error_is_noticed_in_the_error_register()
    {
        int address = Ports.Input("s_axi_araddr").Offset;
        uint read = 0;
        var tile = new TamperedTile(new Tile(Config))
        {
            Inputs = (_, pins) => read = pins[address] & ~3u,
            Pins = (_, pins) => pins[Ports.Output("s_axi_rdata").Offset] &= read == 0x18 ? 0 : uint.MaxValue,
        };
        FailureWith(tile, StallLevel.Heavy).ShouldContain("read of Error (0x018) gives 0x0, expected 0x");
    }

    [Fact]
    public void A_miscounted_event_is_noticed_by_the_counter()
    {
        int address = Ports.Input("s_axi_araddr").Offset;
        uint read = 0;
        var tile = new TamperedTile(new Tile(Config))
        {
            Inputs = (_, pins) => read = pins[address] & ~3u,
            Pins = (_, pins) => pins[Ports.Output("s_axi_rdata").Offset] += read == 0x90 + 8 * 4 ? 1u : 0,
        };
        FailureWith(tile).ShouldMatch(@"counter 4 \(conversions\) holds \d+, the functional model counts \d+$");
    }

    [Fact]
    public void A_tile_that_stops_taking_vectors_is_a_hang_that_says_what_waits()
    {
        var geometry = new TileGeometry(Config);
        var stimulus = new TileStimulus(geometry, new RandomWorkload(geometry, 1, 20_000, misbehave: false).Layers(), StimulusOptions.Of(1, StallLevel.None));
        var tile = new TamperedTile(new Tile(Config))
        {
            Pins = Change("s_axis_tready", _ => 0),
            Inputs = (_, pins) => pins[Ports.Input("s_axis_tvalid").Offset] = 0,
        };
        ModelRunResult result = ModelRun.Run(tile, stimulus);
        result.Hang.ShouldNotBeNull().ShouldMatch(@"nothing has moved for \d+ clocks: seed \d+: waiting for layer 0 \(.*\), vector 0 of \d+, output 0; \d+ vectors are waiting on s_axis");
    }

    private static Action<long, uint[]> Change(string port, Func<uint, uint> change, string? when = null) => (_, pins) =>
    {
        if (when is null || pins[Ports.Output(when).Offset] != 0)
            pins[Ports.Output(port).Offset] = change(pins[Ports.Output(port).Offset]);
    };

    private static CrossbarImage Stuck(CrossbarImage image)
    {
        byte[] codes = [.. image.Codes];
        codes[0] ^= 1;
        return image with { Codes = codes };
    }

    private static string FailureWith(TamperedTile tile, StallLevel stalls = StallLevel.Light, WeightLoading weightsBy = WeightLoading.Auto)
    {
        var geometry = new TileGeometry(Config);
        var options = StimulusOptions.Of(1, stalls) with { WeightsBy = weightsBy, ResetsInFlight = 0 };
        var stimulus = new TileStimulus(geometry, new RandomWorkload(geometry, 1, 20_000, options.Misbehave).Layers(), options);
        ModelRun.Run(tile, stimulus).Hang.ShouldBeNull();
        stimulus.Finished.ShouldBeFalse();
        return stimulus.Failure.ShouldNotBeNull();
    }
}
