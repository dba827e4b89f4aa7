using ReDy.Networks.Graphs;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Inference;

/// <summary>A network's layers as models under one setting, for one core: some images at a time, from any step on.</summary>
public sealed class BatchInference
{
    private readonly QuantisedNetwork network;
    private readonly Dictionary<string, ProductModel> models;

    public BatchInference(QuantisedNetwork network, IReadOnlyList<MappedProduct> mapped, PrecisionSetting setting)
    {
        this.network = network;
        models = mapped.ToDictionary(
            layer => layer.Product.Name,
            layer => new ProductModel(network.Geometry, layer, setting.Policy, setting.Of(layer.Product.Name, network.Geometry)));
    }

    private BatchInference(BatchInference other) => (network, models) = (other.network, other.models);

    /// <summary>Of all images so far, by the layer's name.</summary>
    public Dictionary<string, LayerActivity> Activity { get; } = [];

    /// <summary>The same models, nothing done yet.</summary>
    public BatchInference Fresh() => new(this);

    /// <summary>The network's output for each image of codes.</summary>
    public Tensor[] Run(IReadOnlyList<Tensor> images)
    {
        Dictionary<string, Tensor>[] known = [.. images.Select(image => new Dictionary<string, Tensor> { [network.Network.Input] = image })];
        Run(known, 0);
        return [.. known.Select(tensors => tensors[network.Network.Output])];
    }

    /// <summary>Computes the steps from <paramref name="firstStep"/> on; what came before is known, for every image.</summary>
    /// <param name="replaced">A model that takes a layer's place.</param>
    public void Run(IReadOnlyList<Dictionary<string, Tensor>> known, int firstStep, (string Layer, ProductModel Model)? replaced = null)
    {
        foreach (QuantisedStep step in network.Steps.Skip(firstStep))
        {
            if (step.Product is { } product)
            {
                ProductModel model = replaced is { } other && other.Layer == product.Name ? other.Model : models[product.Name];
                (Tensor[] outputs, LayerActivity activity) = model.Run([.. known.Select(tensors => tensors[product.InputTensor])]);
                for (int i = 0; i < known.Count; i++)
                    known[i][step.Output] = outputs[i];
                Activity[product.Name] = Activity.GetValueOrDefault(product.Name, LayerActivity.None) + activity;
            }
            else
            {
                foreach (Dictionary<string, Tensor> tensors in known)
                    tensors[step.Output] = step.Digital!.Compute(tensors);
            }
        }
    }
}
