namespace ReDy.CostModel.Tests;

public sealed class FormulaTests
{
    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("2 ^ 3 ^ 2", 512)]
    [InlineData("-2 ^ 2", -4)]
    [InlineData("2 ^ -1", 0.5)]
    [InlineData("8 / 4 / 2", 1)]
    [InlineData("10 - 4 - 3", 3)]
    [InlineData("7.395312e-05 * 2", 1.4790624e-4)]
    [InlineData("min(3, max(1, 2)) + ceil(1.2) + floor(1.8) + sqrt(9)", 8)]
    [InlineData("exp(ln(5)) * log10(1000)", 15)]
    [InlineData("3 >= 3", 1)]
    [InlineData("1 + 1 < 2", 0)]
    public void Arithmetic_is_that_of_schoolbooks(string text, double value) =>
        Formula.Parse(text).Evaluate(_ => double.NaN).ShouldBe(value, 1e-12);

    [Fact]
    public void Names_are_resolved_when_it_is_evaluated()
    {
        Formula formula = Formula.Parse("bits * dac.energy + bits");
        formula.Names.ShouldBe(["bits", "dac.energy"]);
        formula.Evaluate(name => name == "bits" ? 3 : 10).ShouldBe(33);
    }

    [Theory]
    [InlineData("", "a number, a name or '(' is expected where the end stands")]
    [InlineData("1 +", "a number, a name or '(' is expected where the end stands")]
    [InlineData("(1", "')' is expected where the end stands")]
    [InlineData("1 2", "an operator or the end is expected where '2' stands")]
    [InlineData("1.2.3", "'1.2.3' is not a number")]
    [InlineData("4mW", "'4mW' is not a number")]
    [InlineData("log(2)", "there is no function 'log'; functions are ceil, exp, floor, ln, log10, max, min, sqrt")]
    [InlineData("max(1)", "max takes 2 arguments, not 1")]
    public void Mistakes_are_told_with_the_word_that_is_wrong(string text, string message) =>
        Should.Throw<FormatException>(() => Formula.Parse(text)).Message.ShouldBe(message);
}
