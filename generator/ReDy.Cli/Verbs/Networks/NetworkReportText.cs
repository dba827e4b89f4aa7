using System.Globalization;
using ReDy.Architecture;
using ReDy.Networks.Inference;
using ReDy.Networks.Quantisation;

namespace ReDy.Cli.Verbs.Networks;

/// <summary>The report of <c>redy network run</c> for people.</summary>
internal static class NetworkReportText
{
    public static void Write(TextWriter writer, NetworkReport report)
    {
        WriteLayers(writer, report);
        writer.WriteLine();
        WritePolicies(writer, report);
        writer.WriteLine();
        WriteEnergies(writer, report);
        writer.WriteLine();
        WriteHistogram(writer, report);
        writer.WriteLine();
        writer.WriteLine($"network         {report.Loaded.Network.Name}, {report.Images:N0} test images");
        writer.WriteLine($"thresholds      {(report.Loaded.Plan is { } plan ? $"calibrated for at most {plan.BudgetPoints.ToString(CultureInfo.InvariantCulture)} points of loss on held-back images, statistic {TileParameters.Spell(plan.Statistic)}" : "the configuration's, for every layer")}");
        DigitalStep[] host = [.. report.Loaded.Quantised.HostSteps];
        writer.WriteLine($"arithmetic      {(host.Length == 0 ? "integers throughout" : $"{host.Length} steps leave the integers: {string.Join(", ", host.Select(step => step.Node.Operator).Distinct())}")}; every product on the functional model of the tile");
        writer.WriteLine($"speed           {string.Join(", ", report.Runs.Select(run => $"{run.Name} {run.ImagesPerSecond.ToString("N0", CultureInfo.InvariantCulture)}"))} images per second");
    }

    /// <summary>Steps, conversions and energy of each layer, every policy against static, under the first ADC model.</summary>
    private static void WriteLayers(TextWriter writer, NetworkReport report)
    {
        NetworkPricing pricing = report.Pricings[0];
        string[] others = [.. report.Runs.Skip(1).Select(run => run.Name)];
        var table = new TextTable(["<layer", "K x N", "vectors", "conversions", .. others.Select(name => $"{name}"), $"nJ ({pricing.Adc})", .. others.Select(name => $"{name}"), "clocks", .. others.Select(name => $"{name}")]);
        foreach (QuantisedProduct product in report.Loaded.Quantised.Products)
        {
            LayerActivity[] all = [.. report.Runs.Select(run => run.Result.Layers[product.Name])];
            double[] energies = [.. all.Select(activity => pricing.Picojoules(product, activity))];
            string groups = product.Matrix.Groups == 1 ? "" : $" in {product.Matrix.Groups}";
            table.Add([
                product.Name, $"{product.Matrix.GroupRows} x {product.Matrix.GroupOutputs}{groups}", PerImage(report, all[0].Events.Vectors),
                PerImage(report, all[0].Events.Conversions), .. all.Skip(1).Select(activity => Percent((double)activity.Events.Conversions / all[0].Events.Conversions)),
                PerImage(report, energies[0] / 1e3), .. energies.Skip(1).Select(energy => Percent(energy / energies[0])),
                PerImage(report, all[0].Clocks), .. all.Skip(1).Select(activity => Percent((double)activity.Clocks / all[0].Clocks)),
            ]);
        }

        writer.WriteLine("Each layer per image: with every plane streamed (static), and the other policies' share of that.");
        table.Write(writer);
    }

    private static void WritePolicies(TextWriter writer, NetworkReport report)
    {
        var table = new TextTable("<policy", "accuracy", "points lost", "steps streamed", "of static", "conversions", "of static", "saturated", "clocks, one tile", "of static", "clocks, pipelined");
        foreach (PolicyRun run in report.Runs)
        {
            EventCounts events = run.Result.Events, all = report.Static.Result.Events;
            table.Add(
                run.Name, Accuracy(run.Result), Points(run.Result),
                PerImage(report, events.StepsStreamed), Percent((double)events.StepsStreamed / all.StepsStreamed), PerImage(report, events.Conversions), Percent((double)events.Conversions / all.Conversions),
                PerImage(report, events.Saturations), PerImage(report, run.Result.Clocks), Percent((double)run.Result.Clocks / report.Static.Result.Clocks), PerImage(report, run.Result.PipelinedClocks));
        }

        table.Add("float", Accuracy(report.InFloat), Points(report.InFloat));
        writer.WriteLine("The network per image (pipelined: a tile for every pass of every layer):");
        table.Write(writer);

        string Points(InferenceResult result) => (100 * (report.Static.Result.Accuracy - result.Accuracy)).ToString("0.00", CultureInfo.InvariantCulture);
    }

    private static void WriteEnergies(TextWriter writer, NetworkReport report)
    {
        var table = new TextTable("<nJ per image", "<ADC model", "all", "ADC", "rest of crossbars", "precision unit", "buffers and registers", "control and outputs", "saved against static", "static without unit", "lossless");
        foreach (NetworkPricing pricing in report.Pricings)
        {
            NetworkPricing withoutUnit = report.StaticPricings.First(other => other.Adc == pricing.Adc);
            var baselines = new List<double> { report.Energy(pricing, report.Static), report.Energy(withoutUnit, report.Static) };
            if (report.Runs.Count > 1)
                Line("static, no unit", withoutUnit, report.Static, [baselines[0]]);
            foreach (PolicyRun run in report.Runs)
            {
                Line(run.Name, pricing, run, run == report.Static ? [] : baselines);
                if (run.Policy == PrecisionPolicy.Lossless)
                    baselines.Add(report.Energy(pricing, run));
            }
        }

        writer.WriteLine("Energy of the crossbars' tiles, static power included; every policy on the same hardware, static also on a tile without precision unit:");
        table.Write(writer);

        void Line(string name, NetworkPricing pricing, PolicyRun run, IReadOnlyList<double> baselines)
        {
            IReadOnlyDictionary<string, double> parts = report.Components(pricing, run);
            double energy = parts.Values.Sum();
            table.Add([
                name, pricing.Adc, PerImage(report, energy / 1e3), Of("adc"), Of("dac", "sample_and_hold", "cell_array", "shift_and_add"), Of("dynamic_precision_unit"),
                Of("activation_buffer", "load_bus", "input_register", "output_register"), Of("output_stage", "requantiser", "output_packer", "control"), .. baselines.Select(baseline => Percent(1 - energy / baseline)),
            ]);

            string Of(params string[] components) => PerImage(report, components.Sum(component => parts.GetValueOrDefault(component)) / 1e3);
        }
    }

    private static void WriteHistogram(TextWriter writer, NetworkReport report)
    {
        int steps = report.Loaded.Geometry.Steps;
        var table = new TextTable(["<groups by streamed steps", .. Enumerable.Range(0, steps + 1).Select(s => $"{s}")]);
        foreach (PolicyRun run in report.Runs)
        {
            IReadOnlyList<long> counts = run.Result.GroupsBySteps;
            long all = counts.Sum();
            table.Add([run.Name, .. Enumerable.Range(0, steps + 1).Select(s => Percent((double)counts.ElementAtOrDefault(s) / all))]);
        }

        table.Write(writer);
    }

    private static string PerImage(NetworkReport report, double total) => (total / report.Images).ToString("N0", CultureInfo.InvariantCulture);

    private static string Accuracy(InferenceResult result) => string.Create(CultureInfo.InvariantCulture, $"{100 * result.Accuracy:0.00} %");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
