using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Tools;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Verify;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy bench</c>: how fast golden model and Verilog are, and what comparing at every clock and counting cost, as ratios measured in one run.</summary>
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
        var command = new Command("bench", "Measure how fast golden model and Verilog run alone, what comparing them at every clock costs, and what counting toggles and events adds.") { file, clocks, seed, json };
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
                ModelToVerilog = Math.Round(cost.ModelSpeed, 3),
                LockstepToVerilog = Math.Round(cost.LockstepRatio, 3),
                CountingToLockstep = Math.Round(cost.CountingRatio, 3),
                ModelClocksPerSecond = Math.Round(cost.ModelClocksPerSecond),
                VerilogClocksPerSecond = Math.Round(cost.VerilogClocksPerSecond),
                LockstepClocksPerSecond = Math.Round(cost.LockstepClocksPerSecond),
                CountingClocksPerSecond = Math.Round(cost.CountingClocksPerSecond),
                Tools = tools,
            });
        }
        else
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{configPath}: the golden model runs {cost.ModelSpeed:0.00} times as fast as the Verilog; comparing the two at every clock takes {cost.LockstepRatio:0.00} times "
                + $"the Verilog alone, and {cost.CountingRatio:0.00} times that with toggles and events counted ({cost.Clocks:N0} clocks each, in turns; clocks per second: golden model "
                + $"{cost.ModelClocksPerSecond:N0}, Verilog {cost.VerilogClocksPerSecond:N0}, lockstep {cost.LockstepClocksPerSecond:N0}, counting {cost.CountingClocksPerSecond:N0}; {tools})"));
        }

        return ExitCode.Success;
    }
}
