using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>Resize and its predecessor Upsample: nearest neighbour in any dimension, linear over rows and columns.</summary>
internal static class Resizing
{
    public static Tensor Resize(OperatorCall call)
    {
        Tensor input = call[0];
        string mode = call.Node.Text("mode", "nearest");
        if (mode is not ("nearest" or "linear"))
            throw new InputException($"mode {mode} is not supported; nearest and linear are");
        // Resize of operator set 10 and Upsample have the scales as their second operand and no choice of coordinates.
        bool isOld = call.OperatorSet < 11 || call.Node.Operator == "Upsample";
        string coordinates = isOld ? "asymmetric" : call.Node.Text("coordinate_transformation_mode", "half_pixel");
        string nearest = isOld ? "floor" : call.Node.Text("nearest_mode", "round_prefer_floor");
        float[] scales = Scales(call, isOld, out int[] shape);
        int[] strides = Movements.Strides(input.Shape);
        Source[][] sources = [.. shape.Select((size, d) => Enumerable.Range(0, size).Select(i => At(i, input.Shape[d], size, scales[d], coordinates, mode == "nearest" ? nearest : null)).ToArray())];
        var result = new double[Tensor.Size(shape)];
        var position = new int[shape.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Interpolate(input, sources, strides, position, 0, 0);
            for (int d = shape.Length - 1; d >= 0 && ++position[d] == shape[d]; d--)
                position[d] = 0;
        }

        return input.IsFloat ? new Tensor(shape, Array.ConvertAll(result, value => (float)value)) : new Tensor(shape, Array.ConvertAll(result, value => (int)Math.Round(value)));
    }

    private static float[] Scales(OperatorCall call, bool isOld, out int[] shape)
    {
        Tensor input = call[0];
        if (!isOld && call.Optional(3) is { Length: > 0 } sizes)
        {
            shape = [.. sizes.Integers];
            if (shape.Length != input.Rank)
                throw new InputException($"sizes are given for {shape.Length} dimensions, the input has {input.Rank}");
            return [.. shape.Select((size, d) => (float)size / input.Shape[d])];
        }

        float[] scales = call.Optional(isOld ? 1 : 2)?.Floats ?? (call.Node.Attributes.TryGetValue("scales", out object? given) && given is float[] listed ? listed : []);
        if (scales.Length != input.Rank)
            throw new InputException($"scales are given for {scales.Length} dimensions, the input has {input.Rank}");
        shape = [.. input.Shape.Select((size, d) => (int)MathF.Floor(size * scales[d]))];
        return scales;
    }

    /// <summary>Sum over the neighbours in dimension d and the ones after it, each by its share.</summary>
    private static double Interpolate(Tensor input, Source[][] sources, int[] strides, int[] position, int d, int place)
    {
        if (d == position.Length)
            return input.IsFloat ? input.Floats[place] : input.Integers[place];
        Source source = sources[d][position[d]];
        double lower = Interpolate(input, sources, strides, position, d + 1, place + source.Lower * strides[d]);
        return source.Share == 0 ? lower : (1 - source.Share) * lower + source.Share * Interpolate(input, sources, strides, position, d + 1, place + source.Upper * strides[d]);
    }

    private static Source At(int i, int from, int to, float scale, string coordinates, string? nearest)
    {
        if (from == to && scale == 1)
            return new Source(i, i, 0);
        double x = coordinates switch
        {
            "asymmetric" => i / (double)scale,
            "half_pixel" => (i + 0.5) / scale - 0.5,
            "pytorch_half_pixel" => to > 1 ? (i + 0.5) / scale - 0.5 : 0,
            "align_corners" => to > 1 ? i * (from - 1.0) / (to - 1) : 0,
            _ => throw new InputException($"coordinate_transformation_mode {coordinates} is not supported"),
        };
        if (nearest is null)
        {
            double clamped = Math.Clamp(x, 0, from - 1);
            int lower = Math.Min((int)clamped, from - 1);
            return new Source(lower, Math.Min(lower + 1, from - 1), clamped - lower);
        }

        double chosen = nearest switch
        {
            "floor" => Math.Floor(x),
            "ceil" => Math.Ceiling(x),
            "round_prefer_floor" => Math.Ceiling(x - 0.5),
            "round_prefer_ceil" => Math.Floor(x + 0.5),
            _ => throw new InputException($"nearest_mode {nearest} is not one that ONNX defines"),
        };
        int place = (int)Math.Clamp(chosen, 0, from - 1);
        return new Source(place, place, 0);
    }

    private readonly record struct Source(int Lower, int Upper, double Share);
}
