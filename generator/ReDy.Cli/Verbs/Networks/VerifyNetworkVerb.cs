using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ReDy.Architecture;
using ReDy.Networks.Images;
using ReDy.Simulation.Networks;
using ReDy.Simulation.Verify;

namespace ReDy.Cli.Verbs.Networks;

/// <summary><c>redy network verify</c>: images through the Verilog, every layer in lockstep with the golden model.</summary>
internal sealed class VerifyNetworkVerb : INetworkVerb
{
    private readonly NetworkSetup setup = new();
    private readonly Option<string?> plan = new Option<string?>("--plan") { Description = "Scales and thresholds from 'redy network calibrate'; without it the configuration's thresholds serve every layer." }.Reads("'redy network calibrate' writes one");
    private readonly Option<int> images = new("--images") { Description = "Test images, at even distances.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> policy = new("--policy") { Description = "static, lossless or statistical, at most the configuration's." };
    private readonly Option<long> clocks = new("--layer-clocks") { Description = "A layer that would take more clocks with every plane streamed is sampled.", DefaultValueFactory = _ => 2_000_000 };
    private readonly Option<string> stalls = new("--stalls") { Description = "How often the ports hesitate: none, light or heavy.", DefaultValueFactory = _ => "none" };
    private readonly Option<string?> output = new("--output") { HelpName = PathOptions.Folder, Description = "Folder of the run; runs/<network>-<seed> if left out." };
    private readonly Option<string?> inject = new Option<string?>("--inject") { Description = "A fault file: change the Verilog so, to see it caught.", Hidden = true }.Reads("give a fault file, such as those of testbenches/faults");
    private readonly Option<long> seed = SharedOptions.Seed();
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 50;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy network verify tile.yaml net.onnx --plan net.plan.json", "one test image through the Verilog, all layers"),
        new("redy network verify tile.yaml net.onnx --images 4 --layer-clocks 100000 --stalls light", "more images, large layers sampled, ports that hesitate"),
    ];

    public Command Build()
    {
        policy.AcceptOnlyFromAmong([.. Enum.GetValues<PrecisionPolicy>().Select(TileParameters.Spell)]);
        stalls.AcceptOnlyFromAmong("none", "light", "heavy");
        var command = new Command("verify", "Compute a network's layers in the Verilog, one feeding the next, compared with the golden model at every clock.");
        setup.AddTo(command);
        foreach (Option option in new Option[] { plan, images, policy, clocks, stalls, output, inject, seed, json })
            command.Options.Add(option);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        if (parse.GetValue(images) < 1 || parse.GetValue(clocks) < 1)
            throw new InputException("--images and --layer-clocks: give numbers of at least 1");
        LoadedNetwork loaded = await Task.Run(() => ProgressLine.Show(progress => setup.Load(parse, parse.GetValue(plan), null, progress, cancellation)), cancellation);
        PrecisionPolicy chosen = parse.GetValue(policy) is { } name ? TileParameters.Choose<PrecisionPolicy>(name)!.Value : loaded.Geometry.Policy;
        if (chosen > loaded.Geometry.Policy)
            throw new InputException($"--policy {TileParameters.Spell(chosen)} exceeds precision.policy = {TileParameters.Spell(loaded.Geometry.Policy)} of {parse.GetRequiredValue(setup.Config)}: the tile has no logic for it; raise precision.policy or choose a lower policy");
        ulong root = (ulong)parse.GetValue(seed);
        string path = parse.GetValue(output) ?? Path.Combine("runs", $"{loaded.Network.Name}-{root}");
        using var folder = new RunFolder(path);
        ImageSet test = loaded.Data.Test.Spread(parse.GetValue(images));
        NetworkVerification? verification = null;
        NetworkVerifyResult result = await VerifyProgress.ShowAsync(0, (progress, doing) =>
        {
            verification = new NetworkVerification(new NetworkVerifyRequest
            {
                Config = loaded.Config,
                Network = loaded.Quantised,
                Mapped = loaded.Mapped,
                Setting = loaded.Setting(chosen),
                Images = test,
                Stimulus = StimulusOptions.Of(root, Enum.Parse<StallLevel>(parse.GetRequiredValue(stalls), ignoreCase: true)) with { WeightsBy = WeightLoading.Backdoor },
                LargestLayerClocks = parse.GetValue(clocks),
                Fault = parse.GetValue(inject) is { } fault ? DesignFault.Load(fault) : null,
                CommandLine = CommandLine(parse, name => name),
                WaveformPath = folder.PathOf("waveform"),
                Clocks = progress,
                Doing = doing,
            });
            return Task.Run(() => verification.RunAsync(cancellation), cancellation);
        });
        Fill(folder, parse, verification!, result);
        folder.Keep();
        if (parse.GetValue(json))
            Terminal.WriteJson(ForMachines(result, path));
        else
            Print(loaded, result, chosen, path);
        return result.Passed ? ExitCode.Success : ExitCode.Failure;
    }

