using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;
using ReDy.Reference;

namespace ReDy.GoldenModel.Tests.CycleAccurate;

/// <summary>Rung 2: the cycle-accurate tile delivers what the functional model delivers, and counts the same events.</summary>
public sealed class TileOutputTests
{
    private static readonly TileConfig Tiny = TileConfigs.Tiny;
    private static readonly TileConfig Small = TileConfigs.Small;

    public static TheoryData<string> ConfigNames => [.. Configs.Keys];

    private static readonly Dictionary<string, TileConfig> Configs = new()
    {
        ["tiny"] = Tiny,
        ["several tile rows and columns"] = Small,
        ["odd wordlines"] = Small with { Crossbar = new CrossbarConfig { Wordlines = 7, Bitlines = 19 } },
        ["wordlines beyond a word"] = Small with { Crossbar = new CrossbarConfig { Wordlines = 70, Bitlines = 12 }, Tile = Small.Tile with { StreamBytes = 4 } },
        ["several ADCs that split outputs"] = Small with { Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 24 }, Adc = new AdcConfig { PerCrossbar = 5 } },
        ["ADCs that start within an output"] = Small with { Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 12 }, Adc = new AdcConfig { PerCrossbar = 6 } },
        ["an ADC per bitline"] = Tiny with { Adc = new AdcConfig { PerCrossbar = 16 } },
        ["2-bit DAC"] = Small with { Dac = new DacConfig { Bits = 2 }, Adc = new AdcConfig { Bits = 10 } },
        ["3-bit DAC with a narrow top digit"] = Small with { Dac = new DacConfig { Bits = 3 }, Adc = new AdcConfig { Bits = 10 } },
        ["DAC wider than activations"] = Small with { Activations = new ActivationsConfig { Bits = 2 }, Dac = new DacConfig { Bits = 4 }, Precision = Small.Precision with { MaxDrop = 1 } },
        ["differential weights"] = Small with { Weights = new WeightsConfig { Encoding = WeightEncoding.Differential } },
        ["differential weights, ADC ranges that split pairs"] = Small with { Weights = new WeightsConfig { Bits = 5, Encoding = WeightEncoding.Differential }, Adc = new AdcConfig { PerCrossbar = 4 } },
        ["differential weights, sum statistic"] = Small with
        {
            Weights = new WeightsConfig { Encoding = WeightEncoding.Differential },
            Precision = new PrecisionConfig { Statistic = GroupStatistic.Sum, Thresholds = [100, 200, 400, 800] },
        },
        ["no flips"] = Small with { Weights = new WeightsConfig { Flip = false } },
        ["lsb_shift"] = Small with { Adc = new AdcConfig { Bits = 4, LsbShift = 2 } },
        ["saturating ADC"] = Small with { Adc = new AdcConfig { Bits = 3 } },
        ["ADC latency 3"] = Small with { Timing = new TimingConfig { AdcLatency = 3 } },
        ["ADC latency 4, several ADCs"] = Small with { Timing = new TimingConfig { AdcLatency = 4 }, Adc = new AdcConfig { PerCrossbar = 3 } },
        ["two clocks per conversion"] = Small with { Timing = new TimingConfig { ConvertClocks = 2, AdcLatency = 2 } },
        ["slow settling, slow DPU"] = Small with { Timing = new TimingConfig { SettleClocks = 40, DpuLatency = 3 } },
        ["static"] = Small with { Precision = new PrecisionConfig { Policy = PrecisionPolicy.Static } },
        ["lossless"] = Small with { Precision = new PrecisionConfig { Policy = PrecisionPolicy.Lossless } },
        ["sum statistic, truncating"] = Small with { Precision = new PrecisionConfig { Statistic = GroupStatistic.Sum, Thresholds = [150, 300, 600], MaxDrop = 3, Rounding = DropRounding.Truncate } },
        ["mean of non-zero activations"] = Small with { Precision = new PrecisionConfig { Statistic = GroupStatistic.NonzeroMean, Thresholds = [20, 40, 80, 160, 200], MaxDrop = 5 } },
        ["statistical without drops"] = Small with { Precision = new PrecisionConfig { MaxDrop = 0 } },
        ["16-bit activations on two bytes"] = Small with { Activations = new ActivationsConfig { Bits = 16 }, Precision = new PrecisionConfig { MaxDrop = 9 } },
        ["10-bit activations, 5-bit weights, 3-bit cells"] = Small with { Activations = new ActivationsConfig { Bits = 10 }, Weights = new WeightsConfig { Bits = 5 }, Cell = new CellConfig { Bits = 3 } },
        ["1-bit activations"] = Small with { Activations = new ActivationsConfig { Bits = 1 }, Precision = new PrecisionConfig { MaxDrop = 0 } },
        ["one lane"] = Small with { Ima = Small.Ima with { LoadLanes = 1 } },
        ["whole beats on the load bus"] = Small with { Ima = Small.Ima with { LoadLanes = 8 } },
        ["narrow buffer and queue"] = Small with { Crossbar = new CrossbarConfig { Wordlines = 32, Bitlines = 16 }, Tile = Small.Tile with { BufferKib = 1, VectorQueue = 1, OutputFifo = 1 } },
    };

    [Theory]
    [MemberData(nameof(ConfigNames))]
    public void Outputs_and_events_equal_the_functional_models(string name) => CompareWithFunctionalModel(Configs[name], stallSeed: null);

    [Theory]
    [MemberData(nameof(ConfigNames))]
    public void Outputs_and_events_do_not_depend_on_stalls(string name) => CompareWithFunctionalModel(Configs[name], stallSeed: 5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Random_configurations_equal_the_functional_model(ulong seed) =>
        CompareWithFunctionalModel(RandomTileConfigs.FromSeed(seed, 6000), stallSeed: seed % 2 == 0 ? seed : null);

    [Fact]
    public void An_exact_static_tile_delivers_the_plain_integer_product()
    {
        TileConfig config = Small.WithPolicy(PrecisionPolicy.Static);
        var geometry = new TileGeometry(config);
        var layer = new TileLayer(config, geometry.CapacityRows - 5, geometry.CapacityOutputs - 1, vectors: 4, seed: 1);
        var driver = new TileDriver(config);
        driver.Program(layer.Program);
        driver.Enable();
        for (int m = 0; m < 4; m++)
            driver.Send(layer.Inputs.Row(m));
        driver.RunUntilPackets(4);

        long[] product = PlainIntegerProduct.Multiply(4, layer.Weights.Rows, layer.Weights.Columns, layer.Weights.Values, layer.Inputs.Integers());
        Enumerable.Range(0, 4).SelectMany(driver.RawPacket).ShouldBe(product);
    }

    private static void CompareWithFunctionalModel(TileConfig config, ulong? stallSeed)
    {
        var geometry = new TileGeometry(config);
        (int Rows, int Outputs)[] sizes =
        [
            (geometry.CapacityRows, geometry.CapacityOutputs),
            (Math.Max(1, geometry.CapacityRows - geometry.Wordlines - 3), Math.Max(1, geometry.CapacityOutputs - 1)),
            (1, 1),
        ];
        OperandClass[] classes = [OperandClass.Uniform, OperandClass.Sparse, OperandClass.WorstCaseBitlines];
        for (int i = 0; i < sizes.Length; i++)
        {
            (int rows, int outputs) = sizes[i];
            var layer = new TileLayer(config, rows, outputs, vectors: 6, seed: 11, weights: classes[i], inputs: classes[(i + 1) % 3]);
            var driver = new TileDriver(config, stallSeed);
            driver.Program(layer.Program);
            driver.Enable();
            for (int m = 0; m < layer.Inputs.Rows; m++)
                driver.Send(layer.Inputs.Row(m));
            driver.RunUntilPackets(layer.Inputs.Rows);
            driver.Run(30);

            for (int m = 0; m < layer.Inputs.Rows; m++)
                driver.RawPacket(m).ShouldBe(layer.Accumulators(m), $"vector {m}");
            driver.Tile.Events.ShouldBe(layer.Expected.Events);
            CompareCounters(driver, layer.Expected.Events);
            driver.Read(RegisterMap.Error).ShouldBe(0u);
            driver.Read(RegisterMap.Status).ShouldBe(1u);
        }
    }

    private static void CompareCounters(TileDriver driver, EventCounts events)
    {
        driver.Write(RegisterMap.CounterCommand, 1);
        Check(TileCounter.Vectors, events.Vectors);
        Check(TileCounter.Steps, events.CrossbarSteps);
        Check(TileCounter.Conversions, events.Conversions);
        Check(TileCounter.PlanesStreamed, events.StepsStreamed);
        Check(TileCounter.PlanesSkipped, events.StepsSkipped);
        Check(TileCounter.Saturations, events.Saturations);

        void Check(TileCounter counter, long count)
        {
            int bits = driver.Geometry.Config.Rtl.CounterBits;
            driver.ReadCounter(counter).ShouldBe(bits == 64 ? (ulong)count : (ulong)count % (1UL << bits), $"{counter}");
        }
    }
}
