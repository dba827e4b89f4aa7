using ReDy.Networks.Graphs;
using ReDy.Networks.Layers;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Tests.Inference;

/// <summary>Steps between the products: codes in, codes out, each within half a code of what the operator does to their values.</summary>
public sealed class DigitalStepTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static readonly IReadOnlyDictionary<string, (OnnxModel Model, DigitalKind Kind)> Steps = new Dictionary<string, (OnnxModel, DigitalKind)>
    {
        ["sigmoid"] = (Image().Node("Sigmoid", "x", "y"), DigitalKind.Table),
        ["times a number"] = (Image().Floats("k", [], -0.7f).Node("Mul", "k x", "y"), DigitalKind.Table),
        ["number minus it"] = (Image().Floats("k", [1], 0.7f).Node("Sub", "k x", "y"), DigitalKind.Table),
        ["added to itself, turned"] = (Image().Node("Transpose", "x", "t", ("perm", new[] { 0, 1, 3, 2 })).Node("Add", "x t", "y"), DigitalKind.PairTable),
        ["scaled by its channels' averages"] = (Image().Node("GlobalAveragePool", "x", "t").Node("Mul", "x t", "y"), DigitalKind.PairTable),
        ["global average"] = (Image().Node("GlobalAveragePool", "x", "y"), DigitalKind.AveragePooling),
        ["average with padding"] = (Image().Node("AveragePool", "x", "y", ("kernel_shape", new[] { 2, 3 }), ("pads", new[] { 1, 0, 0, 1 })), DigitalKind.AveragePooling),
        ["maximum"] = (Image().Node("MaxPool", "x", "y", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 })), DigitalKind.Movement),
        ["padded with zero"] = (Image().Integers("p", 0, 0, 1, 2, 0, 0, 0, 1).Node("Pad", "x p", "y"), DigitalKind.Movement),
        ["a constant per channel"] = (Image().Weights("k", 3, 1, 1).Node("Add", "x k", "y"), DigitalKind.Host),
        ["joined with its rectified self"] = (Image().Node("Relu", "x", "t").Node("Concat", "x t", "y", ("axis", 1)), DigitalKind.Host),
    };

    public static TheoryData<string> Names() => [.. Steps.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Codes_are_those_of_the_operators_values(string name)
    {
        (OnnxModel model, DigitalKind kind) = Steps[name];
        Network network = Network.Load(folder.Write("net.onnx", model.Output("y").Bytes()));
        var random = new Random(11);
        var image = new Tensor(network.ImageShape, [.. Enumerable.Range(0, 48).Select(_ => (float)(2 * random.NextDouble() - 0.8))]);
        IReadOnlyDictionary<string, Tensor> numbers = new GraphRun(network.Graph).All(image);
        var roles = new TensorRoles(network);
        var types = new Dictionary<string, QuantisedType> { ["x"] = QuantisedType.Spanning(-0.8, 1.2, 8) };
        var known = new Dictionary<string, Tensor> { ["x"] = types["x"].Codes(image) };
        foreach (GraphNode node in network.Graph.Nodes)
        {
            DigitalKind found = roles.Kind(node, 8);
            types[node.Output] = found == DigitalKind.Movement ? types[node.Inputs[0]] : QuantisedType.Spanning(numbers[node.Output].Floats.Min() - 0.1, numbers[node.Output].Floats.Max() + 0.1, 8);
            var step = new DigitalStep(node.Name, node, found, network.Graph, types);
            Tensor exact = Values(network.Graph, node, types, known);
            known[node.Output] = step.Compute(known);
            known[node.Output].Shape.ShouldBe(exact.Shape);
            for (int i = 0; i < exact.Length; i++)
                types[node.Output].Value(known[node.Output].Integers[i]).ShouldBe(exact.Floats[i], types[node.Output].Scale * 0.502, $"{node}, {i}");
            if (node.Output == "y")
                step.Kind.ShouldBe(kind);
        }
    }

    public void Dispose() => folder.Dispose();

    /// <summary>The operator on the values of the codes that are there.</summary>
    private static Tensor Values(Graph graph, GraphNode node, Dictionary<string, QuantisedType> types, Dictionary<string, Tensor> known) =>
        ReDy.Networks.Operators.OperatorTable.Evaluate(new ReDy.Networks.Operators.OperatorCall(
            node, [.. node.Inputs.Select(input => graph.Constants.GetValueOrDefault(input) ?? types[input].Values(known[input]))], graph.OperatorSet));

    private static OnnxModel Image() => new OnnxModel().Input("x", 1, 3, 4, 4);
}
