using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
using ReDy.GoldenModel.Functional;
using Spectre.Console;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy run</c>: matrix-vector products through the functional model, from array files to array files.</summary>
public sealed class RunVerb : IVerb
{
    public int Order => 40;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy run tile.yaml --weights w.npy --inputs x.npy --output y.npy", "raw accumulators (int64) and event counts"),
        new("redy run tile.yaml --weights w.npy --inputs x.npy --output y.npy --policy static --json", "the baseline's events, for programs"),
        new("redy run tile.yaml --weights w.npy --inputs x.npy --output q.npy --requantise s.npz --planes p.npy", "requantised outputs, and steps per group"),
    ];

    public Command Build()
    {
        Argument<string> config = SharedOptions.ConfigFile();
        var weights = new Option<string>("--weights") { Description = "Weights [K, N], signed integers (.npy). K and N may exceed a crossbar and the tile.", Required = true }.Reads("give the weights [K, N] as a .npy file");
        var inputs = new Option<string>("--inputs") { Description = "Input vectors [M, K], unsigned integers (.npy).", Required = true }.Reads("give the inputs [M, K] as a .npy file");
        var output = new Option<string>("--output") { Description = "File for the outputs [M, N] (.npy): int64, or with --requantise uint8 (uint16 above 8 output bits).", Required = true }.Writes();
        var planes = new Option<string?>("--planes") { Description = "File for the steps streamed per group, int32 [M, groups] (.npy)." }.Writes();
        var requantise = new Option<string?>("--requantise") { Description = "Archive (.npz) of bias[N], multiplier[N], shift[N], zero_point and relu: deliver requantised outputs." }.Reads("give bias, multiplier, shift, zero_point and relu in a .npz file");
        var policy = new Option<string?>("--policy") { Description = "Precision policy instead of the configuration's: static, lossless or statistical." };
        policy.AcceptOnlyFromAmong([.. Enum.GetValues<PrecisionPolicy>().Select(TileParameters.Spell)]);
        Option<bool> json = SharedOptions.Json();
        var command = new Command("run", "Compute matrix-vector products as the hardware does, and count its events.")
        {
            config, weights, inputs, output, planes, requantise, policy, json,
        };
        command.SetAction((parse, cancellation) => Task.Run(
            () =>
            {
                TileConfig tile = WithPolicy(TileConfigFile.Load(parse.GetRequiredValue(config)), parse.GetValue(policy));
                var files = new FunctionalRunFiles(
                    parse.GetRequiredValue(weights), parse.GetRequiredValue(inputs), parse.GetRequiredValue(output), parse.GetValue(planes), parse.GetValue(requantise));
                var geometry = new TileGeometry(tile);
                EventCounts events = WithProgress(progress => FunctionalRun.Execute(geometry, files, progress, cancellation));
                Print(geometry, files, events, parse.GetValue(json));
                return ExitCode.Success;
            },
            cancellation));
        return command;
    }

    private static TileConfig WithPolicy(TileConfig config, string? policy)
    {
        if (policy is null)
            return config;
        TileConfig changed = config with { Precision = config.Precision with { Policy = TileParameters.Choose<PrecisionPolicy>(policy)!.Value } };
        IReadOnlyList<ConfigFinding> findings = TileConfigRules.Violations(changed);
        return findings.Count == 0
            ? changed
            : throw new InputException([.. findings.Select(finding => $"--policy {policy}: {finding.Why}; {finding.Remedy} in the configuration")]);
    }

    private static EventCounts WithProgress(Func<Action<int, int>?, EventCounts> run)
    {
        if (!Terminal.ShowsProgress)
            return run(null);
        return Terminal.Error.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(context =>
        {
            ProgressTask task = context.AddTask("vectors");
            return run((done, total) =>
            {
                task.MaxValue = Math.Max(1, total);
                task.Value = done;
            });
        });
    }

    private static void Print(TileGeometry geometry, FunctionalRunFiles files, EventCounts events, bool json)
    {
        if (json)
        {
            Terminal.WriteJson(new
            {
                geometry.Policy,
                events.Vectors,
                events.Groups,
                events.StepsStreamed,
                events.StepsSkipped,
                events.CrossbarSteps,
                events.Conversions,
                events.Saturations,
                events.DacDrives,
                events.DropHistogram,
            });
            return;
        }

        long steps = events.StepsStreamed + events.StepsSkipped;
        Line("policy", TileParameters.Spell(geometry.Policy));
        Line("vectors", Number(events.Vectors));
        Line("groups", Number(events.Groups));
        Line("steps streamed", $"{Number(events.StepsStreamed)}{Share(events.StepsStreamed, steps)}");
        Line("steps skipped", Number(events.StepsSkipped));
        Line("conversions", Number(events.Conversions));
        Line("saturations", $"{Number(events.Saturations)}{Share(events.Saturations, events.Conversions)}");
        Line("DAC drives", Number(events.DacDrives));
        if (geometry.Policy == PrecisionPolicy.Statistical)
            Line("groups by drop", string.Join(", ", events.DropHistogram.Select((groups, drop) => $"{drop}: {Number(groups)}")));
        Line("outputs", files.Output);
        if (files.Planes is not null)
            Line("planes", files.Planes);

        static void Line(string label, string value) => Console.Out.WriteLine($"{label,-16}{value}");
        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
        static string Share(long part, long whole) => whole == 0 ? "" : $" ({(100.0 * part / whole).ToString("F1", CultureInfo.InvariantCulture)} %)";
    }
}
