using ReDy.Networks.Graphs;
using ReDy.Networks.Layers;

namespace ReDy.Networks.Quantisation;

/// <summary>How a node outside the tile is computed on codes.</summary>
public enum DigitalKind
{
    /// <summary>Codes go to other places: no arithmetic.</summary>
    Movement,

    /// <summary>A table of one code for each code.</summary>
    Table,

    /// <summary>A table of one code for each pair of codes.</summary>
    PairTable,

    /// <summary>A sum of codes, a multiplication and a shift.</summary>
    AveragePooling,

    /// <summary>Codes to numbers, the operator in floating point, numbers to codes: for a processor beside the accelerator.</summary>
    Host,
}

/// <summary>
/// What each node of a network becomes when it is quantised: which activations join the products before them, which tensors
/// are codes, and where the tail begins that no product reads any more.
/// </summary>
internal sealed class TensorRoles
{
    private static readonly HashSet<string> Movements =
        ["MaxPool", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Slice", "Gather", "Pad"];

    private static readonly HashSet<string> Functions =
        ["Relu", "Clip", "LeakyRelu", "HardSwish", "HardSigmoid", "Sigmoid", "Tanh", "Exp", "Sqrt", "Erf", "Neg"];

    private static readonly HashSet<string> Pairs = ["Add", "Sub", "Mul", "Div"];
    private const int LargestPairTableBits = 16;
    private readonly Network network;
    private readonly ILookup<string, GraphNode> readers;
    private readonly HashSet<string> readByProducts = [];
    private readonly Dictionary<string, GraphNode> activations = [];

    public TensorRoles(Network network)
    {
        this.network = network;
        readers = network.Graph.Readers;
        HashSet<GraphNode> products = [.. network.TileLayers.Select(layer => layer.Node)];
        foreach (GraphNode node in network.Graph.Nodes.Reverse())
        {
            if (products.Contains(node) || readByProducts.Contains(node.Output))
                readByProducts.UnionWith(node.Inputs);
        }

        foreach (GraphNode product in products)
        {
            if (readers[product.Output].ToArray() is [{ } activation] && product.Output != network.Output && readByProducts.Contains(activation.Output) && IsRectifier(activation) && !network.GivenTypes.ContainsKey(product.Output))
                activations.Add(product.Output, activation);
        }
    }

    /// <summary>Whether a product needs the tensor, or something made of it: then it must be codes.</summary>
    public bool IsCoded(string tensor) => readByProducts.Contains(tensor);

    /// <summary>The rectifier that the tile applies when it requantises the product; null if there is none.</summary>
    public GraphNode? Activation(string product) => activations.GetValueOrDefault(product);

    public bool IsActivation(GraphNode node) => activations.TryGetValue(node.Inputs[0], out GraphNode? activation) && activation == node;

    public DigitalKind Kind(GraphNode node, int bits)
    {
        string[] variables = [.. node.Inputs.Where(input => input.Length > 0 && !network.Graph.Constants.ContainsKey(input))];
        bool byNumber = variables.Length == 1 && Pairs.Contains(node.Operator) && node.Inputs.All(input => input == variables[0] || network.Graph.Constants[input].Length == 1);
        return node.Operator switch
        {
            "Resize" or "Upsample" => node.Text("mode", "nearest") == "nearest" ? DigitalKind.Movement : DigitalKind.Host,
            "Pad" when !PadsZero(node) => DigitalKind.Host,
            "GlobalAveragePool" or "AveragePool" => DigitalKind.AveragePooling,
            _ when variables.Length == 1 && Movements.Contains(node.Operator) => DigitalKind.Movement,
            _ when byNumber || (variables.Length == 1 && Functions.Contains(node.Operator)) => DigitalKind.Table,
            _ when variables.Length == 2 && Pairs.Contains(node.Operator) && 2 * bits <= LargestPairTableBits => DigitalKind.PairTable,
            _ => DigitalKind.Host,
        };
    }

    /// <summary>Clamping codes at 0 does what the function does: negative values become 0, and codes end where it ends.</summary>
    private bool IsRectifier(GraphNode node) => node.Operator switch
    {
        "Relu" => true,
        "Clip" => Operators.Elementwise.ClipRange(node, Constant(node, 1), Constant(node, 2)).Least == 0,
        _ => false,
    };

    private bool PadsZero(GraphNode node) => node.Float("value", 0) == 0 && (Constant(node, 2) is not { } filled || filled.AsFloats().Floats[0] == 0);

    private Tensor? Constant(GraphNode node, int operand) => node.Inputs.Count > operand && node.Inputs[operand].Length > 0 ? network.Graph.Constants.GetValueOrDefault(node.Inputs[operand]) : null;
}
