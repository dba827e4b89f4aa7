using ReDy.Architecture;
using ReDy.CostModel;

namespace ReDy.Cli.Energy;

/// <summary>A layer priced: a report for every policy under every model of the ADC that holds for the tile.</summary>
/// <param name="Reports">[model][policy], policies from static on.</param>
/// <param name="OutsideDomain">Why further models do not hold.</param>
internal sealed record LayerEnergy(string Name, IReadOnlyList<PricedRun> Runs, IReadOnlyList<IReadOnlyList<EnergyReport>> Reports, IReadOnlyList<string> OutsideDomain)
{
    /// <summary>The model whose components are shown one by one.</summary>
    public IReadOnlyList<EnergyReport> Shown => Reports[0];

    public static LayerEnergy Price(string name, IReadOnlyList<PricedRun> runs, ComponentTable table, IReadOnlyList<AdcModel> models, double node)
    {
        List<IReadOnlyList<EnergyReport>> reports = [];
        List<string> outside = [];
        foreach (AdcModel model in models)
        {
            if (EnergyPricing.OutsideDomain(new CostArithmetic(table, runs[0].Geometry, node, model)) is { } why)
                outside.Add(why);
            else
                reports.Add([.. runs.Select(run => EnergyPricing.Price(new CostArithmetic(table, run.Geometry, node, model), run))]);
        }

        return reports.Count == 0
            ? throw new InputException([.. outside.Select(why => $"no ADC model prices this tile: {why}")])
            : new LayerEnergy(name, runs, reports, outside);
    }
}
