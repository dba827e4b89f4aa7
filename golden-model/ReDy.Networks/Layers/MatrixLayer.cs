using System.Buffers;
using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Operators;

namespace ReDy.Networks.Layers;

/// <summary>
/// A layer on the tile: every position of the window, or every row of a matrix, is one vector of K numbers that is multiplied by
/// [K, N] weights. A grouped convolution is several such matrices, one beside the other along K and along N.
/// Along the K of one group the channel runs fastest: k = (kernel row * kernel columns + kernel column) * channels + channel.
/// </summary>
public sealed class MatrixLayer
{
    private readonly Window window;
    private readonly int groupChannels;
    private readonly bool isConvolution;

    /// <param name="node">Conv, Gemm or MatMul with constant weights (<see cref="IsOnTile"/>).</param>
    /// <param name="input">Shape of its input, batch of one.</param>
    public MatrixLayer(GraphNode node, int[] input, IReadOnlyDictionary<string, Tensor> constants)
    {
        Tensor weights = constants[node.Inputs[1]];
        Tensor? bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? constants[node.Inputs[2]] : null;
        isConvolution = node.Operator == "Conv";
        if (isConvolution)
        {
            (window, Groups) = Convolutions.Shape(node, input, weights.Shape);
            if (input[0] != 1)
                throw new InputException($"{node}: has a batch of {input[0]} images; one is expected");
            groupChannels = weights.Shape[1];
            GroupRows = groupChannels * window.KernelSize;
            GroupOutputs = weights.Shape[0] / Groups;
            Vectors = window.Positions;
            OutputShape = [1, weights.Shape[0], window.OutputRows, window.OutputColumns];
            Weights = FromKernels(weights.Floats);
        }
        else
        {
            window = Window.Point;
            bool transposed = node.Integer("transB", 0) == 1;
            (GroupRows, GroupOutputs) = transposed ? (weights.Shape[1], weights.Shape[0]) : (weights.Shape[0], weights.Shape[1]);
            Groups = 1;
            groupChannels = GroupRows;
            if (input.Length == 0 || input[^1] != GroupRows)
                throw new InputException($"{node}: weights {weights.ShapeText} do not fit an input {Tensor.Text(input)}");
            Vectors = Tensor.Size(input) / GroupRows;
            OutputShape = [.. input[..^1], GroupOutputs];
            float alpha = node.Float("alpha", 1);
            Weights = new float[GroupRows * GroupOutputs];
            for (int k = 0; k < GroupRows; k++)
            {
                for (int n = 0; n < GroupOutputs; n++)
                    Weights[k * GroupOutputs + n] = alpha * weights.Floats[transposed ? n * GroupRows + k : k * GroupOutputs + n];
            }
        }

        float beta = isConvolution ? 1 : node.Float("beta", 1);
        Bias = new float[Outputs];
        for (int n = 0; bias is not null && n < Outputs; n++)
            Bias[n] = beta * bias.Floats[bias.Length == 1 ? 0 : n];
    }

    /// <summary>Groups of the convolution; 1 if every output sees every channel.</summary>
    public int Groups { get; }

    /// <summary>K of one group.</summary>
    public int GroupRows { get; }

    /// <summary>N of one group.</summary>
    public int GroupOutputs { get; }

    /// <summary>K of all groups.</summary>
    public int Rows => Groups * GroupRows;
    public int Outputs => Groups * GroupOutputs;

    /// <summary>Matrix-vector products per image.</summary>
    public int Vectors { get; }
    public int[] OutputShape { get; }

    /// <summary>[group, K of the group, N of the group].</summary>
    public float[] Weights { get; }

    /// <summary>[N].</summary>
    public float[] Bias { get; }

    /// <summary>Multiply-accumulates per image.</summary>
    public long Products => (long)Vectors * Outputs * GroupRows;

    public bool IsDepthwise => Groups > 1 && groupChannels == 1;

