using ReDy.Architecture;

namespace ReDy.CostModel.Tests;

/// <summary>The rows give back what their sources publish.</summary>
public sealed class PublishedFiguresTests
{
    public static TheoryData<string> TotalNames => [.. ComponentTables.Default.Totals.Select(total => total.Name)];

    [Theory]
    [MemberData(nameof(TotalNames))]
    public void Published_totals_close_at_full_load(string name)
    {
        PublishedTotal total = ComponentTables.Default.Totals.Single(total => total.Name == name);
        Isaac().Resolve(name).ShouldBe(total.Published, total.Tolerance);
    }

    [Fact]
    public void The_totals_are_those_of_ISAAC_s_table() =>
        ComponentTables.Default.Totals.ToDictionary(total => total.Name, total => total.Published).ShouldBe(new Dictionary<string, double>
        {
            ["ima_power"] = 24.08,
            ["tile_power"] = 330,
            ["chip_power"] = 65.8,
            ["ima_area"] = 0.01312,
            ["tile_area"] = 0.372,
            ["chip_area"] = 85.4,
            ["peak_efficiency"] = 627.5,
        }, ignoreOrder: true);

    /// <summary>576 x 64 weights, 784 vectors, 8 bits in 2-bit cells, every bit streamed: 5 x 256 columns x 8 x 784 conversions.</summary>
    [Theory]
    [InlineData("adc", 5L * 256 * 8 * 784, 12.5)]
    [InlineData("shift_and_add", 5L * 256 * 8 * 784, 0.16)]
    [InlineData("cell_array", 576L * 256 * 8 * 784, 1.7)]
    [InlineData("dac", 576L * 2 * 8 * 784, 2.8)]
    public void The_worked_layer_costs_what_was_worked_out_by_hand(string component, long events, double microjoules)
    {
        EnergyReport report = WorkedLayer();
        EnergyLine line = report.Lines.Where(line => line.Component == component).ShouldHaveSingleItem();
        line.Count.ShouldBe(events);
        (line.Picojoules / 1e6).ShouldBe(microjoules, microjoules * 0.03);
    }

    [Fact]
    public void The_worked_layer_s_analog_part_takes_17_microjoules_and_the_ADC_73_percent_of_it()
    {
        EnergyReport report = WorkedLayer();
        double analog = new[] { "adc", "dac", "sample_and_hold", "cell_array", "shift_and_add" }.Sum(report.Of) / 1e6;
        analog.ShouldBe(17.2, 0.1);
        (report.Of("adc") / 1e6 / analog).ShouldBe(0.73, 0.005);
        (analog * 1e6 / report.Run.EightBitMacs).ShouldBe(0.60, 0.005);
    }

    [Fact]
    public void Arrays_charged_by_crossbar_reads_cost_30_picojoules_per_step()
    {
        ComponentTable table = ComponentTables.Parse(
            """
            components:
              cell_array:
                energy:
                  crossbar_reads: {value: 30, unit: pJ, node: 32, source: isaac, arithmetic: "0.30 mW x 100 ns"}
            """, "mine.yaml");
        EnergyLine line = Worked.Price(table).Lines.Where(line => line.Component == "cell_array").ShouldHaveSingleItem();
        line.Count.ShouldBe(62_720);
        (line.Picojoules / 1e6).ShouldBe(1.88, 0.005);
    }

    [Theory]
    [InlineData("isaac-sar", 1.28, new[] { 0.786, 0.988, 1.196, 1.418, 1.667, 1.969, 2.379 }, 1.5625 / 1.667)]
    [InlineData("survey-fit", 1.28, new[] { 0.92, 0.94, 1.07, 1.31, 1.93, 5.53, 16.4 }, 1)]
    public void ADC_models_give_the_energies_of_4_to_10_bits(string model, double gigasamples, double[] picojoules, double factor)
    {
        for (int bits = 4; bits <= 10; bits++)
        {
            CostArithmetic arithmetic = Adc(model, bits, gigasamples);
            double energy = arithmetic.Of(arithmetic.Adc!.Rows.Energy["conversions"]).Value;
            energy.ShouldBe(picojoules[bits - 4] * factor, picojoules[bits - 4] * 0.006, $"{bits} bits");
        }
    }

    [Fact]
    public void The_ISAAC_ADC_s_area_follows_its_resolution()
    {
        int[] areas = [361, 477, 627, 845, 1200, 1828, 3002];
        for (int bits = 4; bits <= 10; bits++)
        {
            CostArithmetic arithmetic = Adc("isaac-sar", bits, 1.28);
            arithmetic.Of(arithmetic.Adc!.Rows.Area["adc"]).Value.ShouldBe(areas[bits - 4], 1, $"{bits} bits");
        }
    }

    [Theory]
    [InlineData(10_000, 0.234)]
    [InlineData(1_000, 0.89)]
    public void The_NeuroSim_ADC_costs_more_on_columns_of_less_resistance(int ohms, double picojoules)
    {
        ComponentTable table = ComponentTables.Parse(
            $$$"""constants: {neurosim_column_resistance: {value: {{{ohms}}}, unit: ohm, node: any, source: assumption, arithmetic: "mine"}}""", "mine.yaml");
        var arithmetic = new CostArithmetic(table, new TileGeometry(new TileConfig()), 32, table.AdcModel("neurosim-sar"));
        arithmetic.Of(arithmetic.Adc!.Rows.Energy["conversions"]).Value.ShouldBe(picojoules, 0.002);
    }

    [Fact]
    public void The_worked_layer_under_the_NeuroSim_ADC_is_several_times_cheaper()
    {
        ComponentTable table = ComponentTables.Default;
        double conversions = Worked.Price(table, "neurosim-sar").Of("adc") / 1e6;
        conversions.ShouldBe(8.03 * 0.234, 0.02);
        (WorkedLayer().Of("adc") / 1e6 / conversions).ShouldBeInRange(6, 7);
    }

    private static EnergyReport WorkedLayer() => Worked.Price(ComponentTables.Default);

    private static CostArithmetic Isaac() => new(ComponentTables.Default, new TileGeometry(TilePresets.Config("isaac")), 32);

    private static CostArithmetic Adc(string model, int bits, double gigasamples)
    {
        var config = new TileConfig { Adc = new AdcConfig { Bits = bits }, Timing = new TimingConfig { ClockMhz = (int)(gigasamples * 1000) } };
        return new CostArithmetic(ComponentTables.Default, new TileGeometry(config), 32, ComponentTables.Default.AdcModel(model));
    }
}
