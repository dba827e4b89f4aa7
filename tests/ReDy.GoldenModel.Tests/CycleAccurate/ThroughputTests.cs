using ReDy.Architecture;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Tests.CycleAccurate;

/// <summary>The clocks that docs/timing.md, section Throughput, promises.</summary>
public sealed class ThroughputTests
{
    private static readonly TileConfig Wide = TileConfigs.Small with
    {
        Crossbar = new CrossbarConfig { Wordlines = 32, Bitlines = 16 },
        Ima = TileConfigs.Small.Ima with { LoadLanes = 4 },
        Tile = TileConfigs.Small.Tile with { StreamBytes = 32, BufferKib = 8, VectorQueue = 16 },
    };

    private static readonly Dictionary<string, (TileConfig Config, int Rows, int Outputs)> Cases = new()
    {
        ["stream-bound"] = (Wide, 128, 16),
        ["load-bound, one tile row"] = (Wide with { Adc = new AdcConfig { PerCrossbar = 16 }, Tile = Wide.Tile with { Rows = 1 } }, 64, 3),
        ["load-bound, two tile rows"] = (Wide with { Adc = new AdcConfig { PerCrossbar = 16 } }, 128, 3),
        ["load-bound, half of the rows"] = (Wide with { Adc = new AdcConfig { PerCrossbar = 16 } }, 70, 2),
        ["output-bound"] = (Wide with { Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 64 }, Adc = new AdcConfig { PerCrossbar = 64 } }, 32, 64),
        ["few outputs of a crossbar"] = (Wide, 128, 2),
        ["slow settling"] = (Wide with { Timing = new TimingConfig { SettleClocks = 23 } }, 128, 16),
        ["slow conversions, long latencies"] = (Wide with { Timing = new TimingConfig { ConvertClocks = 3, AdcLatency = 4, DpuLatency = 4 } }, 128, 16),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Vectors_leave_a_static_tile_at_the_distance_of_the_tightest_bound(string name)
    {
        (TileConfig config, int rows, int outputs) = Cases[name];
        TileLayer layer = new(config.WithPolicy(PrecisionPolicy.Static), rows, outputs, vectors: 24, seed: 1);
        TileDriver driver = Run(layer);

        int expected = new VectorPipeline(layer.Geometry, rows, outputs).StaticClocksPerVector;
        for (int m = 12; m < 24; m++)
            (driver.PacketClocks[m] - driver.PacketClocks[m - 1]).ShouldBe(expected, $"vector {m}");
    }

    [Theory]
    [InlineData("stream-bound")]
    [InlineData("output-bound")]
    [InlineData("slow conversions, long latencies")]
    public void Full_vectors_take_the_clocks_that_the_geometry_states(string name)
    {
        var geometry = new TileGeometry(Cases[name].Config);
        new VectorPipeline(geometry, geometry.CapacityRows, geometry.CapacityOutputs).StaticClocksPerVector
            .ShouldBe(Math.Max(geometry.LoadClocks, Math.Max(geometry.ComputeClocks, geometry.OutputClocks)));
    }

    [Fact]
    public void Loading_a_full_vector_takes_the_clocks_that_the_geometry_states()
    {
        TileConfig config = Wide with { Adc = new AdcConfig { PerCrossbar = 16 } };
        var geometry = new TileGeometry(config);
        geometry.LoadClocks.ShouldBeGreaterThan(geometry.ComputeClocks);
        new VectorPipeline(geometry, geometry.CapacityRows, 1).StaticClocksPerVector.ShouldBe(geometry.LoadClocks);
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Every_vector_leaves_a_lossless_tile_in_the_clock_that_the_recurrence_predicts(string name)
    {
        (TileConfig config, int rows, int outputs) = Cases[name];
        TileLayer layer = new(config.WithPolicy(PrecisionPolicy.Lossless), rows, outputs, vectors: 40, seed: 2, inputs: OperandClass.Sparse);
        layer.Expected.Planes.Distinct().Count().ShouldBeGreaterThan(1);
        TileDriver driver = Run(layer);

        var pipeline = new VectorPipeline(layer.Geometry, rows, outputs);
        int groups = layer.Expected.Planes.Length / 40;
        for (int m = 0; m < 40; m++)
        {
            long leaves = pipeline.Next(driver.AcceptedClocks[m], layer.Expected.Planes.AsSpan(m * groups, groups));
            driver.PacketClocks[m].ShouldBe(leaves, $"vector {m}");
        }
    }

    private static TileDriver Run(TileLayer layer)
    {
        var driver = new TileDriver(layer.Geometry.Config);
        driver.Program(layer.Program);
        driver.Enable();
        for (int m = 0; m < layer.Inputs.Rows; m++)
            driver.Send(layer.Inputs.Row(m));
        driver.RunUntilPackets(layer.Inputs.Rows);
        return driver;
    }
}
