using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>Convolutions over rows and columns, with groups, dilation and padding on each side of its own.</summary>
internal static class Convolutions
{
    public static Tensor Convolve(OperatorCall call)
    {
        Tensor input = call[0], weights = call[1];
        (Window window, int groups) = Shape(call.Node, input.Shape, weights.Shape);
        int batch = input.Shape[0], channels = input.Shape[1] / groups, outputs = weights.Shape[0] / groups, inner = channels * window.KernelSize, positions = window.Positions;
        var result = new float[batch * weights.Shape[0] * positions];
        var lowered = new float[inner * positions];
        for (int image = 0; image < batch; image++)
        {
            for (int g = 0; g < groups; g++)
            {
                Lower(window, input.Floats.AsSpan((image * groups + g) * channels * window.Rows * window.Columns), channels, lowered);
                MatrixProducts.Multiply(weights.Floats.AsSpan(g * outputs * inner, outputs * inner), lowered, result.AsSpan((image * groups + g) * outputs * positions, outputs * positions), outputs, inner, positions);
            }
        }

        AddBias(call.Optional(2), result, weights.Shape[0], positions);
        return new Tensor([batch, weights.Shape[0], window.OutputRows, window.OutputColumns], result);
    }

    /// <summary>The window of a Conv and its groups.</summary>
    public static (Window Window, int Groups) Shape(GraphNode node, int[] input, int[] weights)
    {
        if (weights.Length != 4)
            throw new InputException($"has weights {Tensor.Text(weights)}; only convolutions over rows and columns are supported");
        Window window = Window.Of(node, input, [weights[2], weights[3]]);
        int groups = node.Integer("group", 1);
        return groups >= 1 && input[1] == weights[1] * groups && weights[0] % groups == 0
            ? (window, groups)
            : throw new InputException($"{groups} groups of weights {Tensor.Text(weights)} do not fit an input {Tensor.Text(input)}");
    }

    public static Tensor ConvolveTransposed(OperatorCall call)
    {
        Tensor input = call[0], weights = call[1];
        int groups = call.Node.Integer("group", 1);
        if (input.Rank != 4 || weights.Rank != 4 || input.Shape[1] != weights.Shape[0] || weights.Shape[0] % groups != 0)
            throw new InputException($"weights {weights.ShapeText} do not fit an input {input.ShapeText}");
        if (call.Node.Text("auto_pad", "NOTSET") != "NOTSET" || call.Node.Has("output_shape"))
            throw new InputException("auto_pad and output_shape are not supported; give pads");
        int[] strides = call.Node.Integers("strides") ?? [1, 1], dilations = call.Node.Integers("dilations") ?? [1, 1], pads = call.Node.Integers("pads") ?? [0, 0, 0, 0], extra = call.Node.Integers("output_padding") ?? [0, 0];
        int batch = input.Shape[0], channels = weights.Shape[0] / groups, outputs = weights.Shape[1], rows = input.Shape[2], columns = input.Shape[3], kernelRows = weights.Shape[2], kernelColumns = weights.Shape[3];
        int outputRows = strides[0] * (rows - 1) + extra[0] + (kernelRows - 1) * dilations[0] + 1 - pads[0] - pads[2];
        int outputColumns = strides[1] * (columns - 1) + extra[1] + (kernelColumns - 1) * dilations[1] + 1 - pads[1] - pads[3];
        int kernel = kernelRows * kernelColumns, area = rows * columns;
        var result = new float[batch * groups * outputs * outputRows * outputColumns];
        var turned = new float[outputs * kernel * channels];
        var spread = new float[outputs * kernel * area];
        for (int image = 0; image < batch; image++)
        {
            for (int g = 0; g < groups; g++)
            {
                for (int c = 0; c < channels; c++)
                {
                    for (int i = 0; i < outputs * kernel; i++)
                        turned[i * channels + c] = weights.Floats[(g * channels + c) * outputs * kernel + i];
                }

                MatrixProducts.Multiply(turned, input.Floats.AsSpan((image * groups + g) * channels * area, channels * area), spread, outputs * kernel, channels, area);
                for (int i = 0; i < spread.Length; i++)
                {
                    int o = i / (kernel * area), k = i / area % kernel;
                    int y = i % area / columns * strides[0] - pads[0] + k / kernelColumns * dilations[0], x = i % columns * strides[1] - pads[1] + k % kernelColumns * dilations[1];
                    if ((uint)y < (uint)outputRows && (uint)x < (uint)outputColumns)
                        result[(((image * groups + g) * outputs + o) * outputRows + y) * outputColumns + x] += spread[i];
                }
            }
        }

        AddBias(call.Optional(2), result, groups * outputs, outputRows * outputColumns);
        return new Tensor([batch, groups * outputs, outputRows, outputColumns], result);
    }

    /// <summary>lowered[channel and place in the window, position of the window].</summary>
    private static void Lower(Window window, ReadOnlySpan<float> input, int channels, Span<float> lowered)
    {
        int at = 0;
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> plane = input.Slice(c * window.Rows * window.Columns, window.Rows * window.Columns);
            for (int r = 0; r < window.KernelRows; r++)
            {
                for (int k = 0; k < window.KernelColumns; k++)
                {
                    for (int y = 0; y < window.OutputRows; y++)
                    {
                        int row = window.Row(y, r);
                        for (int x = 0; x < window.OutputColumns; x++)
                        {
                            int column = window.Column(x, k);
                            lowered[at++] = row < 0 || column < 0 ? 0 : plane[row * window.Columns + column];
                        }
                    }
                }
            }
        }
    }

    private static void AddBias(Tensor? bias, float[] result, int outputs, int positions)
    {
        if (bias is null)
            return;
        if (bias.Length != outputs)
            throw new InputException($"has {bias.Length} biases for {outputs} outputs");
        for (int i = 0; i < result.Length; i++)
            result[i] += bias.Floats[i / positions % outputs];
    }
}
