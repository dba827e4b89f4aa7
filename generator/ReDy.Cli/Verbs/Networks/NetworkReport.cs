using System.Globalization;
using ReDy.Architecture;
using ReDy.Networks.Inference;
using ReDy.Networks.Quantisation;

namespace ReDy.Cli.Verbs.Networks;

/// <summary>A network under one policy.</summary>
internal sealed record PolicyRun(PrecisionPolicy Policy, InferenceResult Result, TimeSpan Elapsed)
{
    public string Name => TileParameters.Spell(Policy);
    public double ImagesPerSecond => Result.Classes.Length / Elapsed.TotalSeconds;
}

/// <summary>What <c>redy network run</c> found.</summary>
/// <param name="Runs">Static first.</param>
/// <param name="Pricings">Of the configuration's netlist, which every policy runs on.</param>
/// <param name="StaticPricings">Of a netlist without precision unit, for the static policy only.</param>
internal sealed record NetworkReport(
    LoadedNetwork Loaded, int Images, InferenceResult InFloat, IReadOnlyList<PolicyRun> Runs, IReadOnlyList<NetworkPricing> Pricings, IReadOnlyList<NetworkPricing> StaticPricings)
{
    public PolicyRun Static => Runs[0];

    /// <summary>Picojoules of all images.</summary>
    public double Energy(NetworkPricing pricing, PolicyRun run) => pricing.Picojoules(Loaded.Quantised, run.Result);

    /// <summary>Picojoules by component, all layers and images.</summary>
    public IReadOnlyDictionary<string, double> Components(NetworkPricing pricing, PolicyRun run) =>
        Loaded.Quantised.Products.SelectMany(product => pricing.Components(product, run.Result.Layers[product.Name]))
            .GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));
}

/// <summary>The report for programs.</summary>
internal static class NetworkReportData
{
    public static object ForMachines(NetworkReport report) => new
    {
        Network = report.Loaded.Network.Name,
        report.Images,
        Plan = report.Loaded.Plan is null ? null : new { report.Loaded.Plan.Statistic, report.Loaded.Plan.BudgetPoints, report.Loaded.Plan.AdcModel },
        AccuracyFloat = report.InFloat.Accuracy,
        HostSteps = report.Loaded.Quantised.HostSteps.Select(step => new { step.Name, step.Node.Operator }),
        Policies = report.Runs.Select(run => new
        {
            run.Policy,
            run.Result.Accuracy,
            run.Result.Loss,
            run.Result.Events.StepsStreamed,
            run.Result.Events.StepsSkipped,
            run.Result.Events.Conversions,
            ConversionsShareOfStatic = Share(run.Result.Events.Conversions, report.Static.Result.Events.Conversions),
            run.Result.Events.Saturations,
            ClocksPerImage = (double)run.Result.Clocks / report.Images,
            PipelinedClocksPerImage = (double)run.Result.PipelinedClocks / report.Images,
            GroupsByStreamedSteps = run.Result.GroupsBySteps,
            GroupsByDrop = run.Result.Events.DropHistogram,
            run.ImagesPerSecond,
            PicojoulesPerImage = report.Pricings.ToDictionary(pricing => pricing.Adc, pricing => report.Energy(pricing, run) / report.Images),
            PicojoulesPerImageByComponent = report.Pricings.ToDictionary(pricing => pricing.Adc, pricing => report.Components(pricing, run).ToDictionary(pair => pair.Key, pair => pair.Value / report.Images)),
            Layers = report.Loaded.Quantised.Products.Select(product => Layer(report, run, product)),
        }),
        StaticWithoutPrecisionUnitPicojoulesPerImage = report.StaticPricings.ToDictionary(pricing => pricing.Adc, pricing => report.Energy(pricing, report.Static) / report.Images),
    };

    public static IEnumerable<string> Csv(NetworkReport report)
    {
        yield return "network,images,policy,adc,layer,rows,outputs,groups,vectors,steps_streamed,steps_skipped,conversions,saturations,clocks,picojoules,accuracy";
        foreach (PolicyRun run in report.Runs)
        {
            foreach (NetworkPricing pricing in report.Pricings)
            {
                foreach (QuantisedProduct product in report.Loaded.Quantised.Products)
                {
                    LayerActivity activity = run.Result.Layers[product.Name];
                    yield return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Quoted(report.Loaded.Network.Name)},{report.Images},{run.Name},{pricing.Adc},{Quoted(product.Name)},{product.Matrix.GroupRows},{product.Matrix.GroupOutputs},{product.Matrix.Groups},{activity.Events.Vectors},{activity.Events.StepsStreamed},{activity.Events.StepsSkipped},{activity.Events.Conversions},{activity.Events.Saturations},{activity.Clocks},{pricing.Picojoules(product, activity):0.#},{run.Result.Accuracy}");
                }
            }
        }
    }

    private static object Layer(NetworkReport report, PolicyRun run, QuantisedProduct product)
    {
        LayerActivity activity = run.Result.Layers[product.Name];
        return new
        {
            product.Name,
            Thresholds = run.Policy == PrecisionPolicy.Statistical ? report.Loaded.Setting(run.Policy).Of(product.Name, report.Loaded.Geometry) : null,
            activity.Events.Vectors,
            activity.Events.StepsStreamed,
            activity.Events.StepsSkipped,
            activity.Events.Conversions,
            activity.Events.Saturations,
            activity.Clocks,
            GroupsByStreamedSteps = activity.GroupsBySteps,
            PicojoulesPerImage = report.Pricings.ToDictionary(pricing => pricing.Adc, pricing => pricing.Picojoules(product, activity) / report.Images),
        };
    }

    private static double Share(long part, long whole) => whole == 0 ? 1 : (double)part / whole;

    private static string Quoted(string text) => text.Contains(',') || text.Contains('"') ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
