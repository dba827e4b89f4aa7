using ReDy.Architecture;

namespace ReDy.Networks.Inference;

/// <summary>How activations are streamed through a network: the policy of all layers, the threshold registers of each.</summary>
/// <param name="Thresholds">By the layer's name; a layer that is not there has the configuration's thresholds.</param>
public sealed record PrecisionSetting(PrecisionPolicy Policy, IReadOnlyDictionary<string, IReadOnlyList<long>> Thresholds)
{
    public static PrecisionSetting Of(PrecisionPolicy policy) => new(policy, new Dictionary<string, IReadOnlyList<long>>());

    public IReadOnlyList<long> Of(string layer, TileGeometry geometry) => Thresholds.GetValueOrDefault(layer) ?? geometry.Thresholds;
}
