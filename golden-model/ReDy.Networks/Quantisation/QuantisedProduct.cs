using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;
using ReDy.Networks.Graphs;
using ReDy.Networks.Layers;
using ReDy.Networks.Mapping;

namespace ReDy.Networks.Quantisation;

/// <summary>A rectangle of a layer's weights that is programmed as one matrix: all of it, or some groups of a grouped convolution, block by block.</summary>
/// <param name="FirstRow">First of the layer's K.</param>
/// <param name="FirstOutput">First of the layer's N.</param>
/// <param name="Weights">[K, N] of the rectangle; zero between the groups.</param>
public sealed record MatrixPart(int FirstRow, int FirstOutput, Matrix<int> Weights);

/// <summary>A layer on the tile with its integers.</summary>
public sealed class QuantisedProduct
{
    /// <param name="output">Type of what the tile delivers; null asks for raw accumulators, all in one unit.</param>
    /// <param name="isRectified">Negative sums count as 0.</param>
    public QuantisedProduct(TileGeometry geometry, NetworkLayer layer, string outputTensor, QuantisedType input, QuantisedType? output, bool isRectified)
    {
        Layer = layer;
        InputTensor = layer.Node.Inputs[0];
        OutputTensor = outputTensor;
        InputType = input;
        IsRaw = output is null;
        double[] scales = WeightScales(geometry, layer.Matrix!, input, output);
        int[] codes = WeightCodes(geometry, layer.Matrix!, scales);
        Parts = Split(geometry, layer.Matrix!, codes);
        OutputType = output ?? new QuantisedType(input.Scale * scales[0], 0, QuantisedType.AccumulatorBits);
        Requantisation = Requantise(geometry, codes, scales, isRectified);
    }

    public NetworkLayer Layer { get; }
    public string Name => Layer.Name;
    public MatrixLayer Matrix => Layer.Matrix!;
    public string InputTensor { get; }

    /// <summary>After the rectifier, where there is one.</summary>
    public string OutputTensor { get; }
    public QuantisedType InputType { get; }
    public QuantisedType OutputType { get; }

    /// <summary>The tile delivers y + bias instead of codes.</summary>
    public bool IsRaw { get; }
    public IReadOnlyList<MatrixPart> Parts { get; }

    /// <summary>Of all outputs of the layer; with raw accumulators only the bias counts.</summary>
    public Requantisation Requantisation { get; }

    /// <summary>The requantisation of one part's outputs.</summary>
    public Requantisation RequantisationOf(MatrixPart part) => Requantisation with
    {
        Bias = [.. Requantisation.Bias.Skip(part.FirstOutput).Take(part.Weights.Columns)],
        Multiplier = [.. Requantisation.Multiplier.Skip(part.FirstOutput).Take(part.Weights.Columns)],
        Shift = [.. Requantisation.Shift.Skip(part.FirstOutput).Take(part.Weights.Columns)],
    };

    /// <summary>The input vectors of a part, image after image: [images * vectors, K of the part].</summary>
    public Matrix<ushort> Vectors(MatrixPart part, IReadOnlyList<Tensor> images)
    {
        var matrix = new Matrix<ushort>(images.Count * Matrix.Vectors, part.Weights.Rows);
        Lower(part, images, matrix.Values);
        return matrix;
    }

    /// <summary>As <see cref="Vectors"/>, into memory of the caller.</summary>
    public void Lower(MatrixPart part, IReadOnlyList<Tensor> images, Span<ushort> vectors)
    {
        int size = Matrix.Vectors * part.Weights.Rows;
        for (int image = 0; image < images.Count; image++)
            Matrix.Lower(images[image].Integers, InputType.ZeroPoint, part.FirstRow / Matrix.GroupRows, part.Weights.Rows / Matrix.GroupRows, vectors.Slice(image * size, size));
    }

