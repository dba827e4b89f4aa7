using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>A window that moves over the rows and columns of a tensor [batch, channels, rows, columns]: of a convolution or a pooling.</summary>
/// <param name="Rows">Of the input.</param>
/// <param name="Columns">Of the input.</param>
/// <param name="PadTop">Rows of padding before the first.</param>
/// <param name="PadLeft">Columns of padding before the first.</param>
/// <param name="OutputRows">Positions of the window.</param>
/// <param name="OutputColumns">Positions of the window.</param>
public sealed record Window(
    int Rows, int Columns, int KernelRows, int KernelColumns, int StrideRows, int StrideColumns, int DilationRows, int DilationColumns,
    int PadTop, int PadLeft, int OutputRows, int OutputColumns)
{
    public int Positions => OutputRows * OutputColumns;
    public int KernelSize => KernelRows * KernelColumns;

    /// <summary>The window over a whole tensor as if it were one row of one column.</summary>
    public static Window Point { get; } = new(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1);

    /// <param name="shape">Of the input, four dimensions.</param>
    /// <param name="kernel">Rows and columns of the window.</param>
    public static Window Of(GraphNode node, int[] shape, int[] kernel)
    {
        if (shape.Length != 4 || kernel.Length != 2)
            throw new InputException($"works on {Tensor.Text(shape)}; only tensors of batch, channels, rows and columns are supported");
        int[] strides = Pair("strides"), dilations = Pair("dilations");
        int[] pads = node.Integers("pads") ?? [0, 0, 0, 0];
        if (pads.Length != 4)
            throw new InputException("pads must be four numbers: top, left, bottom, right");
        if (strides.Concat(dilations).Any(number => number < 1) || kernel.Any(number => number < 1))
            throw new InputException("strides, dilations and kernel_shape must be at least 1");
        string automatic = node.Text("auto_pad", "NOTSET");
        (int top, int rows) = Along(shape[2], kernel[0], strides[0], dilations[0], pads[0], pads[2], automatic, node.Integer("ceil_mode", 0) == 1);
        (int left, int columns) = Along(shape[3], kernel[1], strides[1], dilations[1], pads[1], pads[3], automatic, node.Integer("ceil_mode", 0) == 1);
        if (rows < 1 || columns < 1)
            throw new InputException($"a window of {kernel[0]}x{kernel[1]} does not fit into {shape[2]}x{shape[3]} rows and columns; the input image is too small");
        return new Window(shape[2], shape[3], kernel[0], kernel[1], strides[0], strides[1], dilations[0], dilations[1], top, left, rows, columns);

        int[] Pair(string attribute) => node.Integers(attribute) is { } given ? given.Length == 2 ? given : throw new InputException($"{attribute} must be two numbers") : [1, 1];
    }

    /// <summary>The input row under a row of the window, or -1 in the padding.</summary>
    public int Row(int outputRow, int kernelRow)
    {
        int row = outputRow * StrideRows - PadTop + kernelRow * DilationRows;
        return (uint)row < (uint)Rows ? row : -1;
    }

    /// <summary>The input column under a column of the window, or -1 in the padding.</summary>
    public int Column(int outputColumn, int kernelColumn)
    {
        int column = outputColumn * StrideColumns - PadLeft + kernelColumn * DilationColumns;
        return (uint)column < (uint)Columns ? column : -1;
    }

    private static (int Before, int Positions) Along(int size, int kernel, int stride, int dilation, int before, int after, string automatic, bool ceiling)
    {
        int span = (kernel - 1) * dilation + 1;
        switch (automatic)
        {
            case "SAME_UPPER" or "SAME_LOWER":
                int positions = (size + stride - 1) / stride, total = Math.Max(0, (positions - 1) * stride + span - size);
                int smaller = total / 2;
                return (automatic == "SAME_UPPER" ? smaller : total - smaller, positions);
            case "VALID":
                (before, after) = (0, 0);
                break;
            case "NOTSET":
                break;
            default:
                throw new InputException($"auto_pad {automatic} is not one that ONNX defines");
        }

        int room = size + before + after - span;
        if (room < 0)
            return (before, 0);
        int count = (ceiling ? (room + stride - 1) / stride : room / stride) + 1;
        // A last window that would begin in the padding behind the input does not count.
        if (ceiling && (count - 1) * stride >= size + before)
            count--;
        return (before, count);
    }
}
