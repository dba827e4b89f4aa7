using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>Poolings over rows and columns. The maximum is the same for floats and for codes.</summary>
internal static class Poolings
{
    public static Tensor Max(OperatorCall call)
    {
        Window window = WindowOf(call);
        return call[0].IsFloat ? new Tensor(OutputShape(call[0], window), Max(call[0].Floats, window, float.NegativeInfinity)) : new Tensor(OutputShape(call[0], window), Max(call[0].Integers, window, int.MinValue));
    }

    public static Tensor GlobalMax(OperatorCall call) => new(Pooled(call[0]), [.. call[0].Floats.Chunk(Area(call[0])).Select(plane => plane.Max())]);

    public static Tensor GlobalAverage(OperatorCall call) => new(Pooled(call[0]), [.. call[0].Floats.Chunk(Area(call[0])).Select(plane => (float)(plane.Sum(value => (double)value) / plane.Length))]);

    public static Tensor Average(OperatorCall call)
    {
        Window window = WindowOf(call);
        bool countPadding = call.Node.Integer("count_include_pad", 0) == 1;
        float[] from = call[0].Floats;
        int planes = call[0].Shape[0] * call[0].Shape[1];
        var pooled = new float[planes * window.Positions];
        for (int i = 0; i < pooled.Length; i++)
        {
            int plane = i / window.Positions * window.Rows * window.Columns, y = i % window.Positions / window.OutputColumns, x = i % window.OutputColumns;
            double sum = 0;
            int count = 0;
            for (int r = 0; r < window.KernelRows; r++)
            {
                int row = window.Row(y, r);
                for (int c = 0; c < window.KernelColumns; c++)
                {
                    int column = window.Column(x, c);
                    if (row < 0 || column < 0)
                        continue;
                    sum += from[plane + row * window.Columns + column];
                    count++;
                }
            }

            pooled[i] = (float)(sum / (countPadding ? window.KernelSize : Math.Max(1, count)));
        }

        return new Tensor(OutputShape(call[0], window), pooled);
    }

    public static Window WindowOf(OperatorCall call) => Window.Of(call.Node, call[0].Shape, call.Node.Integers("kernel_shape") ?? throw new InputException("kernel_shape is missing"));

    private static T[] Max<T>(T[] from, Window window, T least)
        where T : IComparable<T>
    {
        int planes = from.Length / (window.Rows * window.Columns);
        var pooled = new T[planes * window.Positions];
        int at = 0;
        for (int plane = 0; plane < planes; plane++)
        {
            ReadOnlySpan<T> values = from.AsSpan(plane * window.Rows * window.Columns, window.Rows * window.Columns);
            for (int y = 0; y < window.OutputRows; y++)
            {
                for (int x = 0; x < window.OutputColumns; x++)
                {
                    T largest = least;
                    for (int r = 0; r < window.KernelRows; r++)
                    {
                        int row = window.Row(y, r);
                        for (int c = 0; row >= 0 && c < window.KernelColumns; c++)
                        {
                            int column = window.Column(x, c);
                            if (column >= 0 && values[row * window.Columns + column].CompareTo(largest) > 0)
                                largest = values[row * window.Columns + column];
                        }
                    }

                    pooled[at++] = largest;
                }
            }
        }

        return pooled;
    }

    private static int[] OutputShape(Tensor input, Window window) => [input.Shape[0], input.Shape[1], window.OutputRows, window.OutputColumns];

    private static int[] Pooled(Tensor input) => [input.Shape[0], input.Shape[1], .. Enumerable.Repeat(1, input.Rank - 2)];

    private static int Area(Tensor input) => input.Rank >= 3 ? Tensor.Size(input.Shape.AsSpan(2)) : throw new InputException($"pools over rows and columns, but its input is {input.ShapeText}");
}
