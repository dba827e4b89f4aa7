using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Inference;

/// <summary>
/// What a network's activity costs under one model of the ADC: events times table rows, and static power for the clocks in which
/// a tile works; tiles that wait are off. Every policy is charged for the same hardware, precision unit included.
/// </summary>
public sealed class NetworkPricing
{
    private readonly CostArithmetic arithmetic;
    private readonly TileGeometry geometry;

    private NetworkPricing(CostArithmetic arithmetic, TileGeometry geometry) => (this.arithmetic, this.geometry) = (arithmetic, geometry);

    public string Adc => arithmetic.Adc!.Name;

    /// <summary>Every ADC model of the table that holds for the tile.</summary>
    /// <param name="node">In nm.</param>
    public static IReadOnlyList<NetworkPricing> All(ComponentTable table, TileGeometry geometry, double node) =>
    [
        .. table.AdcModels.Select(model => new CostArithmetic(table, geometry, node, model))
            .Where(arithmetic => EnergyPricing.OutsideDomain(arithmetic) is null)
            .Select(arithmetic => new NetworkPricing(arithmetic, geometry)),
    ];

    /// <summary>Picojoules by component.</summary>
    public IReadOnlyDictionary<string, double> Components(QuantisedProduct product, LayerActivity activity)
    {
        var sums = new Dictionary<string, double>();
        for (int p = 0; p < activity.Parts.Count; p++)
        {
            PartActivity part = activity.Parts[p];
            var shape = new LayerShape(product.Parts[p].Weights.Rows, product.Parts[p].Weights.Columns, product.IsRaw);
            EnergyReport report = EnergyPricing.Price(
                arithmetic, new PricedRun(geometry, shape, part.Events.Vectors, LayerEvents.Of(geometry, shape, part.Events, part.EmptyGroups), part.Clocks));
            foreach (EnergyLine line in report.Lines)
                sums[line.Component] = sums.GetValueOrDefault(line.Component) + line.Picojoules;
        }

        return sums;
    }

    public double Picojoules(QuantisedProduct product, LayerActivity activity) => Components(product, activity).Values.Sum();

    public double Picojoules(QuantisedNetwork network, InferenceResult result) => network.Products.Sum(product => Picojoules(product, result.Layers[product.Name]));
}
