using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>Prices runs by a table.</summary>
public static class EnergyPricing
{
    private const double PicojoulesPerMilliwattSecond = 1e9;

    /// <exception cref="InputException">A row that a component of the tile needs is missing or gives no energy.</exception>
    public static EnergyReport Price(CostArithmetic arithmetic, PricedRun run)
    {
        AdcModel adc = arithmetic.Adc ?? throw new InputException($"{Files(arithmetic)}: no ADC model; give one under 'adc_models:'");
        List<EnergyLine> lines = [];
        foreach (ComponentKind kind in ComponentKind.All.Where(kind => kind.IsInTile))
        {
            if (kind.Nature == ComponentNature.Digital && run.Activity is not null)
                lines.AddRange(Measured(arithmetic, run, kind));
            else
                lines.AddRange(Published(arithmetic, run, kind));
        }

        return new EnergyReport(run, adc, arithmetic.InterleavedAdcs, lines);
    }

    /// <summary>Why a model does not hold for this tile, or null.</summary>
    public static string? OutsideDomain(CostArithmetic arithmetic) =>
        arithmetic.Adc!.Domain.FirstOrDefault(domain => domain.Condition.Evaluate(arithmetic.Resolve) == 0) is { } broken
            ? $"{arithmetic.Adc.Name} holds for {broken.Condition.Text} only: {broken.Why}; {broken.Remedy}"
            : null;

    private static IEnumerable<EnergyLine> Published(CostArithmetic arithmetic, PricedRun run, ComponentKind kind)
    {
        CostRows rows = arithmetic.Rows(kind.Name);
        if (rows.Energy.Count == 0 && kind.Charges.Count != 0)
        {
            throw new InputException(
                $"components.{kind.Name}.energy ({Files(arithmetic)}): the tile has this component ({kind.Description}) and no table prices it; "
                + $"give a row for {string.Join(" or ", kind.Charges.Select(charge => charge.Name))}, with value 0 and source assumption if it is to cost nothing");
        }

        foreach (ChargedEvent charge in kind.Charges)
        {
            if (!rows.Energy.TryGetValue(charge.Name, out CostRow? row))
                continue;
            CostValue each = arithmetic.Of(row);
            EventTotal total = run.Events.GetValueOrDefault(charge);
            double count = row.Unit!.PerBit ? total.Bits : total.Count;
            yield return new EnergyLine(kind.Name, Pricing.Published, charge.Name, count, row.Unit.PerBit, each, count * each.Value, false);
        }

        foreach ((string unit, CostRow row) in rows.StaticPower)
        {
            CostValue each = arithmetic.Of(row);
            double count = HardwareUnit.Get(unit).PerTile(run.Geometry) * (kind.Name == ComponentKind.Adc ? arithmetic.InterleavedAdcs : 1);
            yield return new EnergyLine(kind.Name, Pricing.Published, unit, count, false, each, count * each.Value * run.Seconds * PicojoulesPerMilliwattSecond, true);
        }
    }

    private static IEnumerable<EnergyLine> Measured(CostArithmetic arithmetic, PricedRun run, ComponentKind kind)
    {
        CostRows cell = arithmetic.Rows(ComponentKind.FlipFlop);
        // By clocks, not by vectors: clock pins follow time, and vectors take different times.
        double scale = run.Activity!.Clocks == 0 ? 0 : (double)run.Clocks / run.Activity.Clocks;
        RegisterActivity activity = RegisterActivity.Of(run.Activity, kind);
        foreach ((ChargedEvent charge, double count) in new[] { (ChargedEvent.FlipFlopClocks, activity.ClockEdges), (ChargedEvent.FlipFlopToggles, activity.Toggles), (ChargedEvent.FlipFlopWrittenBits, activity.WrittenBits) })
        {
            CostRow row = cell.Energy.GetValueOrDefault(charge.Name)
                ?? throw new InputException($"components.{ComponentKind.FlipFlop}.energy.{charge.Name} ({Files(arithmetic)}): measured toggles need this row; give it, or price by tables");
            CostValue each = arithmetic.Of(row);
            yield return new EnergyLine(kind.Name, Pricing.Measured, charge.Name, count * scale, false, each, count * scale * each.Value, false);
        }
    }

    private static string Files(CostArithmetic arithmetic) => string.Join(", ", arithmetic.Table.Files);
}