    /// <summary>Whether a node is a product by weights known beforehand.</summary>
    public static bool IsOnTile(GraphNode node, IReadOnlyDictionary<string, Tensor> constants)
    {
        if (node.Operator is not ("Conv" or "Gemm" or "MatMul") || constants.ContainsKey(node.Inputs[0]) || !constants.TryGetValue(node.Inputs[1], out Tensor? weights))
            return false;
        Tensor? bias = null;
        if (node.Inputs.Count > 2 && node.Inputs[2].Length > 0 && !constants.TryGetValue(node.Inputs[2], out bias))
            return false;
        return node.Operator == "Conv"
            || (weights.Rank == 2 && node.Integer("transA", 0) == 0 && (bias is null || bias.Length == 1 || bias.Shape[^1] == bias.Length));
    }

    /// <summary>The input vectors of one image, for some of the layer's groups: [vector, K of these groups].</summary>
    /// <param name="image">Codes as the layer's input tensor holds them.</param>
    /// <param name="padding">The code of zero: what a window sees beside the image.</param>
    public void Lower(ReadOnlySpan<int> image, int padding, int firstGroup, int groups, Span<ushort> vectors)
    {
        if (!isConvolution)
        {
            for (int i = 0; i < vectors.Length; i++)
                vectors[i] = (ushort)image[i];
            return;
        }

        // With the channels of a pixel side by side, what a window sees of it is a piece of a vector.
        int channels = groups * groupChannels;
        ushort[] pixels = ArrayPool<ushort>.Shared.Rent(channels * window.Rows * window.Columns);
        PutChannelsTogether(image[(firstGroup * groupChannels * window.Rows * window.Columns)..], channels, pixels);
        int at = 0;
        for (int v = 0; v < Vectors; v++)
        {
            int y = v / window.OutputColumns, x = v % window.OutputColumns;
            for (int g = 0; g < groups; g++)
            {
                for (int kernelRow = 0; kernelRow < window.KernelRows; kernelRow++)
                {
                    int row = window.Row(y, kernelRow);
                    for (int kernelColumn = 0; kernelColumn < window.KernelColumns; kernelColumn++, at += groupChannels)
                    {
                        int column = window.Column(x, kernelColumn);
                        Span<ushort> piece = vectors.Slice(at, groupChannels);
                        if (row < 0 || column < 0)
                            piece.Fill((ushort)padding);
                        else
                            pixels.AsSpan((row * window.Columns + column) * channels + g * groupChannels, groupChannels).CopyTo(piece);
                    }
                }
            }
        }

        ArrayPool<ushort>.Shared.Return(pixels);
    }

    /// <summary>Puts outputs of one vector to their places in the layer's output tensor.</summary>
    /// <param name="firstOutput">Of the layer's N; as many follow as there are outputs.</param>
    public void Place(ReadOnlySpan<int> outputs, int vector, int firstOutput, Span<int> tensor)
    {
        if (!isConvolution)
        {
            outputs.CopyTo(tensor[(vector * Outputs + firstOutput)..]);
            return;
        }

        int vectors = Vectors;
        for (int n = 0, at = firstOutput * vectors + vector; n < outputs.Length; n++, at += vectors)
            tensor[at] = outputs[n];
    }

    private void PutChannelsTogether(ReadOnlySpan<int> image, int channels, ushort[] pixels)
    {
        int area = window.Rows * window.Columns;
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<int> channel = image.Slice(c * area, area);
            for (int i = 0, at = c; i < channel.Length; i++, at += channels)
                pixels[at] = (ushort)channel[i];
        }
    }

    private float[] FromKernels(float[] kernels)
    {
        var weights = new float[kernels.Length];
        int area = window.KernelSize;
        for (int g = 0; g < Groups; g++)
        {
            for (int n = 0; n < GroupOutputs; n++)
            {
                for (int c = 0; c < groupChannels; c++)
                {
                    for (int p = 0; p < area; p++)
                        weights[(g * GroupRows + p * groupChannels + c) * GroupOutputs + n] = kernels[((g * GroupOutputs + n) * groupChannels + c) * area + p];
                }
            }
        }

        return weights;
    }
}
