using Google.Protobuf;
using Onnx;
using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Operators;

namespace ReDy.Networks.Onnx;

/// <summary>Reads ONNX files. What cannot be computed is said at once, all of it, by node and operator.</summary>
public static class OnnxFile
{
    private const string StandardDomain = "", StandardDomainName = "ai.onnx";

    /// <exception cref="InputException">Not an ONNX file, damaged, or with operators that are not supported.</exception>
    public static Graph Read(string path)
    {
        ModelProto model = Parse(path);
        GraphProto graph = model.Graph;
        int operatorSet = (int)(model.OpsetImport.FirstOrDefault(set => set.Domain is StandardDomain or StandardDomainName)?.Version
            ?? throw new InputException($"{path}: imports no operator set of ONNX (domain ai.onnx); export it again with a standard operator set"));
        var tensors = new OnnxTensors(path);
        var constants = graph.Initializer.ToDictionary(initializer => initializer.Name, initializer => tensors.Read(initializer, $"weights '{initializer.Name}'"));
        GraphNode[] nodes = [.. graph.Node.Select((node, i) => Node(tensors, node, i))];
        CheckOperators(path, graph, nodes);
        CheckWiring(path, graph, nodes, constants);
        return new Graph(
            Path.GetFileNameWithoutExtension(path),
            operatorSet,
            [.. graph.Input.Where(input => !constants.ContainsKey(input.Name)).Select(Port)],
            [.. graph.Output.Select(Port)],
            nodes,
            constants);
    }

    private static ModelProto Parse(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{path} is a folder; give the .onnx file in it");
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file; give a network exported to ONNX");
        ModelProto model;
        try
        {
            using FileStream stream = File.OpenRead(path);
            model = ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InputException($"{path} is not an ONNX file: {exception.Message.Split('.')[0].ToLowerInvariant()}; export the network again, for instance with torch.onnx.export", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message}", exception);
        }

        return model.Graph is { Node.Count: > 0 }
            ? model
            : throw new InputException($"{path} is not an ONNX file, or has no nodes; export the network again, for instance with torch.onnx.export");
    }

    private static GraphNode Node(OnnxTensors tensors, NodeProto node, int place)
    {
        string name = node.Name.Length > 0 ? node.Name : $"{node.OpType}_{place}";
        return new GraphNode(name, node.OpType, [.. node.Input], [.. node.Output], node.Attribute.ToDictionary(attribute => attribute.Name, attribute => Value(tensors, name, attribute)));
    }

    private static object Value(OnnxTensors tensors, string node, AttributeProto attribute) => attribute.Type switch
    {
        AttributeProto.Types.AttributeType.Float => attribute.F,
        AttributeProto.Types.AttributeType.Int => attribute.I,
        AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
        AttributeProto.Types.AttributeType.Floats => attribute.Floats.ToArray(),
        AttributeProto.Types.AttributeType.Ints => attribute.Ints.ToArray(),
        AttributeProto.Types.AttributeType.Tensor => tensors.Read(attribute.T, $"attribute {attribute.Name} of node '{node}'"),
        _ => attribute.Type.ToString(),
    };

    private static void CheckOperators(string path, GraphProto graph, GraphNode[] nodes)
    {
        var problems = new List<string>();
        for (int i = 0; i < nodes.Length; i++)
        {
            string domain = graph.Node[i].Domain;
            bool isKnown = domain is StandardDomain or StandardDomainName && OperatorTable.Contains(nodes[i].Operator);
            if (!isKnown)
                problems.Add($"{path}: operator {(domain.Length > 0 ? $"{domain}." : "")}{nodes[i].Operator} is not supported: node '{nodes[i].Name}', {i + 1} of {nodes.Length}, reads {Names(nodes[i].Inputs)}, delivers {Names(nodes[i].Outputs)}; "
                    + "export the network without it, or end it before");
            else if (nodes[i].Outputs.Skip(1).FirstOrDefault(extra => extra.Length > 0 && IsRead(graph, extra)) is { } second)
                problems.Add($"{path}: output '{second}' of {nodes[i]}, {i + 1} of {nodes.Length}, is not supported; only the first output is computed");
        }

        if (problems.Count != 0)
            throw new InputException(problems);

        static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
    }

    private static bool IsRead(GraphProto graph, string tensor) => graph.Node.Any(node => node.Input.Contains(tensor)) || graph.Output.Any(output => output.Name == tensor);

    /// <summary>Every tensor exists before it is read, and only once.</summary>
    private static void CheckWiring(string path, GraphProto graph, GraphNode[] nodes, Dictionary<string, Tensor> constants)
    {
        var known = new HashSet<string>(constants.Keys.Concat(graph.Input.Select(input => input.Name)));
        foreach (GraphNode node in nodes)
        {
            if (node.Inputs.FirstOrDefault(input => input.Length > 0 && !known.Contains(input)) is { } missing)
                throw new InputException($"{path}: {node} reads '{missing}', which nothing before it delivers; the file is damaged");
            foreach (string output in node.Outputs.Where(output => output.Length > 0))
            {
                if (!known.Add(output))
                    throw new InputException($"{path}: {node} delivers '{output}', which exists already; the file is damaged");
            }
        }

        if (graph.Output.FirstOrDefault(output => !known.Contains(output.Name)) is { } lost)
            throw new InputException($"{path}: nothing delivers the output '{lost.Name}'; the file is damaged");
    }

    private static GraphPort Port(ValueInfoProto value) => new(
        value.Name,
        [.. value.Type?.TensorType?.Shape?.Dim.Select(dimension => dimension.HasDimValue && dimension.DimValue > 0 ? (int?)dimension.DimValue : null) ?? []]);
}
