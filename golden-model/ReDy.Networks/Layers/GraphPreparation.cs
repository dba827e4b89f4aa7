using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Operators;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Layers;

/// <summary>
/// Turns the graph of a file into the one that hardware computes, for one image of a fixed size: what depends on constants and sizes
/// alone is computed, batch normalisation and additions of constants move into the weights before them, and the marks that
/// a quantisation done elsewhere left behind become types of tensors.
/// </summary>
internal sealed class GraphPreparation
{
    private static readonly HashSet<string> CarriesNothing = ["Identity", "Dropout"];
    private readonly Graph source;
    private readonly Dictionary<string, Tensor> constants;
    private readonly Dictionary<string, string> sameAs = [];
    private List<GraphNode> nodes = [];

    private GraphPreparation(Graph source)
    {
        this.source = source;
        constants = new(source.Constants);
    }

    /// <summary>Types that the file itself gives to tensors.</summary>
    public Dictionary<string, QuantisedType> GivenTypes { get; } = [];

    /// <summary>Batch normalisations that moved into weights.</summary>
    public int FoldedNormalisations { get; private set; }

    /// <param name="image">The input's shape, batch of one.</param>
    public static (Graph Graph, GraphPreparation Preparation) Prepare(Graph source, int[] image)
    {
        var preparation = new GraphPreparation(source);
        return (preparation.Prepare(image), preparation);
    }

    private Graph Prepare(int[] image)
    {
        IReadOnlyDictionary<string, Tensor> trial = new GraphRun(source).All(new Tensor(image, new float[Tensor.Size(image)]));
        foreach (GraphNode node in source.Nodes)
            Keep(node with { Inputs = [.. node.Inputs.Select(Resolved)] }, trial);
        FoldQuantisation();
        FoldIntoWeights();
        GraphPort[] outputs = [.. source.Outputs.Select(output => output with { Name = Resolved(output.Name) })];
        HashSet<string> read = [.. nodes.SelectMany(node => node.Inputs)];
        return source with
        {
            Inputs = [source.Inputs[0] with { Shape = [.. image.Select(size => (int?)size)] }],
            Outputs = outputs,
            Nodes = nodes,
            Constants = constants.Where(constant => read.Contains(constant.Key)).ToDictionary(),
        };
    }

    private string Resolved(string tensor) => sameAs.GetValueOrDefault(tensor, tensor);

    private void Keep(GraphNode node, IReadOnlyDictionary<string, Tensor> trial)
    {
        bool isKnown = node.Operator is "Constant" or "Shape" || node.Inputs.All(input => input.Length == 0 || constants.ContainsKey(input));
        if (isKnown)
            constants[node.Output] = trial[node.Output];
        else if (CarriesNothing.Contains(node.Operator) || IsWideningCast(node, trial))
            sameAs[node.Output] = node.Inputs[0];
        else
            nodes.Add(node);
    }

    private static bool IsWideningCast(GraphNode node, IReadOnlyDictionary<string, Tensor> trial) =>
        node.Operator == "Cast" && trial[node.Inputs[0]].IsFloat && trial[node.Output].IsFloat;

    /// <summary>QuantizeLinear followed by DequantizeLinear says how a tensor is to be coded and computes nothing else.</summary>
    private void FoldQuantisation()
    {
        ILookup<string, GraphNode> readers = Readers();
        var dropped = new HashSet<GraphNode>();
        foreach (GraphNode node in nodes.Where(node => node.Operator == "QuantizeLinear").ToArray())
        {
            GraphNode[] after = [.. readers[node.Output]];
            if (after.Length == 0 || after.Any(reader => reader.Operator != "DequantizeLinear"))
                throw new InputException($"{node}: its codes are read by {string.Join(", ", after.Select(reader => reader.ToString()))}; only networks that dequantise again (QDQ format) are supported");
            if (node.Inputs.Skip(1).Any(input => !constants.ContainsKey(input)) || constants[node.Inputs[1]].Length != 1)
                throw new InputException($"{node}: quantises activations by more than one scale, or by a computed one; one constant scale per tensor is supported");
            Tensor? zeroPoint = node.Inputs.Count > 2 ? constants[node.Inputs[2]] : null;
            (int least, int greatest) = zeroPoint?.Range ?? (0, byte.MaxValue);
            GivenTypes[Resolved(node.Inputs[0])] = new QuantisedType(constants[node.Inputs[1]].Floats[0], (zeroPoint?.Integers[0] ?? 0) - least, System.Numerics.BitOperations.Log2((uint)(greatest - least + 1)));
            dropped.Add(node);
            foreach (GraphNode reader in after)
            {
                dropped.Add(reader);
                sameAs[reader.Output] = Resolved(node.Inputs[0]);
            }
        }

        if (dropped.Count != 0)
            nodes = [.. nodes.Where(node => !dropped.Contains(node)).Select(node => node with { Inputs = [.. node.Inputs.Select(ResolvedFully)] })];

        string ResolvedFully(string tensor)
        {
            while (sameAs.TryGetValue(tensor, out string? other))
                tensor = other;
            return tensor;
        }
    }

