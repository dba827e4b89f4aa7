using System.CommandLine;
using ReDy.Architecture;
using ReDy.Cli.Energy;
using ReDy.CostModel;
using ReDy.Networks.Images;
using ReDy.Networks.Inference;

namespace ReDy.Cli.Verbs.Networks;

/// <summary><c>redy network run</c>: accuracy, steps, conversions, clocks and energy of a network over test images, under every policy.</summary>
internal sealed class RunNetworkVerb : INetworkVerb
{
    private readonly NetworkSetup setup = new();
    private readonly Option<string?> plan = new Option<string?>("--plan") { Description = "Scales and thresholds from 'redy network calibrate'; without it the configuration's thresholds serve every layer." }.Reads("'redy network calibrate' writes one");
    private readonly Option<int?> images = new("--images") { Description = "Test images, at even distances; all if left out." };
    private readonly Option<string?> components = CostOptions.Components();
    private readonly Option<double> node = CostOptions.Node();
    private readonly Option<string?> csv = new Option<string?>("--csv") { Description = "File for a line per layer, policy and ADC model, comma-separated." }.Writes();
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 40;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy network run tile.yaml net.onnx --plan net.plan.json", "all test images, every policy, every ADC model"),
        new("redy network run tile.yaml net.onnx --images 500 --csv layers.csv", "fewer images, the configuration's thresholds, a table for other programs"),
    ];

    public Command Build()
    {
        var command = new Command("run", "Classify test images in integers on the tile's functional model, and count and price what that takes.");
        setup.AddTo(command);
        foreach (Option option in new Option[] { plan, images, components, node, csv, json })
            command.Options.Add(option);
        command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
        return command;
    }

    private int Run(ParseResult parse, CancellationToken cancellation)
    {
        if (parse.GetValue(images) < 1)
            throw new InputException($"--images {parse.GetValue(images)}: give at least one image");
        CostOptions.CheckNode(parse.GetValue(node));
        ComponentTable table = ComponentTables.Load(parse.GetValue(components));
        NetworkReport report = ProgressLine.Show(progress => Measure(parse, table, progress, cancellation));
        if (parse.GetValue(csv) is { } path)
            OutputFile.Write(path, string.Concat(NetworkReportData.Csv(report).Select(line => line + "\n")));
        if (parse.GetValue(json))
            Terminal.WriteJson(NetworkReportData.ForMachines(report));
        else
            NetworkReportText.Write(Console.Out, report);
        return ExitCode.Success;
    }

    private NetworkReport Measure(ParseResult parse, ComponentTable table, ProgressLine progress, CancellationToken cancellation)
    {
        LoadedNetwork loaded = setup.Load(parse, parse.GetValue(plan), null, progress, cancellation);
        ImageSet test = loaded.Data.Test.Spread(parse.GetValue(images) ?? int.MaxValue);
        InferenceResult inFloat = InferenceRun.ExecuteFloat(loaded.Network, test, done => progress.Report("floating point", done, test.Count), cancellation);
        var runs = new List<PolicyRun>();
        foreach (PrecisionPolicy policy in Enum.GetValues<PrecisionPolicy>().Where(policy => policy <= loaded.Geometry.Policy))
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            InferenceResult result = InferenceRun.Execute(
                loaded.Quantised, loaded.Mapped, loaded.Setting(policy), test, done => progress.Report(TileParameters.Spell(policy), done, test.Count), cancellation);
            runs.Add(new PolicyRun(policy, result, System.Diagnostics.Stopwatch.GetElapsedTime(start)));
        }

        var withoutUnit = new TileGeometry(loaded.Config with { Precision = loaded.Config.Precision with { Policy = PrecisionPolicy.Static } });
        return new NetworkReport(
            loaded, test.Count, inFloat, runs, NetworkPricing.All(table, loaded.Geometry, parse.GetValue(node)), NetworkPricing.All(table, withoutUnit, parse.GetValue(node)));
    }
}
