using ReDy.Architecture;

namespace ReDy.Networks.Graphs;

/// <summary>
/// Numbers in a box of any rank, last dimension contiguous. Either floats, or integers: shapes and indices of the graph, and the
/// codes of quantised tensors. 64-bit integers of the file are kept as 32 bits, saturated: "to the end" stays beyond every end.
/// </summary>
public sealed class Tensor
{
    private readonly float[]? floats;
    private readonly int[]? integers;

    public Tensor(int[] shape, float[] values)
    {
        Shape = shape;
        floats = values;
        Check(values.Length);
    }

    public Tensor(int[] shape, int[] values)
    {
        Shape = shape;
        integers = values;
        Check(values.Length);
    }

    public int[] Shape { get; }
    public int Rank => Shape.Length;
    public int Length => floats?.Length ?? integers!.Length;
    public bool IsFloat => floats is not null;

    /// <summary>What an integer type of 8 or 16 bits holds, where the file has one: the codes of a quantised tensor.</summary>
    public (int Least, int Greatest)? Range { get; init; }

    public float[] Floats => floats ?? throw new InputException($"a tensor of integers {ShapeText} stands where numbers with a fraction are needed; insert a Cast");
    public int[] Integers => integers ?? throw new InputException($"a tensor of numbers with a fraction {ShapeText} stands where integers are needed; insert a Cast");
    public string ShapeText => Text(Shape);

    public static string Text(IEnumerable<int> shape) => string.Join("x", shape) is { Length: > 0 } text ? text : "scalar";

    public static int Size(ReadOnlySpan<int> shape)
    {
        int size = 1;
        foreach (int dimension in shape)
            size = checked(size * dimension);
        return size;
    }

    /// <summary>The same numbers in another box of the same size.</summary>
    public Tensor Reshaped(int[] shape) => floats is not null ? new Tensor(shape, floats) : new Tensor(shape, integers!) { Range = Range };

    /// <summary>Element i of the result is element <c>index[i]</c> of this tensor; negative means 0.</summary>
    public Tensor Gathered(int[] shape, ReadOnlySpan<int> index) => floats is not null ? new Tensor(shape, Gather(floats, index)) : new Tensor(shape, Gather(integers!, index));

    /// <summary>A dimension counted from either end, as ONNX axes are.</summary>
    public static int Axis(long axis, int rank) =>
        axis >= -rank && axis < Math.Max(rank, 1)
            ? (int)(axis < 0 ? axis + rank : axis)
            : throw new InputException($"axis {axis} does not exist in a tensor of rank {rank}");

    public Tensor AsFloats() => floats is not null ? this : new Tensor(Shape, Array.ConvertAll(integers!, value => (float)value));

    private static T[] Gather<T>(T[] values, ReadOnlySpan<int> index)
        where T : struct
    {
        var gathered = new T[index.Length];
        for (int i = 0; i < gathered.Length; i++)
            gathered[i] = index[i] < 0 ? default : values[index[i]];
        return gathered;
    }

    private void Check(int length)
    {
        if (Size(Shape) != length)
            throw new ArgumentException($"shape {ShapeText} does not hold {length} values");
    }
}
