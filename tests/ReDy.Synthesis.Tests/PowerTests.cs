using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Build;
using ReDy.Synthesis.Energy;
using ReDy.Synthesis.Flow;
using ReDy.Synthesis.Handoff;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Tests;

/// <summary>Gate-level energy of a small tile with the real tools.</summary>
public sealed class PowerTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    [Fact]
    public async Task Pricing_agrees_with_OpenSTA_when_every_net_switches_alike()
    {
        PricingCheck check = (await MeasureAsync(SmallTile.Config)).Check.ShouldNotBeNull();
        (check.ReDy.Switching / check.OpenSta.Switching).ShouldBe(1, 0.01);
        (check.ReDy.Internal / check.OpenSta.Internal).ShouldBe(1, 0.03);
        (check.ReDy.Leakage / check.OpenSta.Leakage).ShouldBe(1, 0.01);
    }

    [Fact]
    public async Task Every_net_is_recorded_and_registers_toggle_as_in_the_golden_model()
    {
        PowerResult result = await MeasureAsync(SmallTile.Config);
        result.NetsWithoutActivity.ShouldBeEmpty();
        result.Registers.Differences.ShouldBeEmpty();
        result.Registers.Absent.ShouldBeLessThan(result.Registers.Bits / 10, $"{result.Registers}");
        result.Vectors.ShouldBe(8);
    }

    [Fact]
    public async Task Registers_alone_explain_the_clock_pins_but_not_the_logic()
    {
        PowerResult result = await MeasureAsync(SmallTile.Config);
        (result.RegistersByLibrary.ClockPins / result.Netlist.ClockPins).ShouldBe(1, 0.05);
        result.Netlist.Logic!.Value.ShouldBeGreaterThan(0);
        result.Netlist.Total.ShouldBe(result.Modules.Sum(module => module.Energy.Total), 1e-9 * result.Netlist.Total);
    }

    [Fact]
    public async Task Clock_gates_save_energy_at_clock_pins_in_the_netlist_and_in_the_estimate()
    {
        PowerResult plain = await MeasureAsync(SmallTile.Config), gated = await MeasureAsync(SmallTile.Config with { Rtl = SmallTile.Config.Rtl with { ClockGating = true } });
        gated.Netlist.ClockPins.ShouldBeLessThan(0.95 * plain.Netlist.ClockPins);
        (gated.RegistersByLibrary.ClockPins / gated.Netlist.ClockPins).ShouldBe(1, 0.1);
        gated.Check.ShouldNotBeNull().ReDy.Total.ShouldBe(gated.Check.OpenSta.Total, 0.05 * gated.Check.OpenSta.Total, PowerText.Of(gated));
        PowerText.Compare([plain, gated]).ShouldContain("clock gating on");
    }

    [Fact]
    public async Task The_result_names_configuration_and_seed_and_spells_for_programs()
    {
        TileConfig variant = SmallTile.Config with { Precision = SmallTile.Config.Precision with { Policy = PrecisionPolicy.Lossless } };
        await MeasureAsync(variant);
        File.ReadAllText(folder.File("run/tile.yaml")).ShouldBe(TileConfigWriter.Write(variant));
        string json = File.ReadAllText(folder.File("run/result.json"));
        json.ShouldContain("\"policy\": \"lossless\"");
        json.ShouldContain("\"seed\": 1");
        json.ShouldContain("\"redy\": {");
        json.ShouldNotContain("re_dy");
        File.ReadAllLines(folder.File("run/opensta_activity.txt")).Length.ShouldBeLessThan(100, "macros alone, not every cell");
    }

    [Fact]
    public async Task A_layer_of_several_passes_is_refused_before_anything_is_mapped()
    {
        var geometry = new TileGeometry(SmallTile.Config);
        var layer = new StreamedLayer(new Matrix<int>(geometry.CapacityRows + 1, 1), new Matrix<ushort>(1, geometry.CapacityRows + 1), null);
        (await Should.ThrowAsync<InputException>(() => RunAsync(SmallTile.Config, layer))).Message.ShouldContain("take 2 passes through this tile, which holds 4 x ");
        Directory.Exists(folder.File("run")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_netlist_that_is_not_the_tile_is_a_mismatch_told_with_the_command_that_repeats_it()
    {
        // A gate of the mapped netlist becomes another one.
        var cache = new ContentCache(folder.File("cache"));
        StreamedLayer layer = StreamedLayer.Draw(new TileGeometry(SmallTile.Config), 8, 1);
        await MappedTile.MakeAsync(SmallTile.Config, HandoffFolder.Generate(SmallTile.Config), StandardCells.Load(), cache);
        string netlist = Directory.GetFiles(folder.File("cache"), "netlist.json", SearchOption.AllDirectories).Single();
        string text = File.ReadAllText(netlist);
        int requantiser = text.IndexOf("\"redy_requantiser\": {", StringComparison.Ordinal), gate = text.IndexOf("\"NAND2X1\"", requantiser, StringComparison.Ordinal);
        File.WriteAllText(netlist, text[..gate] + "\"NOR2X1\" " + text[(gate + "\"NAND2X1\"".Length)..]);

        (PowerResult? result, PowerFailure? failure) = await RunAsync(SmallTile.Config, layer, cache);
        result.ShouldBeNull();
        failure.ShouldNotBeNull().Report.ShouldStartWith("MISMATCH in clock ");
        failure.Report.ShouldContain($"replay:   redy power '{folder.File("run/tile.yaml")}' --vectors 8 --seed 1\n");
        File.Exists(folder.File("run/netlist.v")).ShouldBeTrue();
        File.ReadAllText(folder.File("run/result.json")).ShouldContain("MISMATCH");
    }

    [Fact]
    public async Task Missing_nets_and_registers_that_differ_are_told_and_fail_the_record()
    {
        PowerResult good = await MeasureAsync(SmallTile.Config);
        good.Passed.ShouldBeTrue();
        PowerResult bad = good with
        {
            NetsWithoutActivity = ["requantiser/n7"],
            Registers = good.Registers with { Equal = good.Registers.Equal - 1, Differences = [new ActivityDifference("tile.requantiser.product_q[3]", "transitions", 12, 14)] },
        };
        bad.Passed.ShouldBeFalse();
        string text = PowerText.Of(bad);
        text.ShouldContain("not recorded, counts as still: requantiser/n7");
        text.ShouldContain("tile.requantiser.product_q[3]: 14 transitions in the netlist, 12 in the golden model");
        text.ShouldContain("FAILED");
        PowerText.Of(good).ShouldNotContain("FAILED");
    }

    [Fact]
    public async Task The_total_of_an_OpenSTA_that_takes_activity_stands_beside_the_netlists_without_the_clock_net()
    {
        PowerResult result = await MeasureAsync(SmallTile.Config);
        result.DrivenByPorts.ShouldBePositive();
        double milliwatts = (result.Netlist.Total - result.DrivenByPorts) / result.ClockNanoseconds;
        string text = PowerText.Of(result with { OpenStaRecorded = new OpenStaPower(milliwatts / 2, milliwatts / 2, 0), Check = null });
        text.ShouldMatch("OpenSTA: the recorded activity, without the clock net .* 100.0 % of the first without it");
        text.ShouldContain("compared with OpenSTA 2.0 alone");
    }

    public void Dispose() => folder.Dispose();

    private async Task<PowerResult> MeasureAsync(TileConfig config) =>
        (await RunAsync(config, StreamedLayer.Draw(new TileGeometry(config), 8, 1))).Result.ShouldNotBeNull();

    private async Task<(PowerResult? Result, PowerFailure? Failure)> RunAsync(TileConfig config, StreamedLayer layer, ContentCache? cache = null)
    {
        string path = folder.File("tile.yaml");
        File.WriteAllText(path, TileConfigWriter.Write(SmallTile.Config));
        return await PowerRun.ExecuteAsync(new PowerRequest
        {
            ConfigPath = path,
            Config = config,
            Seed = 1,
            Options = "--vectors 8 --seed 1",
            Cache = cache ?? new ContentCache(),
            Layer = layer,
            Workload = "drawn",
            ClockNanoseconds = 10,
            NodeNanometres = 32,
            OutputPath = folder.File("run"),
        });
    }
}
