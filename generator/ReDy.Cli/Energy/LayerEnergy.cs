using ReDy.Architecture;
using ReDy.CostModel;

namespace ReDy.Cli.Energy;

/// <summary>A layer priced: a report for every policy under every model of the ADC that holds for the tile, and both pricings of digital logic.</summary>
/// <param name="Reports">[model and pricing][policy], policies from static on; runs with toggles are priced by toggles first, then by tables.</param>
/// <param name="OutsideDomain">Why further models do not hold.</param>
internal sealed record LayerEnergy(string Name, ComponentTable Table, IReadOnlyList<PricedRun> Runs, IReadOnlyList<IReadOnlyList<EnergyReport>> Reports, IReadOnlyList<string> OutsideDomain)
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
                reports.AddRange(Pricings(runs).Select(priced => priced.Select(run => EnergyPricing.Price(new CostArithmetic(table, run.Geometry, node, model), run)).ToArray()));
        }

        return reports.Count == 0
            ? throw new InputException([.. outside.Select(why => $"no ADC model prices this tile: {why}")])
            : new LayerEnergy(name, table, runs, reports, outside);
    }

    private static IEnumerable<IReadOnlyList<PricedRun>> Pricings(IReadOnlyList<PricedRun> runs)
    {
        yield return runs;
        if (runs[0].Activity is not null)
            yield return [.. runs.Select(run => run with { Activity = null })];
    }
}
