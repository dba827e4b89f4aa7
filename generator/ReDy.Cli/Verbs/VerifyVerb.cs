using System.CommandLine;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Verify;
using ReDy.Synthesis.GateLevel;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy verify</c>: the Verilog against the golden model at every clock, and both against the functional model.</summary>
public sealed class VerifyVerb : IVerb
{
    private const int DefaultVectors = 16;

    private readonly Argument<string> file = SharedOptions.ConfigFile();
    private readonly Option<string?> weights = new Option<string?>("--weights") { Description = "Weights W [K, N], signed integers (.npy). Without it they are drawn in the size of the tile." }.Reads("give the weights [K, N] as a .npy file");
    private readonly Option<string?> inputs = new Option<string?>("--inputs") { Description = "Inputs X [M, K], unsigned integers (.npy); needs --weights." }.Reads("give the inputs [M, K] as a .npy file");
    private readonly Option<string?> requantise = new Option<string?>("--requantise") { Description = "bias, multiplier, shift, zero_point, relu (.npz): deliver requantised outputs." }.Reads("give bias, multiplier, shift, zero_point and relu in a .npz file");
    private readonly Option<int> vectors = new("--vectors") { Description = "Vectors per operand class, where inputs are drawn.", DefaultValueFactory = _ => DefaultVectors };
    private readonly Option<string?> operands = new("--operands")
    {
        HelpName = "CLASSES",
        Description = $"Operand classes to draw, separated by commas: {string.Join(", ", OperandClassNames.All.Keys)}; or real, for --weights and --inputs. All but zero if left out.",
    };
    private readonly Option<long> seed = SharedOptions.Seed();
    private readonly Option<string?> policy = new("--policy") { Description = "static, lossless or statistical: the mode register, at most what the configuration generates." };
    private readonly Option<string> stalls = new("--stalls") { Description = "none, light or heavy: hesitation on every channel; light and heavy add resets, malformed packets and wrong accesses.", DefaultValueFactory = _ => "light" };
    private readonly Option<string> weightsBy = new("--weights-by") { Description = "axi, backdoor or auto (axi where it takes few accesses).", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> trace = new("--trace") { Description = "auto (a window around a divergence), full or off.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> traceFormat = new("--trace-format") { Description = "vcd or fst.", DefaultValueFactory = _ => "vcd" };
    private readonly Option<long> clocks = new("--clocks") { Description = "Go on with further vectors of every class in turn until so many clocks have passed." };
    private readonly Option<string?> output = new("--output") { HelpName = PathOptions.Folder, Description = "Folder of the run; runs/<configuration>-<seed> if left out." };
    private readonly Option<string?> netlist = new Option<string?>("--netlist")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Simulate a gate-level netlist in place of the Verilog and compare its ports: the one that redy synth makes, or a Verilog file.",
    }.Reads("give the netlist.v that redy synth leaves, or --netlist alone for the one that it makes");
    private readonly Option<string?> liberty = SharedOptions.Liberty("Library of the netlist's cells (Liberty), as for redy synth.");
    private readonly Option<string?> inject = new Option<string?>("--inject") { Description = "A fault file: change the Verilog so, to see it caught.", Hidden = true }.Reads("give a fault file, such as those of testbenches/faults");
    private readonly Option<string?> saif = new Option<string?>("--saif") { Description = "Also count the switching of every net, combinational ones too, into a SAIF 2.0 file; as slow as --trace full." }.Writes();
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 50;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy verify tile.yaml", "drawn operands of every class, light stalls"),
        new("redy verify tile.yaml --weights w.npy --inputs x.npy --requantise q.npz", "a layer of a network"),
        new("redy verify tile.yaml --operands sparse,worst-case --vectors 100 --stalls heavy --seed 7", "choose what is drawn"),
        new("redy verify tile.yaml --clocks 10000000 --stalls none", "go on for ten million clocks"),
        new("redy verify tile.yaml --trace full --trace-format fst", "with a waveform of the whole run"),
        new("redy verify tile.yaml --clocks 100000 --saif tile.saif", "with the switching activity of every net, for synthesis"),
        new("redy verify tile.yaml --netlist", "the mapped netlist instead of the Verilog"),
    ];

