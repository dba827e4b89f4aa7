using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>Operators that change or tell the shape alone.</summary>
internal static class Shapes
{
    public static Tensor Constant(OperatorCall call)
    {
        foreach ((string name, object value) in call.Node.Attributes)
        {
            Tensor? constant = (name, value) switch
            {
                ("value", Tensor tensor) => tensor,
                ("value_float", float number) => new Tensor([], [number]),
                ("value_floats", float[] numbers) => new Tensor([numbers.Length], numbers),
                ("value_int", long) => new Tensor([], [call.Node.Integer(name, 0)]),
                ("value_ints", long[] numbers) => new Tensor([numbers.Length], call.Node.Integers(name)!),
                _ => null,
            };
            if (constant is not null)
                return constant;
        }

        throw new InputException("has no value that is a number or a tensor");
    }

    public static Tensor ShapeOf(OperatorCall call)
    {
        int[] shape = call[0].Shape;
        int first = Math.Clamp(FromEnd(call.Node.Integer("start", 0)), 0, shape.Length), end = Math.Clamp(FromEnd(call.Node.Integer("end", shape.Length)), first, shape.Length);
        return new Tensor([end - first], shape[first..end]);

        int FromEnd(int place) => place < 0 ? place + shape.Length : place;
    }

    public static Tensor Flatten(OperatorCall call)
    {
        int axis = call.Node.Integer("axis", 1), rank = call[0].Rank;
        axis = axis == rank ? rank : Tensor.Axis(axis, rank);
        return call[0].Reshaped([Tensor.Size(call[0].Shape.AsSpan(0, axis)), Tensor.Size(call[0].Shape.AsSpan(axis))]);
    }

    public static Tensor Reshape(OperatorCall call)
    {
        int[] wanted = [.. call[1].Integers], from = call[0].Shape;
        int open = -1, known = 1;
        for (int d = 0; d < wanted.Length; d++)
        {
            if (wanted[d] == 0 && call.Node.Integer("allowzero", 0) == 0)
                wanted[d] = d < from.Length ? from[d] : throw new InputException($"dimension {d} is to be kept, but the input has shape {call[0].ShapeText}");
            if (wanted[d] == -1 && open < 0)
                open = d;
            else
                known = checked(known * wanted[d]);
        }

        if (open >= 0)
            wanted[open] = known != 0 && call[0].Length % known == 0 ? call[0].Length / known : throw NotFitting();
        else if (known != call[0].Length)
            throw NotFitting();
        return call[0].Reshaped(wanted);

        InputException NotFitting() => new($"a tensor {call[0].ShapeText} cannot take the shape {Tensor.Text(call[1].Integers)}");
    }

    public static Tensor Squeeze(OperatorCall call)
    {
        int[] shape = call[0].Shape;
        int[]? axes = call.List("axes", 1);
        HashSet<int> gone = axes is null ? [.. Enumerable.Range(0, shape.Length).Where(d => shape[d] == 1)] : [.. axes.Select(axis => Tensor.Axis(axis, shape.Length))];
        foreach (int d in gone)
        {
            if (shape[d] != 1)
                throw new InputException($"dimension {d} of {call[0].ShapeText} is not 1 and cannot be squeezed out");
        }

        return call[0].Reshaped([.. shape.Where((_, d) => !gone.Contains(d))]);
    }

    public static Tensor Unsqueeze(OperatorCall call)
    {
        int[] axes = call.List("axes", 1) ?? throw new InputException("axes are missing");
        int rank = call[0].Rank + axes.Length;
        HashSet<int> added = [.. axes.Select(axis => Tensor.Axis(axis, rank))];
        var old = new Queue<int>(call[0].Shape);
        return call[0].Reshaped([.. Enumerable.Range(0, rank).Select(d => added.Contains(d) ? 1 : old.Dequeue())]);
    }
}
