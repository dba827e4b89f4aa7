using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Onnx;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Layers;

/// <summary>One layer of a network as hardware sees it.</summary>
/// <param name="Name">Short and unique: from the name of the weights where there are any.</param>
/// <param name="Node">What it computes.</param>
/// <param name="InputShapes">Of the operands that are not constants.</param>
/// <param name="Matrix">The product that a tile computes; null for digital layers.</param>
public sealed record NetworkLayer(string Name, GraphNode Node, IReadOnlyList<int[]> InputShapes, int[] OutputShape, MatrixLayer? Matrix)
{
    public bool IsOnTile => Matrix is not null;
}

/// <summary>
/// A network for images of one size. Products by constants are on the tile, everything else is digital: it happens beside
/// the crossbars, on codes.
/// </summary>
public sealed partial class Network
{
    private Network(Graph source, int[] imageShape)
    {
        Source = source;
        ImageShape = imageShape;
        (Graph, GraphPreparation preparation) = GraphPreparation.Prepare(source, imageShape);
        GivenTypes = preparation.GivenTypes;
        FoldedNormalisations = preparation.FoldedNormalisations;
        IReadOnlyDictionary<string, Tensor> trial = new GraphRun(Graph).All(new Tensor(imageShape, new float[Tensor.Size(imageShape)]));
        Shapes = trial.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.Shape);
        IsIntegral = trial.Where(tensor => !tensor.Value.IsFloat).Select(tensor => tensor.Key).ToHashSet();
        var names = new HashSet<string>();
        Layers = [.. Graph.Nodes.Select(node => Layer(node, names))];
    }

    public string Name => Source.Name;

    /// <summary>As the file has it.</summary>
    public Graph Source { get; }

    /// <summary>As it is computed: constants folded, batch normalisation in the weights.</summary>
    public Graph Graph { get; }

    /// <summary>Of one image: 1, channels, rows, columns.</summary>
    public int[] ImageShape { get; }

    /// <summary>Of every tensor of <see cref="Graph"/>.</summary>
    public IReadOnlyDictionary<string, int[]> Shapes { get; }

    /// <summary>Tensors that hold integers in the file already.</summary>
    public IReadOnlySet<string> IsIntegral { get; }

    /// <summary>Types of tensors that the file gives.</summary>
    public IReadOnlyDictionary<string, QuantisedType> GivenTypes { get; }
    public int FoldedNormalisations { get; }
    public IReadOnlyList<NetworkLayer> Layers { get; }
    public IEnumerable<NetworkLayer> TileLayers => Layers.Where(layer => layer.IsOnTile);
    public string Input => Graph.Inputs[0].Name;
    public string Output => Graph.Outputs[0].Name;

    /// <param name="image">Shape of the input where the file leaves it open, such as 1, 3, 48, 192; null takes the file's.</param>
    /// <exception cref="InputException">Not ONNX, not supported, or of no definite size.</exception>
    public static Network Load(string path, int[]? image = null)
    {
        Graph graph = OnnxFile.Read(path);
        try
        {
            return new Network(graph, Resolve(graph, image));
        }
        catch (InputException exception)
        {
            throw new InputException([.. exception.Problems.Select(problem => problem.StartsWith(path, StringComparison.Ordinal) ? problem : $"{path}: {problem}")]);
        }
    }

    /// <summary>The input's shape with a batch of one; what the file leaves open must be given.</summary>
    private static int[] Resolve(Graph graph, int[]? image)
    {
        if (graph.Inputs.Count != 1)
            throw new InputException($"has {graph.Inputs.Count} inputs ({string.Join(", ", graph.Inputs)}); networks with one are supported");
        GraphPort input = graph.Inputs[0];
        if (image is not null)
        {
            bool fits = input.Shape.Count == 0 || (image.Length == input.Shape.Count && input.Shape.Skip(1).Zip(image.Skip(1)).All(pair => pair.First is null || pair.First == pair.Second));
            if (!fits)
                throw new InputException($"the input is {input}, images of {Tensor.Text(image)} do not fit; resize them, or give --input with the sizes that are open");
            if (image.Any(size => size < 1))
                throw new InputException($"--input {Tensor.Text(image)}: every size must be at least 1");
            return [1, .. image[1..]];
        }

        return input.Shape.Count != 0 && input.Shape.Skip(1).All(size => size is not null)
            ? [1, .. input.Shape.Skip(1).Select(size => size!.Value)]
            : throw new InputException($"the input {input} leaves sizes open; give them, for instance --input 1x3x48x192");
    }

    private NetworkLayer Layer(GraphNode node, HashSet<string> names)
    {
        MatrixLayer? matrix = MatrixLayer.IsOnTile(node, Graph.Constants) ? new MatrixLayer(node, Shapes[node.Inputs[0]], Graph.Constants) : null;
        string name = matrix is null ? node.Name.Trim('/').Replace('/', '.') : WeightsName().Match(node.Inputs[1]).Groups["layer"].Value;
        if (name.Length == 0)
            name = node.Name;
        for (int i = 2; !names.Add(name); i++)
            name = $"{name.Split('#')[0]}#{i}";
        return new NetworkLayer(name, node, [.. node.Inputs.Where(input => input.Length > 0 && !Graph.Constants.ContainsKey(input)).Select(input => Shapes[input])], Shapes[node.Output], matrix);
    }

    [GeneratedRegex(@"^(?<layer>.*?)([._/](weights?|kernel|w_0|w)(_quantized|_DequantizeLinear_Output)?)?\**$")]
    private static partial Regex WeightsName();
}
