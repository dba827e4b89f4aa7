using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>Operators that work on one number, or on two that broadcasting brings together.</summary>
internal static class Elementwise
{
    private const int OnnxFloat = 1, OnnxFloat16 = 10, OnnxDouble = 11;

    public static Tensor Relu(OperatorCall call) => call[0].IsFloat ? Map(call, x => Math.Max(x, 0)) : new Tensor(call[0].Shape, Array.ConvertAll(call[0].Integers, x => Math.Max(x, 0)));

    public static Tensor LeakyRelu(OperatorCall call)
    {
        float slope = call.Node.Float("alpha", 0.01f);
        return Map(call, x => x < 0 ? slope * x : x);
    }

    public static Tensor Clip(OperatorCall call)
    {
        (float least, float greatest) = ClipRange(call.Node, call.Optional(1), call.Optional(2));
        return Map(call, x => Math.Min(Math.Max(x, least), greatest));
    }

    /// <summary>The bounds of a Clip, which older operator sets have as attributes.</summary>
    public static (float Least, float Greatest) ClipRange(GraphNode node, Tensor? least, Tensor? greatest) =>
        (least?.AsFloats().Floats[0] ?? node.Float("min", float.MinValue), greatest?.AsFloats().Floats[0] ?? node.Float("max", float.MaxValue));

    public static Tensor HardSigmoid(OperatorCall call)
    {
        float alpha = call.Node.Float("alpha", 0.2f), beta = call.Node.Float("beta", 0.5f);
        return Map(call, x => Math.Max(0, Math.Min(1, alpha * x + beta)));
    }

    public static Tensor HardSwish(OperatorCall call) => Map(call, x => x * Math.Max(0, Math.Min(1, x * (1f / 6) + 0.5f)));

    public static Tensor Sigmoid(OperatorCall call) => Map(call, x => 1 / (1 + MathF.Exp(-x)));

    public static Tensor Tanh(OperatorCall call) => Map(call, MathF.Tanh);

    public static Tensor Exp(OperatorCall call) => Map(call, MathF.Exp);

    public static Tensor Sqrt(OperatorCall call) => Map(call, MathF.Sqrt);

    public static Tensor Neg(OperatorCall call) => call[0].IsFloat ? Map(call, x => -x) : new Tensor(call[0].Shape, Array.ConvertAll(call[0].Integers, x => -x));

    public static Tensor Erf(OperatorCall call) => Map(call, x => (float)ErrorFunction(x));

    public static Tensor Add(OperatorCall call) => Combine(call, (a, b) => a + b, (a, b) => a + b);

    public static Tensor Sub(OperatorCall call) => Combine(call, (a, b) => a - b, (a, b) => a - b);

    public static Tensor Mul(OperatorCall call) => Combine(call, (a, b) => a * b, (a, b) => a * b);

    public static Tensor Div(OperatorCall call) => Combine(call, (a, b) => a / b, (a, b) => b != 0 ? a / b : throw new InputException("division of integers by zero"));

    public static Tensor Pow(OperatorCall call)
    {
        Tensor exponent = call[1].AsFloats();
        return Combine(call[0].AsFloats(), exponent, (a, b) => b == 2 ? a * a : MathF.Pow(a, b), null);
    }

    public static Tensor Cast(OperatorCall call)
    {
        bool toFloat = call.Node.Integer("to", OnnxFloat) is OnnxFloat or OnnxFloat16 or OnnxDouble;
        if (toFloat)
            return call[0].AsFloats();
        return call[0].IsFloat
            ? new Tensor(call[0].Shape, Array.ConvertAll(call[0].Floats, x => (int)Math.Clamp(Math.Truncate((double)x), int.MinValue, int.MaxValue)))
            : call[0];
    }

    private static Tensor Map(OperatorCall call, Func<float, float> function) => new(call[0].Shape, Array.ConvertAll(call[0].Floats, x => function(x)));

    private static Tensor Combine(OperatorCall call, Func<float, float, float> floats, Func<int, int, int> integers) => Combine(call[0], call[1], floats, integers);

    private static Tensor Combine(Tensor a, Tensor b, Func<float, float, float> floats, Func<int, int, int>? integers)
    {
        Broadcast broadcast = Broadcast.Of(a.Shape, b.Shape);
        return a.IsFloat || b.IsFloat || integers is null
            ? new Tensor(broadcast.Shape, broadcast.Apply(a.Floats, b.Floats, floats))
            : new Tensor(broadcast.Shape, broadcast.Apply(a.Integers, b.Integers, integers));
    }

    /// <summary>Maclaurin's series below 3, one minus the continued fraction above; good to 1e-12.</summary>
    private static double ErrorFunction(double x)
    {
        double magnitude = Math.Abs(x);
        if (magnitude > 6)
            return Math.Sign(x);
        if (magnitude < 3)
        {
            double term = magnitude, sum = magnitude;
            for (int n = 1; Math.Abs(term) > 1e-16 * sum; n++)
            {
                term *= -magnitude * magnitude / n;
                sum += term / (2 * n + 1);
            }

            return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * sum;
        }

        double fraction = magnitude;
        for (int n = 60; n > 0; n--)
            fraction = magnitude + (n / 2.0 / fraction);
        return Math.Sign(x) * (1 - (Math.Exp(-magnitude * magnitude) / (fraction * Math.Sqrt(Math.PI))));
    }
}

/// <summary>How ONNX brings two shapes together: dimensions are aligned at the end, and one of size 1 repeats.</summary>
/// <param name="Shape">Of the result.</param>
internal sealed record Broadcast(int[] Shape, int[] StridesA, int[] StridesB)
{
    public static Broadcast Of(int[] a, int[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        var shape = new int[rank];
        for (int d = 0; d < rank; d++)
        {
            int fromA = Dimension(a, d, rank), fromB = Dimension(b, d, rank);
            if (fromA != fromB && fromA != 1 && fromB != 1)
                throw new InputException($"shapes {Tensor.Text(a)} and {Tensor.Text(b)} do not go together");
            shape[d] = fromA == 1 ? fromB : fromA;
        }

        return new Broadcast(shape, Strides(a, rank), Strides(b, rank));
    }

    public T[] Apply<T>(T[] a, T[] b, Func<T, T, T> function)
    {
        var result = new T[Tensor.Size(Shape)];
        if (a.Length == result.Length && b.Length == result.Length)
        {
            for (int i = 0; i < result.Length; i++)
                result[i] = function(a[i], b[i]);
            return result;
        }

        var position = new int[Shape.Length];
        int inA = 0, inB = 0;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = function(a[inA], b[inB]);
            for (int d = Shape.Length - 1; d >= 0; d--)
            {
                inA += StridesA[d];
                inB += StridesB[d];
                if (++position[d] < Shape[d])
                    break;
                inA -= StridesA[d] * Shape[d];
                inB -= StridesB[d] * Shape[d];
                position[d] = 0;
            }
        }

        return result;
    }

    private static int Dimension(int[] shape, int d, int rank) => d < rank - shape.Length ? 1 : shape[d - (rank - shape.Length)];

    private static int[] Strides(int[] shape, int rank)
    {
        var strides = new int[rank];
        int stride = 1;
        for (int d = rank - 1; d >= 0; d--)
        {
            int size = Dimension(shape, d, rank);
            strides[d] = size == 1 ? 0 : stride;
            stride *= size;
        }

        return strides;
    }
}
