using System.Globalization;
using ReDy.Architecture;
using ReDy.CostModel;

namespace ReDy.Cli.Energy;

/// <summary>Energy reports for programs: JSON objects, and CSV with a line per component, event, policy and ADC model.</summary>
internal static class EnergyData
{
    public static object ForJson(LayerEnergy layer) => new
    {
        Layer = layer.Name,
        layer.Runs[0].Layer.Rows,
        layer.Runs[0].Layer.Outputs,
        layer.Runs[0].Vectors,
        Notes = EnergyText.Notes(layer),
        ToggleRates = layer.Runs.Where(run => run.Activity is not null).Select(run => new
        {
            run.Policy,
            SimulatedVectors = run.ActivityVectors,
            SimulatedClocks = run.Activity!.Clocks,
            Rates = ActivityRate.All.ToDictionary(rate => rate.Name, rate => rate.Of(run.Activity!).ToggleRate),
        }),
        Reports = layer.Reports.SelectMany(reports => reports.Select(report => new
        {
            AdcModel = report.Adc.Name,
            report.Digital,
            report.InterleavedAdcs,
            report.Run.Policy,
            report.Picojoules,
            SavedShare = report.SavingFrom(reports[0]),
            DpuShare = report.ShareOf(ComponentKind.DynamicPrecisionUnit),
            ClockPinShare = report.Picojoules == 0 ? 0 : report.ClockPinPicojoules / report.Picojoules,
            AdcShare = report.ShareOf(ComponentKind.Adc),
            report.PicojoulesPerVector,
            report.PicojoulesPerMac,
            report.Run.Clocks,
            report.Milliwatts,
            report.TeraOperationsPerWatt,
            Components = report.Lines.Select(line => new
            {
                line.Component,
                PricedBy = line.Pricing,
                line.Event,
                line.PerBit,
                line.IsStatic,
                line.Count,
                Each = line.Each.Value,
                EachUnit = line.IsStatic ? "mW" : "pJ",
                line.Picojoules,
                Share = line.Picojoules / report.Picojoules,
                line.Each.Row.Source,
                Row = $"{line.Each.Row.At}",
            }),
        })),
    };

    public static IEnumerable<string> Csv(IEnumerable<LayerEnergy> layers)
    {
        yield return "layer,adc_model,digital,policy,component,priced_by,event,per_bit,is_static,count,each,each_unit,picojoules,source,row";
        foreach (LayerEnergy layer in layers)
        {
            foreach (EnergyReport report in layer.Reports.SelectMany(reports => reports))
            {
                foreach (EnergyLine line in report.Lines)
                {
                    yield return string.Join(',', new[]
                    {
                        layer.Name, report.Adc.Name, TileParameters.Spell(report.Digital), TileParameters.Spell(report.Run.Policy), line.Component, TileParameters.Spell(line.Pricing), line.Event,
                        Flag(line.PerBit), Flag(line.IsStatic), Number(line.Count), Number(line.Each.Value), line.IsStatic ? "mW" : "pJ", Number(line.Picojoules), line.Each.Row.Source, $"{line.Each.Row.At}",
                    }.Select(Quoted));
                }
            }
        }

        static string Flag(bool flag) => flag ? "true" : "false";
        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
