using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Tests.Functional;

public sealed class FunctionalMvmTests
{
    private static readonly TileConfig Small = new()
    {
        Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 16 },
        Precision = new PrecisionConfig { Policy = PrecisionPolicy.Static },
    };

    [Fact]
    public void A_stuck_cell_changes_the_output_by_its_slice_and_activation()
    {
        var geometry = new TileGeometry(Small);
        Matrix<int> weights = Operands.Weights(geometry, 8, 1, OperandClass.Uniform, 3);
        Matrix<ushort> inputs = new(1, 8, [1, 20, 3, 4, 5, 6, 7, 8]);
        MappedLayer layer = new CrossbarMapper(geometry).Map(weights);
        CrossbarImage image = layer.Images[0];
        const int row = 1, slice = 2;
        byte[] codes = [.. image.Codes];
        int before = codes[row * image.Bitlines + slice];
        int after = codes[row * image.Bitlines + slice] = (byte)(before ^ 1);
        MappedLayer stuck = layer with { Images = [image with { Codes = codes }] };

        long healthy = new FunctionalMvm(geometry, layer).Multiply(inputs).Outputs[0];
        long faulty = new FunctionalMvm(geometry, stuck).Multiply(inputs).Outputs[0];
        (faulty - healthy).ShouldBe((image.Flips[slice] ? before - after : after - before) * 20L << (2 * slice));
    }

    [Fact]
    public void A_group_of_zeros_streams_nothing_converts_nothing_and_still_delivers_zero()
    {
        var geometry = new TileGeometry(Small with { Precision = new PrecisionConfig { Policy = PrecisionPolicy.Lossless } });
        Matrix<int> weights = Operands.Weights(geometry, 16, 3, OperandClass.AllOnes, 1);
        FunctionalResult result = new FunctionalMvm(geometry, new CrossbarMapper(geometry).Map(weights)).Multiply(new Matrix<ushort>(1, 16));
        result.Outputs.ShouldBe([0, 0, 0]);
        result.Planes.ShouldBe([0, 0]);
        result.Events.ShouldBe(new EventCounts { Vectors = 1, Groups = 2, StepsSkipped = 16, DropHistogram = [2] });
    }

    [Fact]
    public void A_narrow_ADC_saturates_and_counts_it()
    {
        var geometry = new TileGeometry(Small with
        {
            Adc = new AdcConfig { Bits = 3 },
            Weights = new WeightsConfig { Flip = false },
        });
        Matrix<int> weights = Operands.Weights(geometry, 8, 1, OperandClass.AllOnes, 1);
        FunctionalResult result = new FunctionalMvm(geometry, new CrossbarMapper(geometry).Map(weights))
            .Multiply(new Matrix<ushort>(1, 8, [1, 1, 1, 1, 1, 1, 1, 1]));
        result.Events.Saturations.ShouldBe(4);
        result.Outputs.ShouldBe([7 * (1 + 4 + 16 + 64) - 128 * 8]);
    }

    [Fact]
    public void A_layer_policy_beyond_the_netlists_acts_as_the_netlists()
    {
        var geometry = new TileGeometry(Small);
        Matrix<int> weights = Operands.Weights(geometry, 8, 1, OperandClass.Uniform, 1);
        MappedLayer layer = new CrossbarMapper(geometry).Map(weights, PrecisionPolicy.Statistical);
        new FunctionalMvm(geometry, layer).Multiply(new Matrix<ushort>(1, 8)).Planes.ShouldBe([8]);
    }

    [Theory]
    [InlineData(15, 0)]
    [InlineData(16, 1)]
    [InlineData(31, 1)]
    [InlineData(32, 2)]
    [InlineData(64, 3)]
    [InlineData(255, 4)]
    public void The_default_thresholds_drop_while_the_dropped_weight_is_at_most_an_eighth_of_the_maximum(int maximum, int drop)
    {
        var geometry = new TileGeometry(new TileConfig());
        ushort[] group = [0, 3, (ushort)maximum];
        new GroupPrecision(geometry, PrecisionPolicy.Statistical).Decide(group, new ushort[3], [.. geometry.Thresholds]).Drop.ShouldBe(drop);
    }

    [Fact]
    public void Rounding_to_nearest_carries_and_saturates_at_the_largest_multiple()
    {
        var geometry = new TileGeometry(new TileConfig());
        ushort[] group = [0, 7, 8, 24, 247, 248, 255];
        ushort[] rounded = new ushort[group.Length];
        GroupDecision decision = new GroupPrecision(geometry, PrecisionPolicy.Statistical).Decide(group, rounded, [1, 1, 1, 1]);
        rounded.ShouldBe([0, 0, 16, 32, 240, 240, 240]);
        decision.ShouldBe(new GroupDecision(4, 0b1111_0000, 0b1111_0000, 768));
    }
}
