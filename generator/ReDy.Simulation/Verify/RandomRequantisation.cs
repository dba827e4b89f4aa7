using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <summary>Requantisation parameters that spread outputs over their range, clip some and exercise the rounding.</summary>
public static class RandomRequantisation
{
    /// <summary>For <paramref name="outputs"/> outputs of a layer with <paramref name="rows"/> rows.</summary>
    public static Requantisation Draw(TileGeometry geometry, int rows, int outputs, SeededRandom random)
    {
        int outputBits = geometry.Config.Outputs.Bits;
        var multipliers = new long[outputs];
        var shifts = new int[outputs];
        for (int n = 0; n < outputs; n++)
        {
            multipliers[n] = random.OneIn(16) ? 0 : random.BetweenOctaves(1, (int)Math.Min(int.MaxValue, (1L << geometry.Config.Outputs.MultiplierBits) - 1));

            // Typical results of random operands grow with the square root of the rows.
            double typical = Math.Sqrt(rows) * geometry.WeightMagnitude * geometry.ActivationMaximum / 4.0 * Math.Max(1, multipliers[n]);
            int shift = (int)Math.Ceiling(Math.Log2(Math.Max(1, typical))) - outputBits + random.Between(-1, 2);
            shifts[n] = random.OneIn(16) ? random.Between(0, TileGeometry.MaximumShift) : Math.Clamp(shift, 0, TileGeometry.MaximumShift);
        }

        return new Requantisation
        {
            Bias = Biases(geometry, outputs, random),
            Multiplier = multipliers,
            Shift = shifts,
            ZeroPoint = random.OneIn(2) ? 0 : random.Below(1 << outputBits),
            Relu = random.OneIn(2),
        };
    }

    /// <summary>Biases of every magnitude that the register holds.</summary>
    public static long[] Biases(TileGeometry geometry, int outputs, SeededRandom random)
    {
        int bits = geometry.Config.Outputs.BiasBits;
        var biases = new long[outputs];
        foreach (ref long bias in biases.AsSpan())
            bias = (long)random.NextUInt64() >> (64 - bits + random.Below(bits));
        return biases;
    }
}