    /// <summary>A normalisation, or an addition of one constant per output, right after weights that nothing else reads.</summary>
    private void FoldIntoWeights()
    {
        for (int i = 0; i < nodes.Count; i++)
        {
            GraphNode[] after = [.. Readers()[nodes[i].Output]];
            if (!MatrixLayer.IsOnTile(nodes[i], constants) || after.Length != 1 || source.Outputs.Any(output => Resolved(output.Name) == nodes[i].Output))
                continue;
            if (Folded(nodes[i], after[0]) is not { } folded)
                continue;
            sameAs[nodes[i].Output] = after[0].Output;
            nodes[i] = folded;
            nodes.Remove(after[0]);
            i--;
        }
    }

    private GraphNode? Folded(GraphNode weighted, GraphNode after)
    {
        if (GivenTypes.ContainsKey(weighted.Output))
            return null;
        Tensor weights = constants[weighted.Inputs[1]];
        int channelAxis = weighted.Operator == "Conv" || weighted.Integer("transB", 0) == 1 ? 0 : weights.Rank - 1, outputs = weights.Shape[channelAxis];
        float[] gain, offset;
        if (after.Operator == "BatchNormalization" && after.Inputs[0] == weighted.Output && after.Inputs.Skip(1).All(constants.ContainsKey))
        {
            (gain, offset) = Normalisations.BatchGain(after, constants[after.Inputs[1]], constants[after.Inputs[2]], constants[after.Inputs[3]], constants[after.Inputs[4]]);
            FoldedNormalisations++;
        }
        else if (after.Operator == "Add" && after.Inputs.FirstOrDefault(constants.ContainsKey) is { } added && PerOutput(constants[added], outputs, weighted.Operator == "Conv"))
        {
            (gain, offset) = ([.. Enumerable.Repeat(1f, outputs)], constants[added].Length == 1 ? [.. Enumerable.Repeat(constants[added].Floats[0], outputs)] : constants[added].Floats);
        }
        else
        {
            return null;
        }

        if (weighted.Operator == "Gemm" && (weighted.Float("alpha", 1) != 1 || weighted.Float("beta", 1) != 1))
            return null;
        int inner = Tensor.Size(weights.Shape.AsSpan(channelAxis + 1));
        string name = $"{weighted.Inputs[1]}*", biasName = $"{weighted.Inputs[1]}+";
        float[] bias = weighted.Inputs.Count > 2 && weighted.Inputs[2].Length > 0 ? constants[weighted.Inputs[2]].Floats : new float[outputs];
        if (bias.Length != outputs)
            return null;
        constants[name] = new Tensor(weights.Shape, [.. weights.Floats.Select((weight, i) => weight * gain[i / inner % outputs])]);
        constants[biasName] = new Tensor([outputs], [.. bias.Select((b, n) => b * gain[n] + offset[n])]);
        // A MatMul with a bias is a Gemm for more than two dimensions: MatrixLayer reads both alike.
        return weighted with { Inputs = [weighted.Inputs[0], name, biasName], Outputs = after.Outputs };
    }

    /// <summary>One number for all outputs, or one for each, along the channels of a convolution or the last dimension of a product.</summary>
    private static bool PerOutput(Tensor added, int outputs, bool isConvolution) =>
        added.Length == 1
        || (added.Length == outputs && (isConvolution ? added.Rank is 3 or 4 && added.Shape[^3] == outputs : added.Shape[^1] == outputs));

    private ILookup<string, GraphNode> Readers() => nodes.SelectMany(node => node.Inputs.Distinct().Select(input => (input, node))).ToLookup(pair => pair.input, pair => pair.node);
}
