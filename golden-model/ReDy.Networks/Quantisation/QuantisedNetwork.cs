using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Layers;

namespace ReDy.Networks.Quantisation;

/// <summary>One step of integer inference: exactly one of the two is there.</summary>
public sealed record QuantisedStep(QuantisedProduct? Product, DigitalStep? Digital)
{
    public string Output => Product?.OutputTensor ?? Digital!.Node.Output;
}

/// <summary>
/// A network whose products are integers for one tile: unsigned codes in, signed weights, requantised codes out. What follows the last
/// product (a softmax, a change of shape) is computed on its raw accumulators.
/// </summary>
public sealed class QuantisedNetwork
{
    /// <param name="types">Of every tensor that is codes, from <see cref="TypeCalibration"/>.</param>
    public QuantisedNetwork(Network network, TileGeometry geometry, IReadOnlyDictionary<string, QuantisedType> types)
    {
        Network = network;
        Geometry = geometry;
        if (geometry.Config.Outputs.Bits != geometry.Config.Activations.Bits)
        {
            throw new InputException(
                $"outputs.bits = {geometry.Config.Outputs.Bits} and activations.bits = {geometry.Config.Activations.Bits} differ: the outputs of one layer are the activations of the next; make them equal");
        }

        if (types.FirstOrDefault(type => type.Value.Bits != geometry.Config.Activations.Bits) is { Value: { } other } coded)
        {
            throw new InputException(
                $"tensor '{coded.Key}' of {network.Name} has codes of {other.Bits} bits, the tile has activations.bits = outputs.bits = {geometry.Config.Activations.Bits}; set both to {other.Bits}");
        }

        var roles = new TensorRoles(network);
        Dictionary<string, QuantisedType> known = new(types);
        var steps = new List<QuantisedStep>();
        foreach (NetworkLayer layer in network.Layers)
        {
            if (layer.IsOnTile)
            {
                GraphNode? activation = roles.Activation(layer.Node.Output);
                string output = activation?.Output ?? layer.Node.Output;
                bool isCoded = roles.IsCoded(output);
                QuantisedType input = Known(layer.Node.Inputs[0], layer.Name);
                var product = new QuantisedProduct(geometry, layer, output, input, isCoded ? Known(output, layer.Name) : null, activation is not null);
                known[output] = product.OutputType;
                steps.Add(new QuantisedStep(product, null));
            }
            else if (!roles.IsActivation(layer.Node))
            {
                DigitalKind kind = roles.Kind(layer.Node, geometry.Config.Activations.Bits);
                if (kind == DigitalKind.Movement && known.TryGetValue(layer.Node.Inputs[0], out QuantisedType? moved))
                    known[layer.Node.Output] = moved;
                steps.Add(new QuantisedStep(null, new DigitalStep(layer.Name, layer.Node, kind, network.Graph, known)));
            }
        }

        Steps = steps;
        Types = known;

        QuantisedType Known(string tensor, string layer) =>
            known.GetValueOrDefault(tensor) ?? throw new InputException($"layer {layer}: tensor '{tensor}' has no scale; calibrate the network again");
    }

    public Network Network { get; }
    public TileGeometry Geometry { get; }
    public IReadOnlyList<QuantisedStep> Steps { get; }

    /// <summary>Of every tensor that is codes or raw accumulators.</summary>
    public IReadOnlyDictionary<string, QuantisedType> Types { get; }
    public IEnumerable<QuantisedProduct> Products => Steps.Where(step => step.Product is not null).Select(step => step.Product!);

    /// <summary>Steps that leave the integers before the last product.</summary>
    public IEnumerable<DigitalStep> HostSteps => Steps.Where(step => step.Digital is { Kind: DigitalKind.Host } digital && Types.ContainsKey(digital.Node.Output)).Select(step => step.Digital!);

    /// <summary>An image of numbers as the codes of the input tensor.</summary>
    public Tensor InputCodes(Tensor image) => Types[Network.Input].Codes(image);
}
