namespace ReDy.Networks.Quantisation;

/// <summary>A positive real factor as multiplier / 2^shift, as the tile's requantiser applies it.</summary>
public readonly record struct FixedPoint(int Multiplier, int Shift)
{
    /// <summary>The nearest one with a multiplier of <paramref name="bits"/> bits; null if the factor is too large for it.</summary>
    public static FixedPoint? Of(double factor, int bits, int largestShift)
    {
        if (factor <= 0)
            return new FixedPoint(0, 0);
        // factor = fraction * 2^exponent with 0.5 <= fraction < 1
        int exponent = (int)Math.Floor(Math.Log2(factor)) + 1;
        double fraction = factor / Math.Pow(2, exponent);
        if (fraction >= 1)
            (fraction, exponent) = (fraction / 2, exponent + 1);
        int shift = bits - exponent;
        long multiplier = (long)Math.Round(Math.ScaleB(fraction, bits));
        if (multiplier == 1L << bits)
            (multiplier, shift) = (multiplier >> 1, shift - 1);
        if (shift > largestShift)
            (multiplier, shift) = ((long)Math.Round(Math.ScaleB(factor, largestShift)), largestShift);
        return shift < 0 ? null : new FixedPoint((int)multiplier, shift);
    }

    /// <summary>floor(value * factor + 1/2).</summary>
    public long Apply(long value) => (value * Multiplier + (Shift == 0 ? 0 : 1L << (Shift - 1))) >> Shift;
}
