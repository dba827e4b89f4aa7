using ReDy.Networks.Graphs;
using ReDy.Networks.Onnx;
using ReDy.Networks.Operators;
using ReDy.OnnxReference;

namespace ReDy.Networks.Tests.Operators;

/// <summary>Each operator, in the forms in which networks use it, against ONNX Runtime.</summary>
public sealed class OperatorAgreementTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static readonly IReadOnlyDictionary<string, OnnxModel> Models = new Dictionary<string, OnnxModel>
    {
        ["Conv with asymmetric padding and stride"] = Image(4, 7, 9).Weights("w", 6, 4, 3, 3).Weights("b", 6).Node("Conv", "x w b", "y", ("pads", new[] { 0, 1, 2, 1 }), ("strides", new[] { 2, 1 })),
        ["Conv with groups and dilation"] = Image(4, 9, 9).Weights("w", 8, 2, 3, 2).Node("Conv", "x w", "y", ("group", 2), ("dilations", new[] { 2, 3 }), ("pads", new[] { 1, 1, 1, 1 })),
        ["Conv depthwise, same upper"] = Image(5, 8, 7).Weights("w", 5, 1, 3, 3).Node("Conv", "x w", "y", ("group", 5), ("auto_pad", "SAME_UPPER"), ("strides", new[] { 2, 2 })),
        ["Conv same lower"] = Image(2, 8, 8).Weights("w", 3, 2, 2, 2).Node("Conv", "x w", "y", ("auto_pad", "SAME_LOWER"), ("strides", new[] { 1, 1 })),
        ["Conv valid"] = Image(2, 8, 8).Weights("w", 3, 2, 3, 3).Node("Conv", "x w", "y", ("auto_pad", "VALID")),
        ["ConvTranspose with stride and padding"] = Image(3, 5, 4).Weights("w", 3, 2, 3, 3).Weights("b", 2).Node("ConvTranspose", "x w b", "y", ("strides", new[] { 2, 2 }), ("pads", new[] { 1, 0, 1, 1 }), ("output_padding", new[] { 1, 0 })),
        ["ConvTranspose with groups"] = Image(4, 5, 4).Weights("w", 4, 3, 2, 2).Node("ConvTranspose", "x w", "y", ("group", 2), ("dilations", new[] { 2, 1 })),
        ["Gemm with transposed weights, alpha and beta"] = Vector(3, 20).Weights("w", 7, 20).Weights("b", 7).Node("Gemm", "x w b", "y", ("transB", 1), ("alpha", 0.5f), ("beta", 2f)),
        ["Gemm with transposed input"] = Vector(5, 3).Weights("w", 5, 40).Node("Gemm", "x w", "y", ("transA", 1)),
        ["MatMul of a stack"] = Image(2, 6, 5).Weights("w", 5, 37).Node("MatMul", "x w", "y"),
        ["MatMul of two stacks"] = Image(2, 6, 5).Node("Transpose", "x", "t", ("perm", new[] { 0, 1, 3, 2 })).Node("MatMul", "x t", "y"),
        ["MatMul with a vector"] = Image(2, 6, 5).Weights("w", 5).Node("MatMul", "x w", "y"),
        ["BatchNormalization"] = Image(4, 3, 3).Weights("s", 4).Weights("b", 4).Weights("m", 4).Floats("v", [4], 1, 2, 0.5f, 3).Node("BatchNormalization", "x s b m v", "y", ("epsilon", 0.01f)),
        ["Softmax over channels"] = Image(4, 3, 3).Node("Softmax", "x", "y", ("axis", 1)),
        ["Softmax of operator set 9 over everything behind an axis"] = Image(9, 4, 3, 3).Node("Softmax", "x", "y", ("axis", 1)),
        ["ReduceMean over rows and columns"] = Image(4, 3, 5).Node("ReduceMean", "x", "y", ("axes", new[] { 2, 3 }), ("keepdims", 0)),
        ["MaxPool with padding and ceiling"] = Image(2, 8, 7).Node("MaxPool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("pads", new[] { 1, 1, 1, 1 }), ("ceil_mode", 1)),
        ["AveragePool without its padding"] = Image(2, 8, 7).Node("AveragePool", "x", "y", ("kernel_shape", new[] { 3, 2 }), ("strides", new[] { 2, 1 }), ("pads", new[] { 1, 0, 1, 1 })),
        ["AveragePool with its padding"] = Image(2, 8, 7).Node("AveragePool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 1, 1, 1 }), ("count_include_pad", 1)),
        ["GlobalAveragePool"] = Image(3, 4, 5).Node("GlobalAveragePool", "x", "y"),
        ["GlobalMaxPool"] = Image(3, 4, 5).Node("GlobalMaxPool", "x", "y"),
        ["Relu"] = Centred().Node("Relu", "c", "y"),
        ["LeakyRelu"] = Centred().Node("LeakyRelu", "c", "y", ("alpha", 0.2f)),
        ["Clip by operands"] = Centred().Floats("lo", [], -0.1f).Floats("hi", [], 0.2f).Node("Clip", "c lo hi", "y"),
        ["Clip by one operand"] = Centred().Floats("hi", [], 0.2f).Node("Clip", "c - hi", "y"),
        ["Clip by attributes"] = Centred(9).Node("Clip", "c", "y", ("min", 0f), ("max", 0.3f)),
        ["HardSwish"] = Centred(14).Node("HardSwish", "c", "y"),
        ["HardSigmoid"] = Centred().Node("HardSigmoid", "c", "y", ("alpha", 3f)),
        ["Sigmoid"] = Centred().Node("Sigmoid", "c", "y"),
        ["Tanh, Exp, Sqrt and Neg"] = Centred().Node("Tanh", "c", "t").Node("Exp", "t", "e").Node("Sqrt", "e", "q").Node("Neg", "q", "y"),
        ["Erf"] = Centred().Floats("k", [], 9).Node("Mul", "c k", "m").Node("Erf", "m", "y"),
        ["Add and Mul of channels"] = Image(4, 3, 3).Weights("a", 4, 1, 1).Weights("m", 1, 4, 1, 1).Node("Add", "x a", "t").Node("Mul", "t m", "y"),
        ["Sub and Div by numbers"] = Image(4, 3, 3).Floats("a", [], 2).Floats("m", [1], 3).Node("Sub", "a x", "t").Node("Div", "t m", "y"),
        ["Pow"] = Image(4, 3, 3).Floats("two", [], 2).Floats("half", [], 0.5f).Node("Pow", "x two", "t").Node("Pow", "t half", "y"),
        ["Flatten, Reshape and Squeeze"] = Image(4, 3, 1).Integers("s", 0, 3, -1).Integers("a", 2).Node("Flatten", "x", "f", ("axis", 2)).Node("Reshape", "f s", "r").Node("Squeeze", "r a", "q").Node("Flatten", "q", "y"),
        ["Unsqueeze"] = Image(4, 3, 2).Integers("a", 0, -1).Node("Unsqueeze", "x a", "y"),
        ["Transpose"] = Image(4, 3, 2).Node("Transpose", "x", "y", ("perm", new[] { 2, 0, 3, 1 })),
        ["Concat"] = Image(4, 3, 2).Node("Concat", "x x", "y", ("axis", -2)),
        ["Slice with steps from both ends"] = Image(6, 9, 8).Integers("s", 1, -1).Integers("e", long.MaxValue, -8).Integers("a", 1, 3).Integers("p", 2, -3).Node("Slice", "x s e a p", "y"),
        ["Slice by attributes"] = Image(9, 6, 9, 8).Node("Slice", "x", "y", ("starts", new[] { 2 }), ("ends", new[] { -1 }), ("axes", new[] { 2 })),
        ["Gather"] = Image(6, 3, 2).Integers("i", 2, -1, 0).Node("Gather", "x i", "y", ("axis", 1)),
        ["Pad with a number"] = Image(2, 3, 4).Integers("p", 0, 0, 1, 2, 0, 1, 0, 3).Floats("v", [], 0.5f).Node("Pad", "x p v", "y"),
        ["Pad by reflection"] = Image(2, 3, 4).Integers("p", 0, 0, 1, 2, 0, 0, 2, 3).Node("Pad", "x p", "y", ("mode", "reflect")),
        ["Pad with the edge"] = Image(2, 3, 4).Integers("p", 0, 0, 1, 2, 0, 0, 2, 3).Node("Pad", "x p", "y", ("mode", "edge")),
        ["Resize to the nearest"] = Image(2, 3, 4).Floats("s", [4], 1, 1, 2, 3).Node("Resize", "x - s", "y", ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")),
        ["Resize linearly to sizes"] = Image(2, 3, 4).Integers("z", 1, 2, 7, 6).Node("Resize", "x - - z", "y", ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel")),
        ["Resize linearly with aligned corners"] = Image(2, 3, 4).Integers("z", 1, 2, 7, 6).Node("Resize", "x - - z", "y", ("mode", "linear"), ("coordinate_transformation_mode", "align_corners")),
        ["Upsample"] = Image(9, 2, 3, 4).Floats("s", [4], 1, 1, 2, 2).Node("Upsample", "x s", "y", ("mode", "nearest")),
        ["Shape and Cast"] = Image(2, 3, 4).Node("Shape", "x", "s").Node("Cast", "s", "y", ("to", 1)),
        ["Constant, Identity and Dropout"] = Image(2, 3, 4).Node("Constant", "", "k", ("value_float", 2f)).Node("Identity", "x", "i").Node("Dropout", "i", "d").Node("Mul", "d k", "y"),
        ["QuantizeLinear and DequantizeLinear"] = Centred().Floats("s", [], 0.01f).Integers("z", global::Onnx.TensorProto.Types.DataType.Uint8, [], 100).Node("QuantizeLinear", "c s z", "q").Node("DequantizeLinear", "q s z", "y"),
        ["QuantizeLinear to signed codes"] = Centred().Floats("s", [], 0.01f).Integers("z", global::Onnx.TensorProto.Types.DataType.Int8, [], -20).Node("QuantizeLinear", "c s z", "q").Node("DequantizeLinear", "q s z", "y"),
    };

    public static TheoryData<string> Names() => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operator_computes_what_ONNX_Runtime_computes(string name)
    {
        string path = folder.Write("net.onnx", Models[name].Output("y").Bytes());
        Graph graph = OnnxFile.Read(path);
        int[] shape = [.. graph.Inputs[0].Shape.Select(size => size!.Value)];
        var random = new Random(1);
        var image = new Tensor(shape, [.. Enumerable.Range(0, Tensor.Size(shape)).Select(_ => (float)random.NextDouble())]);
        foreach (TensorAgreement tensor in OnnxRuntimeReference.Compare(path, graph, image))
            tensor.Difference.ShouldBeLessThan(1e-5, $"{tensor}");
    }

    [Fact]
    public void Every_operator_is_compared()
    {
        HashSet<string> compared = [.. Models.Values.SelectMany(model => model.Proto.Graph.Node.Select(node => node.OpType))];
        OperatorTable.Names.Except(compared).ShouldBeEmpty();
    }

    public void Dispose() => folder.Dispose();

    private static OnnxModel Image(int channels, int rows, int columns) => Image(13, channels, rows, columns);

    private static OnnxModel Image(int operatorSet, int channels, int rows, int columns) => new OnnxModel(operatorSet).Input("x", 1, channels, rows, columns);

    private static OnnxModel Vector(int rows, int columns) => new OnnxModel().Input("x", rows, columns);

    /// <summary>Numbers on both sides of zero.</summary>
    private static OnnxModel Centred(int operatorSet = 13) => Image(operatorSet, 2, 5, 6).Floats("half", [], 0.5f).Node("Sub", "x half", "c");
}
