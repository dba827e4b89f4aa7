using ReDy.Architecture;

namespace ReDy.CostModel.Tests;

public sealed class AreaTests
{
    private static readonly ComponentTable Table = ComponentTables.Default;

    [Fact]
    public void The_analog_part_of_an_ISAAC_IMA_takes_the_published_area()
    {
        // ADC, DAC, S+H, cells, S+A of Table I: 0.0096 + 0.00017 + 0.00004 + 0.0002 + 0.00024 mm2.
        AreaReport report = Isaac("isaac-sar");
        report.Lines.Where(line => line.Component is "adc" or "dac" or "sample_and_hold" or "cell_array" or "shift_and_add").Sum(line => line.PerTile / 12)
            .ShouldBe(10_250, 1);
    }

    [Fact]
    public void A_tile_is_the_sum_of_its_parts()
    {
        AreaReport report = Isaac("isaac-sar");
        report.Tile.ShouldBe(12 * report.Of(HardwareLevel.Ima) + report.Lines.Where(line => line.Level == HardwareLevel.Tile).Sum(line => line.PerInstance), 1e-6);
        report.Of(HardwareLevel.Ima).ShouldBe(8 * report.Of(HardwareLevel.Crossbar) + report.Lines.Where(line => line.Level == HardwareLevel.Ima).Sum(line => line.PerInstance), 1e-6);
    }

    [Fact]
    public void A_static_netlist_s_precision_unit_is_smaller_than_a_statistical_one_s()
    {
        double isaac = Isaac("isaac-sar").ShareOf(ComponentKind.DynamicPrecisionUnit, HardwareLevel.Tile);
        AreaReport redy = Report(new TileConfig(), "isaac-sar");
        isaac.ShouldBeInRange(0.005, 0.03);
        redy.ShareOf(ComponentKind.DynamicPrecisionUnit, HardwareLevel.Tile).ShouldBeGreaterThan(3 * isaac);
    }

    [Fact]
    public void Without_an_area_row_the_component_is_named()
    {
        AreaReport report = Isaac("neurosim-sar");
        report.Unpriced.ShouldBe(["adc", "control"]);
        report.Lines.ShouldNotContain(line => line.Component == "adc");
    }

    [Fact]
    public void Interleaved_converters_take_area_each()
    {
        var fast = new TileConfig { Timing = new TimingConfig { ClockMhz = 2400 } };
        Report(fast, "isaac-sar").Lines.Single(line => line.Component == "adc").PerInstance.ShouldBe(2400, 1e-6);
    }

    private static AreaReport Isaac(string adc) => Report(TilePresets.Config("isaac"), adc);

    private static AreaReport Report(TileConfig config, string adc)
    {
        var geometry = new TileGeometry(config);
        return AreaReport.Of(new CostArithmetic(Table, geometry, 32, Table.AdcModel(adc)), geometry);
    }
}
