using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional;

/// <summary>
/// Raw accumulators to outputs, as the tile's requantiser computes them in 64-bit arithmetic:
/// clamp(floor((y + bias) * multiplier / 2^shift + 1/2) + zero point, 0, 2^outputs.bits - 1), ReLU on y + bias.
/// Half rounds up, also below zero (ONNX rounds half to even).
/// </summary>
public sealed class Requantiser
{
    private readonly long[] biases;
    private readonly long[] multipliers;
    private readonly int[] shifts;
    private readonly long zeroPoint;
    private readonly bool isRectified;
    private readonly int unusedBits;
    private readonly long greatest;

    /// <summary>Checks that every parameter fits its register.</summary>
    public Requantiser(TileGeometry geometry, Requantisation parameters, int outputs)
    {
        (biases, multipliers, shifts) = ([.. parameters.Bias], [.. parameters.Multiplier], [.. parameters.Shift]);
        (zeroPoint, isRectified) = (parameters.ZeroPoint, parameters.Relu);
        unusedBits = 64 - geometry.BiasedBits;
        greatest = (1L << geometry.Config.Outputs.Bits) - 1;

        var problems = new List<string>();
        long biasMaximum = (1L << (geometry.Config.Outputs.BiasBits - 1)) - 1;
        long multiplierMaximum = (1L << geometry.Config.Outputs.MultiplierBits) - 1;
        Check("bias", parameters.Bias, -biasMaximum - 1, biasMaximum, $"outputs.bias_bits = {geometry.Config.Outputs.BiasBits}");
        Check("multiplier", parameters.Multiplier, 0, multiplierMaximum, $"outputs.multiplier_bits = {geometry.Config.Outputs.MultiplierBits}, unsigned");
        Check("shift", [.. parameters.Shift.Select(shift => (long)shift)], 0, TileGeometry.MaximumShift, "the shift register");
        if (parameters.ZeroPoint < 0 || parameters.ZeroPoint > greatest)
            problems.Add($"zero_point {parameters.ZeroPoint} does not fit outputs.bits = {geometry.Config.Outputs.Bits} (0 .. {greatest})");
        if (problems.Count != 0)
            throw new InputException(problems);

        void Check(string name, IReadOnlyList<long> values, long minimum, long maximum, string range)
        {
            if (values.Count != outputs)
            {
                problems.Add($"{name} has {values.Count} values, the weights have {outputs} outputs; give one per output");
                return;
            }

            for (int n = 0; n < values.Count; n++)
            {
                if (values[n] < minimum || values[n] > maximum)
                {
                    problems.Add($"{name}[{n}] = {values[n]} does not fit {range} ({minimum} .. {maximum})");
                    return;
                }
            }
        }
    }

    /// <summary>Outputs of any number of vectors, [M, N].</summary>
    public void Requantise(ReadOnlySpan<long> accumulators, Span<int> outputs)
    {
        for (int first = 0; first < accumulators.Length; first += biases.Length)
        {
            for (int n = 0; n < biases.Length; n++)
                outputs[first + n] = Requantise(accumulators[first + n], n);
        }
    }

    /// <summary>Output <paramref name="n"/> from its accumulator.</summary>
    public int Requantise(long accumulator, int n)
    {
        long biased = checked(accumulator + biases[n]);
        if (biased != biased << unusedBits >> unusedBits)
            throw Exceeding(biased, n);
        if (isRectified && biased < 0)
            biased = 0;
        int shift = shifts[n];
        long half = shift == 0 ? 0 : 1L << (shift - 1);
        long scaled = (biased * multipliers[n] + half) >> shift;
        return (int)Math.Clamp(scaled + zeroPoint, 0, greatest);
    }

    private InputException Exceeding(long biased, int n) => new(
        $"output {n}: y + bias = {biased} exceeds the tile's {64 - unusedBits} bit accumulator; "
        + "so many rows add up only with smaller weights or activations, or with a tile of a larger capacity");
}