    private void Fill(RunFolder folder, ParseResult parse, NetworkVerification verification, NetworkVerifyResult result)
    {
        folder.Write(verification.Bundle);
        folder.Write(RunFolder.ResultFile, JsonSerializer.Serialize(ForMachines(result, null), VerifyRun.JsonOptions) + "\n");
        folder.Write("junit.xml", JunitReport.Of("redy network verify", [
            .. result.Layers.Select(layer => ($"layer {layer.Name}", layer.Report)),
            ("the classes are the functional model's", result.Classes is null || result.Classes.SequenceEqual(result.Expected) ? null : $"classes {string.Join(" ", result.Classes)}, the functional model says {string.Join(" ", result.Expected)}"),
        ]));
        string?[] files = [parse.GetRequiredValue(setup.Config), parse.GetRequiredValue(setup.File), parse.GetValue(plan), parse.GetValue(inject)];
        foreach (string file in files.Where(file => file is not null).Cast<string>())
            folder.Copy(file, Path.GetFileName(file));
        folder.WriteScript("run.sh", $$"""
            #!/bin/sh
            # Repeats this verification from the files beside this script; REDY names another redy, further options may follow.
            cd "$(dirname "$0")" || exit 2
            exec ${REDY:-redy} {{CommandLine(parse, Path.GetFileName)["redy ".Length..]}} --output again "$@"

            """);
    }

    /// <param name="place">What becomes of the names of files.</param>
    private string CommandLine(ParseResult parse, Func<string, string?> place)
    {
        List<string> words = ["redy", "network", "verify", place(parse.GetRequiredValue(setup.Config))!, place(parse.GetRequiredValue(setup.File))!];
        foreach ((Option<string?> option, string name) in new[] { (plan, "--plan"), (inject, "--inject") })
        {
            if (parse.GetValue(option) is { } file)
                words.AddRange([name, place(file)!]);
        }

        if (parse.GetValue(policy) is { } chosen)
            words.AddRange(["--policy", chosen]);
        words.AddRange([
            "--images", $"{parse.GetValue(images)}", "--layer-clocks", $"{parse.GetValue(clocks)}", "--stalls", parse.GetRequiredValue(stalls), "--seed", $"{parse.GetValue(seed)}",
            "--data", parse.GetRequiredValue(setup.Data), "--range", parse.GetRequiredValue(setup.Range), "--calibration-images", $"{parse.GetValue(setup.CalibrationImages)}",
            "--mean", parse.GetValue(setup.Mean).ToString(CultureInfo.InvariantCulture), "--deviation", parse.GetValue(setup.Deviation).ToString(CultureInfo.InvariantCulture),
        ]);
        return string.Join(' ', words.Select(VerifyRequest.Quoted));
    }

    private static void Print(LoadedNetwork loaded, NetworkVerifyResult result, PrecisionPolicy policy, string folder)
    {
        foreach (VerifiedLayer failed in result.Layers.Where(layer => layer.Report is not null))
            Console.Out.WriteLine(failed.Report);
        var table = new TextTable("<layer", "K x N", "vectors", "in Verilog", "passes", "clocks", "comparisons", "mismatches", "conversions of static", "outputs");
        foreach (VerifiedLayer layer in result.Layers)
        {
            table.Add(
                layer.Name, $"{layer.Rows} x {layer.OutputsOfLayer}", Number(layer.Vectors), layer.IsSampled ? Percent((double)layer.VectorsInVerilog / layer.Vectors) : "all", $"{layer.Passes}", Number(layer.Clocks), Number(layer.Comparisons),
                $"{layer.Mismatches}", Percent(layer.StaticConversions == 0 ? 1 : (double)layer.Events.Conversions / layer.StaticConversions), Number(layer.Outputs));
        }

        table.Write(Console.Out);
        Console.Out.WriteLine();
        Line("result", result.Passed ? "PASSED: golden model, Verilog and functional model agree in every layer" : "FAILED");
        Line("network", $"{loaded.Network.Name}, policy {TileParameters.Spell(policy)}, {Number(result.Labels.Count)} image{(result.Labels.Count == 1 ? "" : "s")}");
        if (result.Classes is not null)
        {
            Line("classes", $"{string.Join(" ", result.Classes)} {(result.IsComplete ? "computed by the Verilog" : "from sampled layers, the rest of them by the functional model")}; functional model {string.Join(" ", result.Expected)}; labels {string.Join(" ", result.Labels)}");
        }

        if (!result.IsComplete)
            Line("sampled", string.Join(", ", result.Layers.Where(layer => layer.IsSampled).Select(layer => $"{layer.Name} {Number(layer.VectorsInVerilog)} of {Number(layer.Vectors)} vectors")));
        Line("clocks", $"{Number(result.Clocks)}, {Number(result.Layers.Count == 0 ? 0 : result.Layers[0].Probes)} registers at every clock");
        Line("comparisons", Number(result.Comparisons));
        Line("mismatches", $"{result.Mismatches}");
        Line("tools", string.Join(", ", result.Tools));
        Line("speed", $"{Number((long)(result.Clocks / Math.Max(1e-9, result.Layers.Sum(layer => layer.Seconds))))} clocks per second");
        Line("folder", folder);

        static void Line(string name, string value) => Console.Out.WriteLine($"{name,-15}{value}");
    }

    private static object ForMachines(NetworkVerifyResult result, string? folder) => new
    {
        result.Passed,
        result.IsComplete,
        result.Classes,
        result.Expected,
        result.Labels,
        result.Clocks,
        result.Comparisons,
        result.Mismatches,
        result.Tools,
        Layers = result.Layers,
        Folder = folder,
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
