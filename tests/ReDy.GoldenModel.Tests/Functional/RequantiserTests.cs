using ReDy.Architecture;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Tests.Functional;

public sealed class RequantiserTests
{
    private static readonly TileGeometry Geometry = new(new TileConfig());

    [Theory]
    [InlineData(5, 103)]
    [InlineData(-5, 98)]
    [InlineData(-7, 97)]
    [InlineData(7, 104)]
    public void Half_rounds_up_below_zero_too(int accumulator, int expected) =>
        Create(multiplier: 1, shift: 1, zeroPoint: 100).Requantise(accumulator, 0).ShouldBe(expected);

    [Fact]
    public void Relu_acts_on_the_biased_accumulator_before_scaling()
    {
        Create(bias: -10, multiplier: 1, shift: 0, zeroPoint: 7, relu: true).Requantise(9, 0).ShouldBe(7);
        Create(bias: -10, multiplier: 1, shift: 0, zeroPoint: 7, relu: false).Requantise(9, 0).ShouldBe(6);
    }

    [Theory]
    [InlineData(1_000_000, 255)]
    [InlineData(-1_000_000, 0)]
    public void Outputs_saturate(int accumulator, int expected) =>
        Create(multiplier: 1, shift: 2, zeroPoint: 128).Requantise(accumulator, 0).ShouldBe(expected);

    [Fact]
    public void The_widest_product_is_exact()
    {
        long greatest = (1L << (Geometry.BiasedBits - 1)) - 1 - 5;
        Create(bias: 5, multiplier: 65535, shift: 62, zeroPoint: 1).Requantise(greatest, 0).ShouldBe(1);
        Create(bias: 5, multiplier: 65535, shift: Geometry.BiasedBits + 8, zeroPoint: 0).Requantise(greatest, 0).ShouldBe(128);
    }

    [Fact]
    public void Accumulators_beyond_the_tiles_width_are_refused()
    {
        long tooLarge = 1L << (Geometry.BiasedBits - 1);
        Should.Throw<InputException>(() => Create(multiplier: 1, shift: 0).Requantise(tooLarge, 0)).Message.ShouldStartWith(
            $"output 0: y + bias = {tooLarge} exceeds the tile's {Geometry.BiasedBits} bit accumulator");
    }

    private static Requantiser Create(long bias = 0, long multiplier = 1, int shift = 0, int zeroPoint = 0, bool relu = false) =>
        new(Geometry, new Requantisation { Bias = [bias], Multiplier = [multiplier], Shift = [shift], ZeroPoint = zeroPoint, Relu = relu }, 1);
}
