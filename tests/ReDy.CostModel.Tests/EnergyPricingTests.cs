using ReDy.Architecture;

namespace ReDy.CostModel.Tests;

public sealed class EnergyPricingTests
{
    private static readonly ComponentTable Table = ComponentTables.Default;

    [Fact]
    public void Every_component_of_the_tile_has_one_pricing()
    {
        foreach (PricedRun run in new[] { Worked.Run(), WithActivity() })
        {
            EnergyReport report = EnergyPricing.Price(new CostArithmetic(Table, run.Geometry, 32), run);
            foreach (IGrouping<string, EnergyLine> component in report.Lines.GroupBy(line => line.Component))
                component.Select(line => line.Pricing).Distinct().Count().ShouldBe(1, component.Key);
        }
    }

    [Fact]
    public void Measured_pricing_leaves_hard_macros_to_their_rows()
    {
        EnergyReport report = EnergyPricing.Price(new CostArithmetic(Table, Worked.Geometry, 32), WithActivity());
        report.Lines.Where(line => line.Pricing == Pricing.Published).Select(line => line.Component).Distinct()
            .ShouldBe(["adc", "dac", "sample_and_hold", "cell_array", "activation_buffer", "bias_memory", "scale_memory"]);
    }

    [Fact]
    public void Measured_energy_is_toggles_and_clock_pins_times_those_of_a_flip_flop_scaled_to_all_clocks()
    {
        EnergyReport report = EnergyPricing.Price(new CostArithmetic(Table, Worked.Geometry, 40), WithActivity());

        // A register of 2 bits: 5 toggles, 100 clock edges at each bit; 100 of 784 x 1,024 clocks were simulated.
        report.Of("output_packer").ShouldBe((200 * 7.936518e-3 + 5 * 1.062977e-3 / 0.5) * 784 * 1024 / 100, 1e-6);

        // A memory of 4 words of 3 bits, clocked by its gate 7 times, written 7 times.
        report.Of("input_register").ShouldBe((4 * 3 * 7 * 7.936518e-3 + 7 * 3 * 1.062977e-3) * 784 * 1024 / 100, 1e-6);
    }

