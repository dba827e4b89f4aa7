using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Tools;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Verify;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy bench</c>: what comparing at every clock and counting cost, as ratios measured in one run.</summary>
public sealed class BenchVerb : IVerb
{
    private readonly Argument<string> file = SharedOptions.ConfigFile();
    private readonly Option<long> clocks = new("--clocks") { Description = "Clocks to measure on each side.", DefaultValueFactory = _ => 200_000 };
    private readonly Option<long> seed = SharedOptions.Seed();
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 75;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy bench tile.yaml", "lockstep against the same simulation without model and comparison, and with counting against without"),
        new("redy bench tile.yaml --clocks 1000000 --json", "longer, for machines"),
    ];

    public Command Build()
    {
        var command = new Command("bench", "Measure what comparing at every clock costs against the Verilog alone, and what counting toggles and events adds.") { file, clocks, seed, json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        string configPath = parse.GetRequiredValue(file);
        long measured = parse.GetValue(clocks);
        if (measured < 1)
            throw new InputException($"--clocks {measured}: at least one clock is needed");
        ulong root = (ulong)parse.GetValue(seed);
        var request = new VerifyRequest
        {
            ConfigPath = configPath,
            Config = TileConfigFile.Load(configPath),
            Operands = new OperandChoice { Classes = [OperandClass.Uniform, OperandClass.Sparse], VectorsPerClass = 16, Seed = root },
            Stimulus = StimulusOptions.Of(root, StallLevel.None) with { WeightsBy = WeightLoading.Backdoor },
            OutputPath = "",
        };
        (LockstepCost cost, IReadOnlyList<InstalledTool> installed) = await VerifyProgress.ShowAsync(0, (_, building) => VerifyRun.BenchmarkAsync(request, measured, building, cancellation));
        string tools = string.Join(", ", installed.Select(tool => $"{tool.Name} {tool.Version}"));
        if (parse.GetValue(json))
        {
            Terminal.WriteJson(new
            {
                File = configPath,
                cost.Clocks,
                LockstepToAlone = Math.Round(cost.Ratio, 3),
                CountingToLockstep = Math.Round(cost.CountingRatio, 3),
                LockstepClocksPerSecond = Math.Round(cost.LockstepClocksPerSecond),
                CountingClocksPerSecond = Math.Round(cost.CountingClocksPerSecond),
                AloneClocksPerSecond = Math.Round(cost.AloneClocksPerSecond),
                Tools = tools,
            });
        }
        else
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{configPath}: lockstep takes {cost.Ratio:0.00} times the Verilog alone and {cost.CountingRatio:0.00} times itself with toggles and events counted "
                + $"({cost.Clocks:N0} clocks each, in turns; {cost.LockstepClocksPerSecond:N0}, {cost.AloneClocksPerSecond:N0} and {cost.CountingClocksPerSecond:N0} clocks per second; {tools})"));
        }

        return ExitCode.Success;
    }
}
