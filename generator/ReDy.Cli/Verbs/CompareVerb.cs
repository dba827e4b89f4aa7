using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
using ReDy.Simulation.Verify;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy compare</c>: what dynamic precision saves on real layers, on one netlist, proven in the Verilog as it is measured.</summary>
public sealed class CompareVerb : IVerb
{
    private readonly Argument<string> file = SharedOptions.ConfigFile();
    private readonly Option<string[]> layers = new Option<string[]>("--layer")
    {
        HelpName = "FILE,FILE",
        Description = "A layer as weights.npy,inputs.npy[,requantise.npz]; give the option once per layer.",
        Required = true,
    }.Reads(Layer.Form, value => value.Split(',', StringSplitOptions.TrimEntries));

    private readonly Option<string> output = new("--output") { HelpName = PathOptions.Folder, Description = "Folder of the runs, one folder in it per layer and policy.", DefaultValueFactory = _ => Path.Combine("runs", "compare") };
    private readonly Option<long> seed = SharedOptions.Seed();
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 55;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy compare tile.yaml --layer conv.weights.npy,conv.inputs.npy,conv.requantise.npz", "one layer under every policy of the tile"),
        new("redy compare tile.yaml --layer a.weights.npy,a.inputs.npy --layer b.weights.npy,b.inputs.npy --json", "several layers, for machines"),
    ];

    public Command Build()
    {
        var command = new Command("compare", "Run layers under every precision policy of a tile, in lockstep, and tabulate what is saved.")
        {
            file, layers, output, seed, json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        string configPath = parse.GetRequiredValue(file);
        TileConfig config = TileConfigFile.Load(configPath);
        var geometry = new TileGeometry(config);
        ulong root = (ulong)parse.GetValue(seed);
        List<Row> rows = [];
        foreach (Layer layer in parse.GetRequiredValue(layers).Select(Layer.Parse).ToArray())
        {
            LayerFiles operands = LayerFiles.Read(geometry, layer.Weights, layer.Inputs, layer.Requantise);
            Row? baseline = null;
            foreach (PrecisionPolicy policy in Enum.GetValues<PrecisionPolicy>().Where(policy => policy <= geometry.Policy))
            {
                string name = $"{policy}".ToLowerInvariant();
                var request = new VerifyRequest
                {
                    ConfigPath = configPath,
                    Config = config,
                    WeightsPath = layer.Weights,
                    InputsPath = layer.Inputs,
                    RequantisePath = layer.Requantise,
                    Operands = new OperandChoice
                    {
                        Weights = operands.Weights,
                        Inputs = operands.Inputs,
                        Requantisation = operands.Requantisation,
                        Classes = [],
                        VectorsPerClass = 1,
                        Policy = policy,
                        Seed = root,
                    },
                    // At full speed, so that the clocks of the policies compare; weights by the backdoor, which takes none.
                    Stimulus = StimulusOptions.Of(root, StallLevel.None) with { WeightsBy = WeightLoading.Backdoor },
                    OutputPath = Path.Combine(parse.GetRequiredValue(output), $"{layer.Name}-{name}"),
                };
                (VerifySummary summary, VerifyTimes times, string folder) = await VerifyProgress.ShowAsync(
                    0, (clocks, building) => VerifyRun.ExecuteAsync(request, clocks, building, cancellation));
                baseline ??= new Row(layer, name, operands, summary, times, folder, null);
                rows.Add(new Row(layer, name, operands, summary, times, folder, baseline));
                if (!summary.Passed)
                    Console.Out.Write(VerifyRun.Text(summary));
            }
        }

        if (parse.GetValue(json))
            Terminal.WriteJson(rows.Select(row => row.ForMachines));
        else
            Print(rows);
        return rows.All(row => row.Summary.Passed) ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Print(List<Row> rows)
    {
        string[] titles = ["layer", "K x N", "policy", "vectors", "clocks", "saved", "probes", "comparisons", "mismatches", "steps", "conversions", "of static", "clocks/s"];
        List<string[]> cells = [titles, .. rows.Select(row => row.ForPeople)];
        int[] widths = [.. titles.Select((_, column) => cells.Max(line => line[column].Length))];
        foreach (string[] line in cells)
            Console.Out.WriteLine(string.Join("  ", line.Select((cell, column) => column is 0 or 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
    }

    private sealed record Layer(string Name, string Weights, string Inputs, string? Requantise)
    {
        public const string Form = "a layer is weights.npy,inputs.npy or weights.npy,inputs.npy,requantise.npz";

        public static Layer Parse(string text)
        {
            string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
            return parts.Length is 2 or 3 && parts.All(part => part.Length > 0)
                ? new Layer(Path.GetFileName(parts[0]).Split('.')[0], parts[0], parts[1], parts.ElementAtOrDefault(2))
                : throw new InputException($"--layer {text}: {Form}");
        }
    }

    /// <param name="Baseline">The same layer under the static policy; null for that row's own.</param>
    private sealed record Row(Layer Layer, string Policy, LayerFiles Operands, VerifySummary Summary, VerifyTimes Times, string Folder, Row? Baseline)
    {
        private double ClocksSaved => 1 - ((double)Summary.Clocks / (Baseline ?? this).Summary.Clocks);
        private double ConversionsShare => Summary.ConversionsStatic == 0 ? 1 : (double)Summary.Conversions / Summary.ConversionsStatic;

        public object ForMachines => new
        {
            Layer = Layer.Name,
            Rows = Operands.Weights!.Rows,
            Outputs = Operands.Weights.Columns,
            Policy,
            Folder,
            ClocksSavedShare = Math.Round(ClocksSaved, 6),
            ConversionsShareOfStatic = Math.Round(ConversionsShare, 6),
            Summary,
            Times,
        };

        public string[] ForPeople =>
        [
            Layer.Name, $"{Operands.Weights!.Rows} x {Operands.Weights.Columns}", Policy, $"{Summary.Vectors:N0}", $"{Summary.Clocks:N0}", Percent(ClocksSaved),
            $"{Summary.Probes:N0}", $"{Summary.Comparisons:N0}", $"{Summary.Mismatches}", $"{Summary.StepsStreamed:N0}", $"{Summary.Conversions:N0}",
            Percent(ConversionsShare), $"{Times.ClocksPerSecond:N0}",
        ];

        private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
    }
}