    /// <summary>One scale per output, the largest weight at the largest code; one for all where accumulators are compared with one another.</summary>
    private static double[] WeightScales(TileGeometry geometry, MatrixLayer matrix, QuantisedType input, QuantisedType? output)
    {
        int largest = (1 << (geometry.Config.Weights.Bits - 1)) - 1;
        var scales = new double[matrix.Outputs];
        for (int n = 0; n < scales.Length; n++)
        {
            double peak = 0;
            for (int k = 0; k < matrix.GroupRows; k++)
                peak = Math.Max(peak, Math.Abs(Weight(matrix, k, n)));
            // An output of weights near zero still has to hold its bias, with a bit to spare.
            double forBias = Math.Abs(matrix.Bias[n]) / (input.Scale * Math.ScaleB(1, geometry.Config.Outputs.BiasBits - 3));
            double none = output is null ? 0 : Math.ScaleB(output.Scale / input.Scale, -geometry.Config.Outputs.MultiplierBits);
            scales[n] = Math.Max(peak == 0 ? none : Math.Max(peak / largest, 1e-30), forBias);
        }

        if (output is not null)
            return scales;
        double common = scales.Max();
        return [.. scales.Select(_ => common > 0 ? common : 1)];
    }

    private static float Weight(MatrixLayer matrix, int k, int n) => matrix.Weights[((n / matrix.GroupOutputs * matrix.GroupRows) + k) * matrix.GroupOutputs + n % matrix.GroupOutputs];

    /// <summary>[K of the group, N].</summary>
    private static int[] WeightCodes(TileGeometry geometry, MatrixLayer matrix, double[] scales)
    {
        int largest = (1 << (geometry.Config.Weights.Bits - 1)) - 1;
        var codes = new int[matrix.GroupRows * matrix.Outputs];
        for (int i = 0; i < codes.Length; i++)
        {
            int k = i / matrix.Outputs, n = i % matrix.Outputs;
            codes[i] = scales[n] == 0 ? 0 : (int)Math.Clamp(Math.Round(Weight(matrix, k, n) / scales[n]), -largest, largest);
        }

        return codes;
    }

    private static MatrixPart[] Split(TileGeometry geometry, MatrixLayer matrix, int[] codes)
    {
        return [.. PartShape.Of(geometry, matrix).Select(shape =>
        {
            var weights = new Matrix<int>(shape.Rows, shape.Outputs);
            for (int g = 0; g < shape.Groups; g++)
            {
                for (int k = 0; k < matrix.GroupRows; k++)
                {
                    for (int n = 0; n < matrix.GroupOutputs; n++)
                        weights[g * matrix.GroupRows + k, g * matrix.GroupOutputs + n] = codes[k * matrix.Outputs + (shape.FirstGroup + g) * matrix.GroupOutputs + n];
                }
            }

            return new MatrixPart(shape.FirstGroup * matrix.GroupRows, shape.FirstGroup * matrix.GroupOutputs, weights);
        })];
    }

    private Requantisation Requantise(TileGeometry geometry, int[] codes, double[] scales, bool isRectified)
    {
        int outputs = Matrix.Outputs;
        long[] bias = new long[outputs], multiplier = new long[outputs];
        int[] shift = new int[outputs];
        long limit = 1L << (geometry.Config.Outputs.BiasBits - 1);
        for (int n = 0; n < outputs; n++)
        {
            long sum = 0;
            for (int k = 0; k < Matrix.GroupRows; k++)
                sum += codes[k * outputs + n];
            double unit = InputType.Scale * scales[n];
            bias[n] = (unit == 0 ? 0 : (long)Math.Round(Matrix.Bias[n] / unit)) - InputType.ZeroPoint * sum;
            if (bias[n] < -limit || bias[n] >= limit)
                throw new InputException($"layer {Name}: the bias of output {n} is {bias[n]} in units of the accumulator and does not fit outputs.bias_bits = {geometry.Config.Outputs.BiasBits}; raise it");
            if (IsRaw)
            {
                multiplier[n] = 1;
                continue;
            }

            FixedPoint factor = FixedPoint.Of(unit / OutputType.Scale, geometry.Config.Outputs.MultiplierBits, TileGeometry.MaximumShift)
                ?? throw new InputException($"layer {Name}: output {n} is scaled by {unit / OutputType.Scale:g4}, which outputs.multiplier_bits = {geometry.Config.Outputs.MultiplierBits} cannot hold; raise it");
            (multiplier[n], shift[n]) = (factor.Multiplier, factor.Shift);
        }

        return new Requantisation { Bias = bias, Multiplier = multiplier, Shift = shift, ZeroPoint = IsRaw ? 0 : OutputType.ZeroPoint, Relu = isRectified };
    }
}
