using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>QuantizeLinear and DequantizeLinear, of which networks that were quantised elsewhere are full.</summary>
internal static class Quantisations
{
    public static Tensor Quantize(OperatorCall call)
    {
        Tensor input = call[0], scale = call[1];
        Tensor? zeroPoint = call.Optional(2);
        (int least, int greatest) = zeroPoint?.Range ?? (0, byte.MaxValue);
        int axis = AxisOf(call, scale);
        var codes = new int[input.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            int c = Channel(input, axis, scale.Length, i);
            codes[i] = (int)Math.Clamp(MathF.Round(input.Floats[i] / scale.Floats[c], MidpointRounding.ToEven) + (zeroPoint?.Integers[c] ?? 0), least, greatest);
        }

        return new Tensor(input.Shape, codes);
    }

    public static Tensor Dequantize(OperatorCall call)
    {
        Tensor codes = call[0], scale = call[1];
        Tensor? zeroPoint = call.Optional(2);
        int axis = AxisOf(call, scale);
        var values = new float[codes.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int c = Channel(codes, axis, scale.Length, i);
            values[i] = (codes.Integers[i] - (zeroPoint?.Integers[c] ?? 0)) * scale.Floats[c];
        }

        return new Tensor(codes.Shape, values);
    }

    private static int AxisOf(OperatorCall call, Tensor scale) => scale.Length == 1 ? 0 : Tensor.Axis(call.Node.Integer("axis", 1), call[0].Rank);

    private static int Channel(Tensor tensor, int axis, int scales, int i)
    {
        if (scales == 1)
            return 0;
        if (tensor.Shape[axis] != scales)
            throw new InputException($"{scales} scales do not fit dimension {axis} of {tensor.ShapeText}");
        return i / Tensor.Size(tensor.Shape.AsSpan(axis + 1)) % scales;
    }
}
