using System.CommandLine;
using ReDy.Architecture;
using ReDy.Cli.Energy;
using ReDy.CostModel;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy energy</c>: what layers cost, by component, policy and ADC model.</summary>
public sealed class EnergyVerb : IVerb
{
    private readonly Argument<string> file = SharedOptions.ConfigFile();
    private readonly LayerOptions layers = new();
    private readonly Option<string[]> adc = new("--adc") { HelpName = "NAME", Description = "ADC model; the components of the first one are shown. Default: all of the table.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> digital = new("--digital")
    {
        Description = "How digital logic is priced: measured (toggles and clock pins of its registers, counted in the clocked model; compared with table rows) or published (table rows alone).",
        DefaultValueFactory = _ => TileParameters.Spell(Pricing.Measured),
    };

    private readonly Option<int> simulate = new("--simulate")
    {
        Description = "Vectors whose toggles are counted for --digital measured; energies are scaled by clocks to all vectors.",
        DefaultValueFactory = _ => 64,
    };

    private readonly Option<string?> components = CostOptions.Components();
    private readonly Option<double> node = CostOptions.Node();
    private readonly Option<string?> explain = CostOptions.Explain();
    private readonly Option<string?> csv = new Option<string?>("--csv") { Description = "File for every line of every report, comma-separated." }.Writes();
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 56;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy energy tile.yaml --model models/fashion-small --layer conv3", "a layer of a trained network: policies side by side, under each ADC model"),
        new("redy energy tile.yaml --weights w.npy --inputs x.npy --adc isaac-sar --json", "arrays, one ADC model, for machines"),
        new("redy energy tile.yaml --model models/fashion-small --digital published", "by table rows alone, nothing is simulated"),
        new("redy energy tile.yaml --explain dynamic_precision_unit", "how the numbers of a component come about for this tile"),
    ];

    public Command Build()
    {
        digital.AcceptOnlyFromAmong([.. Enum.GetValues<Pricing>().Select(TileParameters.Spell)]);
        var command = new Command("energy", "Price the events of layers by component tables: energy, power and efficiency under every policy and ADC model.")
        {
            file, adc, digital, simulate, components, node, explain, csv, json,
        };
        layers.AddTo(command);
        command.SetAction((parse, cancellation) => Task.Run(() => Run(parse, cancellation), cancellation));
        return command;
    }

    private int Run(ParseResult parse, CancellationToken cancellation)
    {
        string configPath = parse.GetRequiredValue(file);
        TileConfig config = TileConfigFile.Load(configPath);
        ComponentTable table = ComponentTables.Load(parse.GetValue(components));
        double nanometres = parse.GetValue(node);
        CostOptions.CheckNode(nanometres);
        string[] chosen = parse.GetValue(adc) ?? [];
        IReadOnlyList<AdcModel> models = chosen.Length == 0 ? table.AdcModels : [.. chosen.Select(table.AdcModel)];
        if (parse.GetValue(explain) is { } name)
        {
            foreach (string line in CostText.Explain(new CostArithmetic(table, new TileGeometry(config), nanometres, models.FirstOrDefault()), name))
                Console.Out.WriteLine(line);
            return ExitCode.Success;
        }

        int vectors = parse.GetValue(simulate);
        if (vectors < 1)
            throw new InputException($"--simulate {vectors}: at least one vector must be simulated");
        int simulated = parse.GetValue(digital) == TileParameters.Spell(Pricing.Measured) ? vectors : 0;
        List<LayerEnergy> priced = [];
        IReadOnlyList<LayerOperands> given = layers.Read(parse);
        if (given.Count == 0)
            throw new InputException("nothing to price: give --model FOLDER, or --weights and --inputs");
        foreach (LayerOperands operands in given)
            priced.Add(LayerEnergy.Price(operands.Name, LayerMeasurement.Policies(config, operands, simulated, cancellation), table, models, nanometres));
        if (parse.GetValue(csv) is { } path)
            OutputFile.Write(path, string.Concat(EnergyData.Csv(priced).Select(line => line + "\n")));
        if (parse.GetValue(json))
        {
            Terminal.WriteJson(new { File = configPath, NodeNm = nanometres, Tables = table.Files, Layers = priced.Select(EnergyData.ForJson) });
            return ExitCode.Success;
        }

        for (int i = 0; i < priced.Count; i++)
        {
            if (i != 0)
                Console.Out.WriteLine();
            EnergyText.Write(Console.Out, priced[i], configPath, nanometres);
        }

        return ExitCode.Success;
    }
}
