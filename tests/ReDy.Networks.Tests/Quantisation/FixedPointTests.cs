using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Tests.Quantisation;

public sealed class FixedPointTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(0.0003)]
    [InlineData(0.99999999)]
    [InlineData(123.456)]
    [InlineData(1e-12)]
    public void A_factor_is_met_to_half_a_unit_of_the_multiplier(double factor)
    {
        FixedPoint point = FixedPoint.Of(factor, 16, 62)!.Value;
        point.Multiplier.ShouldBeInRange(1 << 15, (1 << 16) - 1);
        (point.Multiplier / Math.Pow(2, point.Shift) / factor).ShouldBe(1, 1.0 / (1 << 16));
    }

    [Fact]
    public void A_factor_too_large_for_the_multiplier_is_refused() => FixedPoint.Of(65536.0, 16, 62).ShouldBeNull();

    [Fact]
    public void A_factor_too_small_for_the_shift_keeps_the_bits_that_are_left() => FixedPoint.Of(Math.ScaleB(1, -60), 16, 62).ShouldBe(new FixedPoint(4, 62));

    [Theory]
    [InlineData(3, 2)]
    [InlineData(1, 1)]
    [InlineData(-1, 0)]
    [InlineData(-3, -1)]
    public void Halves_round_up_also_below_zero(long value, long expected) => new FixedPoint(1, 1).Apply(value).ShouldBe(expected);
}
