using ReDy.Architecture;

namespace ReDy.Networks.Graphs;

/// <summary>One operation of a network as the file has it.</summary>
/// <param name="Name">Unique; made from the operator and its place where the file gives none.</param>
/// <param name="Inputs">Names of tensors; empty where an optional input is left out.</param>
/// <param name="Outputs">Names of the tensors it delivers.</param>
/// <param name="Attributes">long, float, string, long[], float[] or <see cref="Tensor"/>.</param>
public sealed record GraphNode(string Name, string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, object> Attributes)
{
    public string Output => Outputs[0];

    public bool Has(string attribute) => Attributes.ContainsKey(attribute);

    public int Integer(string attribute, int otherwise) => Attributes.TryGetValue(attribute, out object? value) ? (int)Math.Clamp(As<long>(attribute, value), int.MinValue, int.MaxValue) : otherwise;

    public float Float(string attribute, float otherwise) => Attributes.TryGetValue(attribute, out object? value) ? As<float>(attribute, value) : otherwise;

    public string Text(string attribute, string otherwise) => Attributes.TryGetValue(attribute, out object? value) ? As<string>(attribute, value) : otherwise;

    public int[]? Integers(string attribute) =>
        Attributes.TryGetValue(attribute, out object? value) ? Array.ConvertAll(As<long[]>(attribute, value), number => (int)Math.Clamp(number, int.MinValue, int.MaxValue)) : null;

    /// <summary>For messages: what and where.</summary>
    public override string ToString() => $"node '{Name}' ({Operator})";

    private T As<T>(string attribute, object value) =>
        value is T typed ? typed : throw new InputException($"{this}: attribute {attribute} is of another type than ONNX defines");
}

/// <summary>A network's input or output.</summary>
/// <param name="Shape">Null for dimensions that the file leaves open.</param>
public sealed record GraphPort(string Name, IReadOnlyList<int?> Shape)
{
    public override string ToString() => $"'{Name}' {string.Join("x", Shape.Select(dimension => dimension?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"))}";
}

/// <summary>A network as a list of nodes in an order in which they can be computed.</summary>
/// <param name="Name">For reports.</param>
/// <param name="OperatorSet">Version of the operators' definitions.</param>
/// <param name="Constants">Weights and other tensors that are known beforehand.</param>
public sealed record Graph(
    string Name, int OperatorSet, IReadOnlyList<GraphPort> Inputs, IReadOnlyList<GraphPort> Outputs, IReadOnlyList<GraphNode> Nodes, IReadOnlyDictionary<string, Tensor> Constants)
{
    /// <summary>Nodes that read each tensor.</summary>
    public ILookup<string, GraphNode> Readers => Nodes.SelectMany(node => node.Inputs.Distinct().Select(input => (input, node))).ToLookup(pair => pair.input, pair => pair.node);

    /// <summary>Nodes that deliver each tensor.</summary>
    public IReadOnlyDictionary<string, GraphNode> Writers => Nodes.SelectMany(node => node.Outputs.Select(output => (output, node))).ToDictionary(pair => pair.output, pair => pair.node);
}
