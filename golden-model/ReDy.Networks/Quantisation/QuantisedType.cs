using System.Text.Json.Serialization;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Quantisation;

/// <summary>How a tensor is coded: real value = (code - zero point) * scale, codes unsigned.</summary>
/// <param name="Scale">Real value of one code.</param>
/// <param name="ZeroPoint">Code of 0.</param>
/// <param name="Bits">Of a code; 32 for raw accumulators, which are signed.</param>
public sealed record QuantisedType(double Scale, int ZeroPoint, int Bits)
{
    public const int AccumulatorBits = 32;

    [JsonIgnore]
    public int Greatest => (int)((1L << Bits) - 1);

    /// <summary>The type whose codes span the given range, widened to include 0, which gets a code of its own.</summary>
    public static QuantisedType Spanning(double least, double greatest, int bits)
    {
        least = Math.Min(least, 0);
        greatest = Math.Max(greatest, 0);
        int codes = (1 << bits) - 1;
        if (greatest == least)
            return new QuantisedType(1, 0, bits);
        double scale = (greatest - least) / codes;
        return new QuantisedType(scale, (int)Math.Clamp(Math.Round(-least / scale), 0, codes), bits);
    }

    public int Code(double value) => (int)Math.Clamp(Math.Floor(value / Scale + 0.5) + ZeroPoint, 0, Greatest);

    public double Value(int code) => (code - ZeroPoint) * Scale;

    public Tensor Codes(Tensor values) => new(values.Shape, Array.ConvertAll(values.Floats, value => Code(value)));

    public Tensor Values(Tensor codes) => new(codes.Shape, Array.ConvertAll(codes.Integers, code => (float)Value(code)));
}
