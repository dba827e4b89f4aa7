using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
using ReDy.Cli.Energy;
using ReDy.CostModel;
using ReDy.Networks.Calibration;
using ReDy.Networks.Inference;

namespace ReDy.Cli.Verbs.Networks;

/// <summary><c>redy network calibrate</c>: thresholds for every layer, within an accuracy budget, into a file.</summary>
internal sealed class CalibrateVerb : INetworkVerb
{
    private readonly NetworkSetup setup = new();
    private readonly Option<string> output = new Option<string>("--output") { Description = "File for scales and thresholds (JSON).", Required = true }.Writes();
    private readonly Option<double> budget = new("--budget") { Description = "Accuracy that may be lost on held-back images, in percentage points.", DefaultValueFactory = _ => 0.5 };
    private readonly Option<int> images = new("--images") { Description = "Calibration images on which each layer's thresholds are tried.", DefaultValueFactory = _ => 320 };
    private readonly Option<int> heldBack = new("--held-back") { Description = "Held-back images that judge; all if left out.", DefaultValueFactory = _ => int.MaxValue };
    private readonly Option<string?> statistic = new("--statistic") { Description = "max, sum or nonzero_mean instead of the configuration's; best tries all three." };
    private readonly Option<string?> adc = new("--adc") { HelpName = "NAME", Description = "ADC model under which energy is minimised; the first of the tables if left out." };
    private readonly Option<string?> components = CostOptions.Components();
    private readonly Option<double> node = CostOptions.Node();
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 30;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy network calibrate tile.yaml net.onnx --output net.plan.json", "thresholds that lose at most half a point"),
        new("redy network calibrate tile.yaml net.onnx --output net.plan.json --budget 0.2 --statistic best", "a smaller budget; find the statistic, too"),
    ];

    public Command Build()
    {
        statistic.AcceptOnlyFromAmong([.. Enum.GetValues<GroupStatistic>().Select(TileParameters.Spell), "best"]);
        var command = new Command("calibrate", "Find the thresholds of every layer that save most energy within an accuracy budget. Test images are not used.");
        setup.AddTo(command);
        foreach (Option option in new Option[] { output, budget, images, heldBack, statistic, adc, components, node, json })
            command.Options.Add(option);
        command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
        return command;
    }

    private int Run(ParseResult parse, CancellationToken cancellation)
    {
        double points = parse.GetValue(budget);
        if (!(points >= 0))
            throw new InputException($"--budget {points}: give percentage points of at least 0");
        if (parse.GetValue(images) < 1 || parse.GetValue(heldBack) < 1)
            throw new InputException("--images and --held-back: the calibration set is empty; give at least one image to each");
        CostOptions.CheckNode(parse.GetValue(node));
        GroupStatistic?[] tried = parse.GetValue(statistic) switch
        {
            null => [null],
            "best" => [.. Enum.GetValues<GroupStatistic>().Cast<GroupStatistic?>()],
            { } name => [TileParameters.Choose<GroupStatistic>(name)],
        };
        (PrecisionPlan Plan, CalibrationResult Result)[] found = ProgressLine.Show(progress => tried.Select(one => Calibrate(parse, one, points, progress, cancellation)).ToArray());
        (PrecisionPlan plan, CalibrationResult result) = found.MinBy(one => one.Plan.Curve.Single(point => point.IsChosen).Picojoules);
        OutputFile.Write(parse.GetRequiredValue(output), plan.ToJson());
        if (parse.GetValue(json))
            Terminal.WriteJson(plan);
        else
            Print(parse, plan, result, found);
        return ExitCode.Success;
    }

    private (PrecisionPlan Plan, CalibrationResult Result) Calibrate(ParseResult parse, GroupStatistic? chosen, double points, ProgressLine progress, CancellationToken cancellation)
    {
        LoadedNetwork loaded = setup.Load(parse, null, chosen, progress, cancellation);
        NetworkPricing pricing = Pricing(loaded.Geometry, parse);
        CalibrationResult result = new PrecisionCalibration(loaded.Quantised, loaded.Mapped, new CalibrationRequest(points, parse.GetValue(images), pricing))
            .Run(loaded.Data.Calibration, loaded.Data.HeldBack.Spread(parse.GetValue(heldBack)), progress.Report, cancellation);
        var plan = new PrecisionPlan
        {
            Network = loaded.Network.Name,
            NetworkHash = PrecisionPlan.HashOf(parse.GetRequiredValue(setup.File)),
            Range = loaded.Range,
            Statistic = loaded.Config.Precision.Statistic,
            BudgetPoints = points,
            AdcModel = pricing.Adc,
            Types = loaded.Types,
            Thresholds = result.Thresholds,
            Curve = result.Curve,
        };
        return (plan, result);
    }

    private NetworkPricing Pricing(TileGeometry geometry, ParseResult parse)
    {
        IReadOnlyList<NetworkPricing> models = NetworkPricing.All(ComponentTables.Load(parse.GetValue(components)), geometry, parse.GetValue(node));
        string? name = parse.GetValue(adc);
        return models.FirstOrDefault(model => name is null || model.Adc == name)
            ?? throw new InputException($"--adc {name}: no such ADC model holds for this tile; choose one of {string.Join(", ", models.Select(model => model.Adc))}");
    }

    private void Print(ParseResult parse, PrecisionPlan plan, CalibrationResult result, (PrecisionPlan Plan, CalibrationResult Result)[] found)
    {
        var layers = new TextTable("<layer", "<thresholds");
        foreach ((string layer, IReadOnlyList<long> thresholds) in plan.Thresholds)
            layers.Add(layer, thresholds.Count == 0 ? "never" : string.Join(" ", thresholds));
        layers.Write(Console.Out);
        Console.Out.WriteLine();
        var curve = new TextTable("<point", "accuracy", "loss", "nJ per image", "of static", "conversions of static");
        curve.Add("static", Percent(result.Static.Accuracy), Points(0), "", Percent(1), Percent(1));
        foreach (CurvePoint point in plan.Curve)
            curve.Add(point.IsChosen ? "chosen" : "", Percent(point.Accuracy), Points(point.LossPoints), Nanojoules(point.Picojoules), Percent(point.ShareOfStatic), Percent(point.ConversionsShareOfStatic));
        curve.Write(Console.Out);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"statistic       {TileParameters.Spell(plan.Statistic)}{(found.Length == 1 ? "" : $"; chosen points: {string.Join(", ", found.Select(one => $"{TileParameters.Spell(one.Plan.Statistic)} {Percent(one.Plan.Curve.Single(point => point.IsChosen).ShareOfStatic)}"))} of static")}");
        Console.Out.WriteLine($"judged on       {result.Static.Classes.Length:N0} held-back training images, budget {Points(plan.BudgetPoints)} points, energy under {plan.AdcModel}; no test image was used");
        Console.Out.WriteLine($"written         {parse.GetRequiredValue(output)}");
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %");

    private static string Points(double points) => points.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Nanojoules(double picojoules) => (picojoules / 1e3).ToString("N0", CultureInfo.InvariantCulture);
}
