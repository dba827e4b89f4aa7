using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>Operators that only bring numbers to other places; the same for floats and for codes.</summary>
internal static class Movements
{
    public static Tensor Transpose(OperatorCall call)
    {
        int[] shape = call[0].Shape;
        int[] order = call.Node.Integers("perm") ?? [.. Enumerable.Range(0, shape.Length).Reverse()];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, shape.Length)))
            throw new InputException($"perm {string.Join(" ", order)} does not order the {shape.Length} dimensions of the input");
        int[] strides = Strides(shape);
        int[] result = [.. order.Select(d => shape[d])];
        return call[0].Gathered(result, Places(result, [.. order.Select(d => strides[d])], 0));
    }

    public static Tensor Slice(OperatorCall call)
    {
        int[] shape = call[0].Shape;
        int[] starts = call.List("starts", 1) ?? throw new InputException("starts are missing"), ends = call.List("ends", 2) ?? throw new InputException("ends are missing");
        int[] axes = call.List("axes", 3) ?? [.. Enumerable.Range(0, starts.Length)];
        int[] steps = call.Optional(4)?.Integers ?? [.. Enumerable.Repeat(1, starts.Length)];
        int[] result = [.. shape], strides = Strides(shape);
        int offset = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            int d = Tensor.Axis(axes[i], shape.Length), size = shape[d], step = steps[i];
            if (step == 0)
                throw new InputException("a step of a slice is 0");
            int first = Bound(starts[i], size, 0, step > 0 ? size : size - 1), end = Bound(ends[i], size, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
            result[d] = Math.Max(0, (end - first + step - Math.Sign(step)) / step);
            offset += first * strides[d];
            strides[d] *= step;
        }

        return call[0].Gathered(result, Places(result, strides, offset));

        static int Bound(int place, int size, int least, int greatest) => (int)Math.Clamp(place < 0 ? (long)place + size : place, least, greatest);
    }

    public static Tensor Concat(OperatorCall call)
    {
        Tensor[] parts = [.. call.Operands.Select((_, i) => call[i])];
        int axis = Tensor.Axis(call.Node.Integer("axis", 0), parts[0].Rank);
        if (parts.Any(part => part.Rank != parts[0].Rank || part.Shape.Where((size, d) => d != axis && size != parts[0].Shape[d]).Any()))
            throw new InputException($"shapes {string.Join(", ", parts.Select(part => part.ShapeText))} cannot be joined along dimension {axis}");
        int[] shape = [.. parts[0].Shape];
        shape[axis] = parts.Sum(part => part.Shape[axis]);
        return parts.Any(part => part.IsFloat)
            ? new Tensor(shape, Joined(parts, axis, shape, part => part.Floats))
            : new Tensor(shape, Joined(parts, axis, shape, part => part.Integers));
    }

    public static Tensor Gather(OperatorCall call)
    {
        int[] shape = call[0].Shape;
        int axis = Tensor.Axis(call.Node.Integer("axis", 0), shape.Length), size = shape[axis];
        int[] chosen = Array.ConvertAll(call[1].Integers, i => i >= -size && i < size ? (i + size) % size : throw new InputException($"index {i} is outside dimension {axis} of {call[0].ShapeText}"));
        int inner = Tensor.Size(shape.AsSpan(axis + 1)), outer = Tensor.Size(shape.AsSpan(0, axis));
        var index = new int[outer * chosen.Length * inner];
        int at = 0;
        for (int o = 0; o < outer; o++)
        {
            foreach (int c in chosen)
            {
                for (int i = 0; i < inner; i++)
                    index[at++] = (o * size + c) * inner + i;
            }
        }

        return call[0].Gathered([.. shape[..axis], .. call[1].Shape, .. shape[(axis + 1)..]], index);
    }

    public static Tensor Pad(OperatorCall call)
    {
        int[] shape = call[0].Shape;
        string mode = call.Node.Text("mode", "constant");
        if (mode is not ("constant" or "edge" or "reflect"))
            throw new InputException($"mode {mode} is not supported; constant, edge and reflect are");
        int[] pads = call.List("pads", 1) ?? throw new InputException("pads are missing");
        if (call.Optional(3) is not null || pads.Length != 2 * shape.Length)
            throw new InputException("pads for some dimensions only are not supported; give them for all");
        int[] result = [.. shape.Select((size, d) => size + pads[d] + pads[d + shape.Length])];
        int[] strides = Strides(shape), position = new int[shape.Length], index = new int[Tensor.Size(result)];
        for (int i = 0; i < index.Length; i++)
        {
            int place = 0;
            for (int d = 0; d < shape.Length && place >= 0; d++)
            {
                int from = position[d] - pads[d];
                if (from < 0 || from >= shape[d])
                {
                    from = mode switch
                    {
                        "edge" => Math.Clamp(from, 0, shape[d] - 1),
                        "reflect" => from < 0 ? -from : 2 * (shape[d] - 1) - from,
                        _ => -1,
                    };
                }

                place = from < 0 ? -1 : place + from * strides[d];
            }

            index[i] = place;
            Advance(position, result);
        }

        Tensor padded = call[0].Gathered(result, index);
        if (mode != "constant" || (call.Optional(2) is null && !call.Node.Has("value")))
            return padded;
        float filled = call.Optional(2)?.AsFloats().Floats[0] ?? call.Node.Float("value", 0);
        for (int i = 0; i < index.Length; i++)
        {
            if (index[i] >= 0)
                continue;
            if (padded.IsFloat)
                padded.Floats[i] = filled;
            else
                padded.Integers[i] = (int)filled;
        }

        return padded;
    }

    public static int[] Strides(int[] shape)
    {
        var strides = new int[shape.Length];
        int stride = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= shape[d];
        }

        return strides;
    }

    private static T[] Joined<T>(Tensor[] parts, int axis, int[] shape, Func<Tensor, T[]> values)
    {
        var joined = new T[Tensor.Size(shape)];
        int outer = Tensor.Size(shape.AsSpan(0, axis)), row = Tensor.Size(shape.AsSpan(axis)), column = 0;
        foreach (Tensor part in parts)
        {
            int length = Tensor.Size(part.Shape.AsSpan(axis));
            for (int o = 0; o < outer; o++)
                values(part).AsSpan(o * length, length).CopyTo(joined.AsSpan(o * row + column));
            column += length;
        }

        return joined;
    }

    private static int[] Places(int[] shape, int[] strides, int offset)
    {
        var places = new int[Tensor.Size(shape)];
        var position = new int[shape.Length];
        for (int i = 0; i < places.Length; i++)
        {
            int place = offset;
            for (int d = 0; d < shape.Length; d++)
                place += position[d] * strides[d];
            places[i] = place;
            Advance(position, shape);
        }

        return places;
    }

    private static void Advance(int[] position, int[] shape)
    {
        for (int d = shape.Length - 1; d >= 0 && ++position[d] == shape[d]; d--)
            position[d] = 0;
    }
}
