using ReDy.Architecture;

namespace ReDy.GoldenModel.Tests.Mapping;

public sealed class RandomTileConfigsTests
{
    [Fact]
    public void Every_key_that_shapes_the_hardware_is_a_dimension() =>
        RandomTileConfigs.Dimensions.Select(dimension => dimension.Name).Order(StringComparer.Ordinal).ShouldBe(
            TileParameters.All.Select(parameter => parameter.Key).Except(["timing.clock_mhz", "rtl.prefix"]).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(64)]
    [InlineData(1 << 12)]
    [InlineData(1 << 18)]
    public void Configurations_are_legal_within_their_cells_and_repeat_from_their_seed(long maxCells)
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            TileConfig config = RandomTileConfigs.FromSeed(seed, maxCells);
            TileConfigRules.Violations(config).ShouldBeEmpty();
            new TileGeometry(config).Cells.ShouldBeLessThanOrEqualTo(maxCells);
            RandomTileConfigs.FromSeed(seed, maxCells).ToString().ShouldBe(config.ToString());
        }
    }

    [Fact]
    public void Every_kind_of_behaviour_occurs()
    {
        TileConfig[] configs = [.. Enumerable.Range(0, 1000).Select(seed => RandomTileConfigs.FromSeed((ulong)seed, 1 << 16))];
        TileGeometry[] geometries = [.. configs.Select(config => new TileGeometry(config))];
        configs.ShouldContain(c => c.Crossbar.Wordlines % 2 == 1);
        configs.ShouldContain(c => c.Weights.Encoding == WeightEncoding.Differential && c.Adc.PerCrossbar > 1);
        configs.ShouldContain(c => c.Adc.LsbShift > 0);
        configs.ShouldContain(c => c.Activations.Bits == 16 && c.Dac.Bits == 3);
        configs.ShouldContain(c => c.Activations.Bits == 1);
        configs.ShouldContain(c => c.Precision.Policy == PrecisionPolicy.Statistical && c.Precision.MaxDrop == 0);
        geometries.ShouldContain(g => g.SaturationPossible);
        geometries.ShouldContain(g => g.Exact && g.Flip);
        geometries.ShouldContain(g => g.UsedBitlines < g.Config.Crossbar.Bitlines);
        geometries.ShouldContain(g => g.Config.Adc.PerCrossbar > 1 && g.BitlinesPerAdc % g.BitlinesPerOutput != 0);
        geometries.ShouldContain(g => g.Imas > 1 && g.CrossbarsPerIma > 1);
        foreach (ConfigDimension dimension in RandomTileConfigs.Dimensions)
            configs.Select(dimension.Describe).Distinct().Count().ShouldBeGreaterThan(1, dimension.Name);
    }
}
