using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>The operators of ONNX that networks may use, by name. Their meaning is the ONNX standard's, in 32-bit floating point.</summary>
public static class OperatorTable
{
    private static readonly IReadOnlyDictionary<string, Func<OperatorCall, Tensor>> Operators = new Dictionary<string, Func<OperatorCall, Tensor>>
    {
        ["Conv"] = Convolutions.Convolve,
        ["ConvTranspose"] = Convolutions.ConvolveTransposed,
        ["Gemm"] = MatrixProducts.Gemm,
        ["MatMul"] = MatrixProducts.MatMul,
        ["BatchNormalization"] = Normalisations.BatchNormalization,
        ["Softmax"] = Normalisations.Softmax,
        ["ReduceMean"] = Normalisations.ReduceMean,
        ["MaxPool"] = Poolings.Max,
        ["AveragePool"] = Poolings.Average,
        ["GlobalAveragePool"] = Poolings.GlobalAverage,
        ["GlobalMaxPool"] = Poolings.GlobalMax,
        ["Relu"] = Elementwise.Relu,
        ["LeakyRelu"] = Elementwise.LeakyRelu,
        ["Clip"] = Elementwise.Clip,
        ["HardSwish"] = Elementwise.HardSwish,
        ["HardSigmoid"] = Elementwise.HardSigmoid,
        ["Sigmoid"] = Elementwise.Sigmoid,
        ["Tanh"] = Elementwise.Tanh,
        ["Exp"] = Elementwise.Exp,
        ["Sqrt"] = Elementwise.Sqrt,
        ["Erf"] = Elementwise.Erf,
        ["Neg"] = Elementwise.Neg,
        ["Add"] = Elementwise.Add,
        ["Sub"] = Elementwise.Sub,
        ["Mul"] = Elementwise.Mul,
        ["Div"] = Elementwise.Div,
        ["Pow"] = Elementwise.Pow,
        ["Cast"] = Elementwise.Cast,
        ["Identity"] = call => call[0],
        ["Dropout"] = call => call[0],
        ["Constant"] = Shapes.Constant,
        ["Shape"] = Shapes.ShapeOf,
        ["Flatten"] = Shapes.Flatten,
        ["Reshape"] = Shapes.Reshape,
        ["Squeeze"] = Shapes.Squeeze,
        ["Unsqueeze"] = Shapes.Unsqueeze,
        ["Transpose"] = Movements.Transpose,
        ["Concat"] = Movements.Concat,
        ["Slice"] = Movements.Slice,
        ["Gather"] = Movements.Gather,
        ["Pad"] = Movements.Pad,
        ["Resize"] = Resizing.Resize,
        ["Upsample"] = Resizing.Resize,
        ["QuantizeLinear"] = Quantisations.Quantize,
        ["DequantizeLinear"] = Quantisations.Dequantize,
    };

    public static IEnumerable<string> Names => Operators.Keys;

    public static bool Contains(string name) => Operators.ContainsKey(name);

    /// <exception cref="InputException">The operands or attributes are not what the operator takes; names the node.</exception>
    public static Tensor Evaluate(OperatorCall call)
    {
        try
        {
            return Operators[call.Node.Operator](call);
        }
        catch (InputException exception)
        {
            throw new InputException([.. exception.Problems.Select(problem => problem.StartsWith("node '", StringComparison.Ordinal) ? problem : $"{call.Node}: {problem}")]);
        }
    }
}
