using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Layers;

namespace ReDy.Networks.Quantisation;

/// <summary>Finds the types of a network's tensors from the values they take in floating point on calibration images.</summary>
public static class TypeCalibration
{
    /// <param name="images">Numbers as the network takes them, batch of one.</param>
    /// <param name="progress">Told the images done and in all.</param>
    public static IReadOnlyDictionary<string, QuantisedType> Find(
        Network network, IReadOnlyList<Tensor> images, RangeMethod method, int bits, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        if (images.Count == 0)
            throw new InputException("the calibration set is empty: scales come from the values that tensors take on real images; give at least one");
        string[] tensors = Coded(network, bits);
        Dictionary<string, ValueHistogram> histograms = tensors.ToDictionary(tensor => tensor, _ => new ValueHistogram());
        var run = new GraphRun(network.Graph);
        int done = 0, passes = method == RangeMethod.MinMax ? 1 : 2;
        for (int pass = 0; pass < passes; pass++)
        {
            Parallel.ForEach(images, new ParallelOptions { CancellationToken = cancellation }, image =>
            {
                IReadOnlyDictionary<string, Tensor> values = run.All(image);
                foreach (string tensor in tensors)
                {
                    float[] numbers = values[tensor].Floats;
                    lock (histograms[tensor])
                    {
                        if (pass == 0)
                            histograms[tensor].See(numbers);
                        else
                            histograms[tensor].Count(numbers);
                    }
                }

                progress?.Invoke(Interlocked.Increment(ref done), passes * images.Count);
            });
        }

        return tensors.ToDictionary(tensor => tensor, tensor => network.GivenTypes.GetValueOrDefault(tensor) ?? histograms[tensor].Type(tensor == network.Input ? RangeMethod.MinMax : method, bits));
    }

    /// <summary>Tensors that need a type of their own: the input, and what products and arithmetic deliver for products to come.</summary>
    private static string[] Coded(Network network, int bits)
    {
        var roles = new TensorRoles(network);
        var coded = new List<string> { network.Input };
        foreach (NetworkLayer layer in network.Layers)
        {
            string output = roles.Activation(layer.Node.Output)?.Output ?? layer.Node.Output;
            bool isOwn = layer.IsOnTile || (!roles.IsActivation(layer.Node) && roles.Kind(layer.Node, bits) != DigitalKind.Movement);
            if (!isOwn || !roles.IsCoded(output))
                continue;
            if (network.IsIntegral.Contains(output))
                throw new InputException($"{layer.Node} delivers integers that a product needs; this is not supported in integer inference");
            coded.Add(output);
        }

        return [.. coded];
    }
}