    public Command Build()
    {
        policy.AcceptOnlyFromAmong("static", "lossless", "statistical");
        stalls.AcceptOnlyFromAmong("none", "light", "heavy");
        weightsBy.AcceptOnlyFromAmong("axi", "backdoor", "auto");
        trace.AcceptOnlyFromAmong("auto", "full", "off");
        traceFormat.AcceptOnlyFromAmong("vcd", "fst");
        var command = new Command("verify", "Simulate the Verilog and compare it with the golden model at every clock.")
        {
            file, weights, inputs, requantise, vectors, operands, seed, policy, stalls, weightsBy, trace, traceFormat, clocks, saif, output, netlist, liberty, inject, json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        VerifyRequest request = Request(parse);
        if (parse.GetResult(netlist) is not null)
            request = await VerifyProgress.ShowAsync(0, (_, step) => WithNetlistAsync(request, parse, step, cancellation));
        else if (parse.GetValue(liberty) is not null)
            throw new InputException("--liberty is the library of a netlist's cells; give --netlist too");
        (VerifySummary summary, VerifyTimes times, string folder) = await VerifyProgress.ShowAsync(
            request.Operands.LeastClocks,
            (clocks, building) => VerifyRun.ExecuteAsync(request, clocks, building, cancellation));
        if (parse.GetValue(json))
        {
            Terminal.WriteJson(new { Summary = summary, Times = times, Folder = folder });
        }
        else
        {
            Console.Out.Write(VerifyRun.Text(summary));
            Console.Out.Write(VerifyRun.Text(times));
            Console.Out.WriteLine($"{"folder",-15}{folder}");
        }

        return summary.Passed ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>The request with a gate-level netlist in place of the Verilog. Registers have other names there: no backdoor, no window around a divergence.</summary>
    private async Task<VerifyRequest> WithNetlistAsync(VerifyRequest request, ParseResult parse, IProgress<string>? step, CancellationToken cancellation)
    {
        if (request.Stimulus.WeightsBy == WeightLoading.Backdoor)
            throw new InputException("--weights-by backdoor writes into the Verilog's cells by name, which --netlist does not show; use --weights-by axi");
        if (request.Fault is not null)
            throw new InputException("--inject changes the Verilog, which --netlist replaces; leave one of the two out");
        NetlistUnderTest under = await GateLevelBundle.ForVerificationAsync(request.Config, parse.GetValue(netlist), parse.GetValue(liberty), step, cancellation);
        return request with
        {
            Netlist = under,
            Stimulus = request.Stimulus with { WeightsBy = WeightLoading.Axi },
            Waveform = request.Waveform == WaveformMode.Auto ? WaveformMode.Off : request.Waveform,
        };
    }

    private VerifyRequest Request(ParseResult parse)
    {
        string configPath = parse.GetRequiredValue(file);
        TileConfig config = TileConfigFile.Load(configPath);
        var geometry = new TileGeometry(config);
        string? weightsPath = parse.GetValue(weights), inputsPath = parse.GetValue(inputs), requantisePath = parse.GetValue(requantise);
        IReadOnlyList<OperandClass> classes = Classes(parse.GetValue(operands), weightsPath, inputsPath);
        int count = parse.GetValue(vectors);
        if (count < 1)
            throw new InputException($"--vectors {count}: at least one vector per operand class is needed");
        if (parse.GetValue(clocks) < 0)
            throw new InputException($"--clocks {parse.GetValue(clocks)}: a number of clocks cannot be negative");
        PrecisionPolicy? chosen = parse.GetValue(policy) is { } name ? Enum.Parse<PrecisionPolicy>(name, ignoreCase: true) : null;
        if (chosen > geometry.Policy)
        {
            throw new InputException(
                $"--policy {$"{chosen}".ToLowerInvariant()} exceeds precision.policy = {$"{geometry.Policy}".ToLowerInvariant()} of {configPath}: "
                + "the generated tile has no logic for it; raise precision.policy or choose a lower policy");
        }

        LayerFiles layer = LayerFiles.Read(geometry, weightsPath, inputsPath, requantisePath);
        string? saifPath = parse.GetValue(saif);
        if (saifPath is not null && parse.GetValue(trace) == "full")
            throw new InputException($"--saif {saifPath} and --trace full both record the whole run; do one after the other");
        ulong root = (ulong)parse.GetValue(seed);
        StallLevel level = Enum.Parse<StallLevel>(parse.GetValue(stalls)!, ignoreCase: true);
        return new VerifyRequest
        {
            ConfigPath = configPath,
            Config = config,
            WeightsPath = weightsPath,
            InputsPath = inputsPath,
            RequantisePath = requantisePath,
            Operands = new OperandChoice
            {
                Weights = layer.Weights,
                Inputs = layer.Inputs,
                Requantisation = layer.Requantisation,
                Classes = classes,
                VectorsPerClass = count,
                Policy = chosen,
                Seed = root,
                LeastClocks = parse.GetValue(clocks),
            },
            Stimulus = StimulusOptions.Of(root, level) with { WeightsBy = Enum.Parse<WeightLoading>(parse.GetValue(weightsBy)!, ignoreCase: true) },
            Waveform = Enum.Parse<WaveformMode>(parse.GetValue(trace)!, ignoreCase: true),
            WaveformFormat = Enum.Parse<WaveformFormat>(parse.GetValue(traceFormat)!, ignoreCase: true),
            FaultPath = parse.GetValue(inject),
            Fault = parse.GetValue(inject) is { } faultPath ? DesignFault.Load(faultPath) : null,
            SaifPath = saifPath,
            OutputPath = parse.GetValue(output) ?? Path.Combine("runs", $"{Path.GetFileNameWithoutExtension(configPath)}-{root}"),
        };
    }

    private static IReadOnlyList<OperandClass> Classes(string? list, string? weightsPath, string? inputsPath)
    {
        if (list is null && inputsPath is not null)
            return [];
        string[] names = (list ?? string.Join(',', OperandClassNames.All.Keys.Where(name => name != "zero")))
            .Split(',', StringSplitOptions.TrimEntries);
        if (names is [OperandClassNames.Real])
        {
            return weightsPath is not null && inputsPath is not null
                ? []
                : throw new InputException("--operands real means a network's operands: give them with --weights w.npy --inputs x.npy");
        }

        if (inputsPath is not null)
            throw new InputException($"--operands {list} draws inputs, but --inputs {inputsPath} gives them; leave one of the two out");
        return [.. names.Select(name => OperandClassNames.All.TryGetValue(name, out OperandClass found)
            ? found
            : throw new InputException($"--operands: there is no class '{name}'{(Spelling.Nearest(name, OperandClassNames.All.Keys) is { } near ? $", did you mean '{near}'?" : "")}; the classes are {string.Join(", ", OperandClassNames.All.Keys)} and {OperandClassNames.Real}"))];
    }
}
