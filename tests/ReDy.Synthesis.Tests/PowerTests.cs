using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Simulation.Activity;
using ReDy.Synthesis.Energy;

namespace ReDy.Synthesis.Tests;

/// <summary>Gate-level energy of a small tile with the real tools.</summary>
public sealed class PowerTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    [Fact]
    public async Task Pricing_agrees_with_OpenSTA_when_every_net_switches_alike()
    {
        PricingCheck check = (await MeasureAsync(SmallTile.Config)).Check;
        (check.ReDy.Switching / check.OpenSta.Switching).ShouldBe(1, 0.01);
        (check.ReDy.Internal / check.OpenSta.Internal).ShouldBe(1, 0.03);
        (check.ReDy.Leakage / check.OpenSta.Leakage).ShouldBe(1, 0.01);
    }

    [Fact]
    public async Task Every_net_is_recorded_and_registers_toggle_as_in_the_golden_model()
    {
        PowerResult result = await MeasureAsync(SmallTile.Config);
        result.NetsWithoutActivity.ShouldBe(0);
        result.Registers.Different.ShouldBe(0);
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
        gated.Check.ReDy.Total.ShouldBe(gated.Check.OpenSta.Total, 0.05 * gated.Check.OpenSta.Total, PowerText.Of(gated));
        PowerText.Compare([plain, gated]).ShouldContain("clock gating on");
    }

    public void Dispose() => folder.Dispose();

    private async Task<PowerResult> MeasureAsync(TileConfig config)
    {
        string path = folder.File("tile.yaml");
        File.WriteAllText(path, TileConfigWriter.Write(config));
        return await PowerRun.ExecuteAsync(new PowerRequest
        {
            ConfigPath = path,
            Config = config,
            Layer = StreamedLayer.Draw(new TileGeometry(config), 8, 1),
            Workload = "drawn",
            ClockNanoseconds = 10,
            Table = ComponentTables.Default,
            NodeNanometres = 32,
            OutputPath = folder.File("run"),
        });
    }
}