    [Fact]
    public void An_ADC_model_outside_its_domain_says_so()
    {
        var geometry = new TileGeometry(new TileConfig { Adc = new AdcConfig { Bits = 3 } });
        EnergyPricing.OutsideDomain(new CostArithmetic(Table, geometry, 32, Table.AdcModel("survey-fit")))
            .ShouldBe("survey-fit holds for adc_bits >= 4 only: the survey has no converters below 4 bits to fit; price such an ADC with another model");
        EnergyPricing.OutsideDomain(new CostArithmetic(Table, geometry, 32, Table.AdcModel("isaac-sar"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("isaac-sar", 1200, 1, 1)]
    [InlineData("isaac-sar", 1300, 1, 2)]
    [InlineData("neurosim-sar", 1200, 1, 11)]
    [InlineData("neurosim-sar", 1000, 9, 1)]
    [InlineData("survey-fit", 10000, 1, 1)]
    public void An_ADC_that_is_too_slow_is_interleaved(string model, int clockMhz, int convertClocks, int converters)
    {
        var config = new TileConfig { Timing = new TimingConfig { ClockMhz = clockMhz, ConvertClocks = convertClocks } };
        new CostArithmetic(Table, new TileGeometry(config), 32, Table.AdcModel(model)).InterleavedAdcs.ShouldBe(converters);
    }

    [Fact]
    public void Power_and_efficiency_follow_from_energy_clocks_and_products()
    {
        EnergyReport report = Worked.Price(Table);
        double seconds = 784 * 1024 / 1.2e9;
        report.Milliwatts.ShouldBe(report.Picojoules * 1e-12 / seconds * 1e3, 1e-9);
        report.PicojoulesPerMac.ShouldBe(report.Picojoules / (576.0 * 64 * 784), 1e-12);
        report.TeraOperationsPerWatt.ShouldBe(2 / report.PicojoulesPerMac, 1e-9);
        report.PicojoulesPerVector.ShouldBe(report.Picojoules / 784, 1e-9);
    }

    [Fact]
    public void MACs_are_counted_as_8_bit_ones_whatever_the_widths()
    {
        var geometry = new TileGeometry(new TileConfig { Weights = new WeightsConfig { Bits = 4 }, Activations = new ActivationsConfig { Bits = 4 } });
        new PricedRun(geometry, new LayerShape(10, 10, true), 4, new Dictionary<ChargedEvent, EventTotal>(), 1).EightBitMacs.ShouldBe(100);
    }

    [Fact]
    public void Logic_scales_between_nodes_and_the_analog_part_does_not()
    {
        var at32 = new CostArithmetic(Table, Worked.Geometry, 32);
        var at16 = new CostArithmetic(Table, Worked.Geometry, 16);
        CostRow flipFlop = Table.Rows("flip_flop").Energy["toggles"], dac = Table.Rows("dac").Energy["dac_drives"];

        // 0.8367*0.81 - 0.4341*0.9 + 0.1701 = 0.457137 at 32 nm, 0.8612 at 45 nm, 40 nm at 8/13 between them; 0.2958*0.7225 - 0.1241*0.85 + 0.03024 at 16 nm.
        double at40Nanometres = 0.457137 + (0.8612 - 0.457137) * 8 / 13;
        at32.Of(flipFlop).ScaledBy.ShouldBe(0.457137 / at40Nanometres, 1e-6);
        at16.Of(flipFlop).ScaledBy.ShouldBe(0.1384705 / at40Nanometres, 1e-6);
        at16.Of(dac).ShouldBe(at32.Of(dac));
    }

    [Fact]
    public void Conversions_and_loading_follow_the_passes_of_a_layer_that_exceeds_the_tile()
    {
        // 8 wordlines, 16 bitlines = 4 outputs per crossbar, 1 x 2 crossbars: 20 x 10 takes 3 passes along K and 2 along N.
        TileConfig config = TilePresets.Config("tiny");
        var geometry = new TileGeometry(config);
        var layer = new LayerShape(20, 10, Raw: false);
        var counts = new EventCounts { Vectors = 1, Groups = 3, StepsStreamed = 24, CrossbarSteps = 72, Conversions = 24 * 40, DacDrives = 8 * 20 * 3 };
        IReadOnlyDictionary<ChargedEvent, EventTotal> events = LayerEvents.Of(geometry, layer, counts, emptyGroups: 1);

        events[ChargedEvent.CellReads].Count.ShouldBe(8 * 20 * 40);
        events[ChargedEvent.BusTransfers].Bits.ShouldBe(3 * 2 * 64);
        events[ChargedEvent.InputWrites].Bits.ShouldBe(3 * 2 * 64);
        events[ChargedEvent.InputReads].Bits.ShouldBe(24 * 2 * 8);
        events[ChargedEvent.ResultWrites].Count.ShouldBe(2 * 10);
        events[ChargedEvent.Requantisations].Count.ShouldBe(3 * 10);
        events[ChargedEvent.Decisions].Count.ShouldBe(3 * 2);

        // Raw partial sums leave twice for 8 and for 2 outputs, requantised bytes once.
        events[ChargedEvent.OutputBeats].Count.ShouldBe(2 * (1 + 1) + 1 + 1);
    }

    private static PricedRun WithActivity() => Worked.Run() with
    {
        ActivityVectors = 8,
        Activity = new TileActivity
        {
            Clocks = 100,
            Registers = [new SignalActivity("tile.output_packer.fill_q", [2, 1], [1, 1], 100)],
            Ports = [],
            Memories = [new MemoryActivity("tile.g_row[0].g_column[0].ima.g_row_block[0].input_register.words", 4, 3, 7)],
            Events = [new EventActivity("tile.g_row[0].g_column[0].ima.g_row_block[0].input_register", "words_writes", 7, 3)],
        },
    };
}
