using System.CommandLine;
using System.CommandLine.Parsing;
using ReDy.Architecture;
using ReDy.Cli.Energy;
using ReDy.CostModel;
using ReDy.GoldenModel.Arrays;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Verify;
using ReDy.Synthesis.Energy;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy power</c>: energy of the tile's standard cells, from the switching of a proven netlist.</summary>
public sealed class PowerVerb : IVerb
{
    private const int DefaultVectors = 16;
    private const double DefaultPeriod = 10;
    private const string Policies = "policies", ClockGating = "clock-gating";

    private readonly Argument<string> file = SharedOptions.ConfigFile();
    private readonly LayerOptions layers = new();
    private readonly Option<int> vectors = new("--vectors") { Description = "The first N vectors of the layer; or N sparse drawn ones if no layer is given.", DefaultValueFactory = _ => DefaultVectors };
    private readonly Option<long> seed = SharedOptions.Seed();
    private readonly Option<string[]> compare = new("--compare")
    {
        HelpName = $"{Policies}|{ClockGating}",
        Description = "Also netlists of every policy up to the configuration's, or with and without clock gating, on the same vectors; may be repeated.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double> clock = new("--clock") { HelpName = "NS", Description = "Clock period in ns at which powers are told.", DefaultValueFactory = _ => DefaultPeriod };
    private readonly Option<string?> liberty = SharedOptions.Liberty("Standard-cell library, as for redy synth.");
    private readonly Option<string?> components = CostOptions.Components();
    private readonly Option<double> node = CostOptions.Node();
    private readonly Option<string?> output = new("--output", "-o") { HelpName = "FOLDER", Description = "Folder of the run; runs/<configuration>-power if left out." };
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 61;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy power tile.yaml", "drawn vectors; three estimates side by side, modules"),
        new("redy power tile.yaml --model models/fashion-small --layer conv3 --compare policies", "real activations, what dynamic precision takes and saves"),
        new("redy power tile.yaml --compare clock-gating", "with and without clock gates"),
    ];

    public Command Build()
    {
        compare.AcceptOnlyFromAmong(Policies, ClockGating);
        var command = new Command("power", "Simulate the mapped netlist against the golden model and price what switches: by the library, by registers alone, by OpenSTA.")
        {
            file, vectors, seed, compare, clock, liberty, components, node, output, json,
        };
        layers.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        string path = parse.GetRequiredValue(file);
        TileConfig config = TileConfigFile.Load(path);
        double period = parse.GetValue(clock), nanometres = parse.GetValue(node);
        SharedOptions.CheckClock(period);
        CostOptions.CheckNode(nanometres);
        (StreamedLayer layer, string workload, long? drawnFrom) = Layer(parse, new TileGeometry(config));
        string folder = parse.GetValue(output) ?? Path.Combine("runs", $"{Path.GetFileNameWithoutExtension(path)}-power");
        ComponentTable table = ComponentTables.Load(parse.GetValue(components));
        TileConfig[] variants = [.. Variants(config, parse.GetValue(compare) ?? [])];
        PowerRequest[] requests =
        [
            .. variants.Select(variant => new PowerRequest
            {
                ConfigPath = path,
                Config = variant,
                Layer = layer,
                Workload = workload,
                Seed = drawnFrom,
                LibertyPath = parse.GetValue(liberty),
                ClockNanoseconds = period,
                Components = table,
                NodeNanometres = nanometres,
                OutputPath = variants.Length == 1 ? folder : $"{folder}-{TileParameters.Spell(variant.Precision.Policy)}{(variant.Rtl.ClockGating ? "-gated" : "")}",
                Options = Options(parse),
            }),
        ];
        foreach (PowerRequest request in requests)
            RunFolder.Check(request.OutputPath);

        var results = new List<PowerResult>();
        foreach (PowerRequest request in requests)
        {
            (PowerResult? result, PowerFailure? failure) = await VerifyProgress.ShowAsync(0, (clocks, step) => PowerRun.ExecuteAsync(request, clocks, step, cancellation));
            if (!parse.GetValue(json))
            {
                Console.Out.Write(failure?.Report ?? PowerText.Of(result!));
                Console.Out.WriteLine($"{"folder",-15}{request.OutputPath}\n");
            }

            if (failure is not null)
            {
                if (parse.GetValue(json))
                    Terminal.WriteJson<object[]>([.. results, failure]);
                return ExitCode.Failure;
            }

            results.Add(result!);
        }

        if (parse.GetValue(json))
            Terminal.WriteJson(results);
        else if (results.Count > 1)
            Console.Out.Write(PowerText.Compare(results));
        return results.All(result => result.Passed) ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>As they were given, but for those that say which netlists are compared and where their results go.</summary>
    private string Options(ParseResult parse) => string.Join(
        ' ',
        parse.CommandResult.Children.OfType<OptionResult>()
            .Where(option => !option.Implicit && option.Option != compare && option.Option != output && option.Option != json)
            .SelectMany(option => option.Tokens.Select(token => token.Value).Prepend(option.Option.Name))
            .Select(VerifyRequest.Quoted));

    private static IEnumerable<TileConfig> Variants(TileConfig config, string[] compared)
    {
        PrecisionPolicy[] policies = compared.Contains(Policies) ? [.. Enum.GetValues<PrecisionPolicy>().Where(policy => policy <= config.Precision.Policy)] : [config.Precision.Policy];
        bool[] gating = compared.Contains(ClockGating) ? [false, true] : [config.Rtl.ClockGating];
        return
            from gated in gating
            from policy in policies
            select config with { Precision = config.Precision with { Policy = policy }, Rtl = config.Rtl with { ClockGating = gated } };
    }

    private (StreamedLayer Layer, string Workload, long? Seed) Layer(ParseResult parse, TileGeometry geometry)
    {
        int count = parse.GetValue(vectors);
        if (count < 1)
            throw new InputException($"--vectors {count}: at least one vector is needed");
        IReadOnlyList<LayerOperands> named = layers.Read(parse);
        if (named.Count == 0)
        {
            long drawnFrom = parse.GetValue(seed);
            return (StreamedLayer.Draw(geometry, count, (ulong)drawnFrom), $"sparse operands drawn with seed {drawnFrom}, requantised", drawnFrom);
        }

        if (named.Count > 1)
            throw new InputException($"power is told of one layer at a time; choose one with --layer: {string.Join(", ", named.Select(layer => layer.Name))}");
        LayerFiles files = LayerFiles.Read(geometry, named[0].Weights, named[0].Inputs, named[0].Requantise);
        Matrix<ushort> inputs = files.Inputs!;
        return (
            new StreamedLayer(files.Weights!, inputs.Block(0, Math.Min(count, inputs.Rows), 0, inputs.Columns), files.Requantisation),
            $"{named[0].Name}{(files.Requantisation is null ? ", raw accumulators" : "")}",
            null);
    }
}
