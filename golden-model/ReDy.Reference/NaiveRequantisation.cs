using System.Numerics;

namespace ReDy.Reference;

/// <summary>Requantisation as its equation stands on paper, with rational numbers of any size.</summary>
public static class NaiveRequantisation
{
    /// <summary>clamp(floor((y + bias) * multiplier / 2^shift + 1/2) + zeroPoint, 0, 2^outputBits - 1), ReLU first if set.</summary>
    public static int Quantise(BigInteger y, BigInteger bias, BigInteger multiplier, int shift, int zeroPoint, bool relu, int outputBits)
    {
        BigInteger biased = y + bias;
        if (relu && biased < 0)
            biased = 0;

        // a / b + 1/2 = (2a + b) / 2b, rounded towards minus infinity.
        BigInteger divisor = 2 * BigInteger.Pow(2, shift);
        BigInteger dividend = 2 * biased * multiplier + BigInteger.Pow(2, shift);
        BigInteger quotient = BigInteger.DivRem(dividend, divisor, out BigInteger remainder);
        if (remainder < 0)
            quotient -= 1;

        BigInteger q = quotient + zeroPoint;
        BigInteger greatest = BigInteger.Pow(2, outputBits) - 1;
        return (int)(q < 0 ? 0 : q > greatest ? greatest : q);
    }
}
