using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>Operators that relate numbers to their neighbours' mean, sum or trained statistics.</summary>
internal static class Normalisations
{
    private const int SoftmaxOfOneAxisSince = 13;

    public static Tensor BatchNormalization(OperatorCall call)
    {
        (float[] gain, float[] offset) = BatchGain(call.Node, call[1], call[2], call[3], call[4]);
        Tensor input = call[0];
        if (input.Rank < 2 || input.Shape[1] != gain.Length)
            throw new InputException($"normalises {gain.Length} channels, its input is {input.ShapeText}");
        int area = Tensor.Size(input.Shape.AsSpan(2));
        var result = new float[input.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int channel = i / area % gain.Length;
            result[i] = input.Floats[i] * gain[channel] + offset[channel];
        }

        return new Tensor(input.Shape, result);
    }

    /// <summary>What a channel is multiplied by, and what is added then.</summary>
    public static (float[] Gain, float[] Offset) BatchGain(GraphNode node, Tensor scale, Tensor bias, Tensor mean, Tensor variance)
    {
        double epsilon = node.Float("epsilon", 1e-5f);
        double[] gain = [.. scale.Floats.Select((s, c) => s / Math.Sqrt(variance.Floats[c] + epsilon))];
        return ([.. gain.Select(g => (float)g)], [.. bias.Floats.Select((b, c) => (float)(b - mean.Floats[c] * gain[c]))]);
    }

    public static Tensor Softmax(OperatorCall call)
    {
        Tensor input = call[0];
        int axis = Tensor.Axis(call.Node.Integer("axis", call.OperatorSet >= SoftmaxOfOneAxisSince ? -1 : 1), input.Rank);
        int inner = call.OperatorSet >= SoftmaxOfOneAxisSince ? Tensor.Size(input.Shape.AsSpan(axis + 1)) : 1;
        int length = call.OperatorSet >= SoftmaxOfOneAxisSince ? input.Shape[axis] : Tensor.Size(input.Shape.AsSpan(axis));
        var result = new float[input.Length];
        for (int first = 0; first < input.Length; first += length * inner)
        {
            for (int i = first; i < first + inner; i++)
            {
                float largest = float.NegativeInfinity;
                for (int k = 0; k < length; k++)
                    largest = Math.Max(largest, input.Floats[i + k * inner]);
                double sum = 0;
                for (int k = 0; k < length; k++)
                    sum += result[i + k * inner] = MathF.Exp(input.Floats[i + k * inner] - largest);
                for (int k = 0; k < length; k++)
                    result[i + k * inner] = (float)(result[i + k * inner] / sum);
            }
        }

        return new Tensor(input.Shape, result);
    }

    public static Tensor ReduceMean(OperatorCall call)
    {
        Tensor input = call[0];
        int[]? axes = call.List("axes", 1);
        HashSet<int> reduced = axes is null ? [.. Enumerable.Range(0, input.Rank)] : [.. axes.Select(axis => Tensor.Axis(axis, input.Rank))];
        int[] kept = [.. input.Shape.Select((size, d) => reduced.Contains(d) ? 1 : size)];
        int[] strides = [.. Movements.Strides(kept).Select((stride, d) => reduced.Contains(d) ? 0 : stride)];
        var sums = new double[Tensor.Size(kept)];
        var position = new int[input.Rank];
        foreach (float value in input.Floats)
        {
            int at = 0;
            for (int d = 0; d < position.Length; d++)
                at += position[d] * strides[d];
            sums[at] += value;
            for (int d = position.Length - 1; d >= 0 && ++position[d] == input.Shape[d]; d--)
                position[d] = 0;
        }

        int count = input.Length / Math.Max(1, sums.Length);
        int[] shape = call.Node.Integer("keepdims", 1) == 1 ? kept : [.. input.Shape.Where((_, d) => !reduced.Contains(d))];
        return new Tensor(shape, [.. sums.Select(sum => (float)(sum / count))]);
    }
}
