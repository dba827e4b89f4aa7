using System.Numerics;
using System.Runtime.InteropServices;
using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>Matrix products in 32-bit floating point.</summary>
internal static class MatrixProducts
{
    public static Tensor Gemm(OperatorCall call)
    {
        Tensor a = Oriented(call[0], call.Node.Integer("transA", 0) == 1), b = Oriented(call[1], call.Node.Integer("transB", 0) == 1);
        int rows = a.Shape[0], inner = a.Shape[1], columns = b.Shape[1];
        if (b.Shape[0] != inner)
            throw new InputException($"matrices {a.ShapeText} and {b.ShapeText} cannot be multiplied");
        float alpha = call.Node.Float("alpha", 1), beta = call.Node.Float("beta", 1);
        var product = new float[rows * columns];
        Multiply(a.Floats, b.Floats, product, rows, inner, columns);
        if (alpha != 1)
            product = Array.ConvertAll(product, value => alpha * value);
        if (call.Optional(2) is { } added)
            product = Broadcast.Of([rows, columns], added.Shape).Apply(product, added.Floats, (value, bias) => value + beta * bias);
        return new Tensor([rows, columns], product);
    }

    /// <summary>A third operand, which ONNX does not know, is a bias that preparation moved here.</summary>
    public static Tensor MatMul(OperatorCall call)
    {
        Tensor a = call[0].Rank == 1 ? call[0].Reshaped([1, call[0].Length]) : call[0], b = call[1].Rank == 1 ? call[1].Reshaped([call[1].Length, 1]) : call[1];
        int rows = a.Shape[^2], inner = a.Shape[^1], columns = b.Shape[^1];
        if (b.Shape[^2] != inner)
            throw new InputException($"matrices {call[0].ShapeText} and {call[1].ShapeText} cannot be multiplied");

        // Stacks of matrices broadcast like numbers do: broadcast their indices.
        int[] stackA = a.Shape[..^2], stackB = b.Shape[..^2];
        Broadcast broadcast = Broadcast.Of(stackA, stackB);
        int[] indexA = broadcast.Apply(Indices(stackA), Indices(stackB), (i, _) => i), indexB = broadcast.Apply(Indices(stackA), Indices(stackB), (_, i) => i);
        var product = new float[indexA.Length * rows * columns];
        for (int s = 0; s < indexA.Length; s++)
            Multiply(a.Floats.AsSpan(indexA[s] * rows * inner, rows * inner), b.Floats.AsSpan(indexB[s] * inner * columns, inner * columns), product.AsSpan(s * rows * columns, rows * columns), rows, inner, columns);
        int[] shape = [.. broadcast.Shape, rows, columns];
        if (call[1].Rank == 1)
            shape = shape[..^1];
        if (call[0].Rank == 1)
            shape = [.. shape[..(broadcast.Shape.Length)], .. shape[(broadcast.Shape.Length + 1)..]];
        if (call.Optional(2) is { } bias)
        {
            for (int i = 0; i < product.Length; i++)
                product[i] += bias.Floats[i % columns];
        }

        return new Tensor(shape, product);

        static int[] Indices(int[] stack) => [.. Enumerable.Range(0, Tensor.Size(stack))];
    }

    /// <summary>c[rows, columns] = a[rows, inner] b[inner, columns], row after row.</summary>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns)
    {
        int lanes = Vector<float>.Count, wide = columns - columns % (2 * lanes), r = 0;
        for (; r + 4 <= rows; r += 4)
        {
            // Four rows by two vectors of columns stay in registers over the whole inner dimension.
            for (int n = 0; n < wide; n += 2 * lanes)
            {
                Vector<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
                for (int k = 0; k < inner; k++)
                {
                    ReadOnlySpan<float> row = b.Slice(k * columns + n, 2 * lanes);
                    Vector<float> b0 = MemoryMarshal.Read<Vector<float>>(MemoryMarshal.AsBytes(row)), b1 = MemoryMarshal.Read<Vector<float>>(MemoryMarshal.AsBytes(row[lanes..]));
                    var a0 = new Vector<float>(a[r * inner + k]);
                    var a1 = new Vector<float>(a[(r + 1) * inner + k]);
                    var a2 = new Vector<float>(a[(r + 2) * inner + k]);
                    var a3 = new Vector<float>(a[(r + 3) * inner + k]);
                    c00 += a0 * b0;
                    c01 += a0 * b1;
                    c10 += a1 * b0;
                    c11 += a1 * b1;
                    c20 += a2 * b0;
                    c21 += a2 * b1;
                    c30 += a3 * b0;
                    c31 += a3 * b1;
                }

                Store(c, r, c00, c01);
                Store(c, r + 1, c10, c11);
                Store(c, r + 2, c20, c21);
                Store(c, r + 3, c30, c31);

                void Store(Span<float> to, int row, Vector<float> first, Vector<float> second)
                {
                    first.CopyTo(to.Slice(row * columns + n, lanes));
                    second.CopyTo(to.Slice(row * columns + n + lanes, lanes));
                }
            }

            for (int i = r; i < r + 4; i++)
                Narrow(a, b, c, i, inner, columns, wide);
        }

        for (; r < rows; r++)
            Narrow(a, b, c, r, inner, columns, 0);
    }

    private static void Narrow(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int row, int inner, int columns, int first)
    {
        Span<float> result = c.Slice(row * columns + first, columns - first);
        if (result.IsEmpty)
            return;
        result.Clear();
        for (int k = 0; k < inner; k++)
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(b.Slice(k * columns + first, columns - first), a[row * inner + k], result, result);
    }

    private static Tensor Oriented(Tensor matrix, bool transposed)
    {
        if (matrix.Rank != 2)
            throw new InputException($"an operand {matrix.ShapeText} is not a matrix");
        if (!transposed)
            return matrix;
        int rows = matrix.Shape[0], columns = matrix.Shape[1];
        var values = new float[matrix.Length];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                values[c * rows + r] = matrix.Floats[r * columns + c];
        }

        return new Tensor([columns, rows], values);
    }
}
