using System.CommandLine;
using ReDy.Architecture;
using ReDy.Cli.Energy;
using ReDy.CostModel;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy components</c>: what events cost and hardware takes, with arithmetic and source.</summary>
public sealed class ComponentsVerb : IVerb
{
    private const string Constant = "(constant)";

    private readonly Argument<string?> name = new("NAME") { Description = "Component, ADC model or constant to explain.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> config = new Option<string?>("--tile") { Description = "Configuration file whose figures the formulas take; default: preset redy." }.Reads("'redy init FILE' writes one");
    private readonly Option<string?> components = CostOptions.Components();
    private readonly Option<double> node = CostOptions.Node();
    private readonly Option<bool> variables = new("--variables") { Description = "List the figures of the tile that formulas may use." };
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 58;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy components", "every row with value, node and source; the published totals recomputed"),
        new("redy components neurosim-sar", "where the numbers of an ADC model come from"),
        new("redy components dac --components mine.yaml --tile tile.yaml", "your own row, for your tile"),
    ];

    public Command Build()
    {
        var command = new Command("components", "List the component tables: energy, static power and area of every block, with arithmetic and source.")
        {
            name, config, components, node, variables, json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        ComponentTable table = ComponentTables.Load(parse.GetValue(components));
        string? tile = parse.GetValue(config);
        double nanometres = parse.GetValue(node);
        CostOptions.CheckNode(nanometres);
        var arithmetic = new CostArithmetic(table, new TileGeometry(tile is null ? new TileConfig() : TileConfigFile.Load(tile)), nanometres);
        if (parse.GetValue(variables))
            PrintVariables(arithmetic);
        else if (parse.GetValue(json))
            PrintJson(arithmetic, parse.GetValue(name));
        else if (parse.GetValue(name) is { } asked)
            Print(CostText.Explain(arithmetic, asked));
        else
            PrintAll(arithmetic);
        return ExitCode.Success;
    }

    private static void Print(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Console.Out.WriteLine(line);
    }

    private static void PrintVariables(CostArithmetic arithmetic)
    {
        var listing = new TextTable("<variable", "value", "<meaning");
        listing.Add(CostVariable.Node, CostText.Number(arithmetic.Node), "technology node of the report (--node)");
        foreach (CostVariable variable in CostVariable.All)
            listing.Add(variable.Name, CostText.Number(arithmetic.Resolve(variable.Name)), variable.Description);
        listing.Write(Console.Out);
    }

    private static void PrintAll(CostArithmetic arithmetic)
    {
        Console.Out.WriteLine($"tables: {string.Join(", ", arithmetic.Table.Files)}; logic scaled to {CostText.Node(arithmetic.Node)}");
        Console.Out.WriteLine();
        var listing = new TextTable("<component", "<quantity", "<per", "value", "<unit", "node", "<source", "<row");
        foreach ((string component, CostRow row) in AllRows(arithmetic.Table))
        {
            CostValue value = arithmetic.Of(row);
            string[] parts = row.Name.Split('.');
            listing.Add(
                component, component == Constant ? "" : parts.Length < 3 ? parts[^1].Replace('_', ' ') : parts[1].Replace('_', ' '), component == Constant ? row.Name : parts.Length < 3 ? "" : parts[2],
                CostText.Number(value.Value), CostText.UnitOf(row), CostText.Node(value.ScaledBy == 1 ? row.Node : arithmetic.Node), CostText.Source(row), $"{row.At}");
        }

        listing.Write(Console.Out);
        Console.Out.WriteLine();
        Console.Out.WriteLine("published totals, recomputed from the rows at full load of preset isaac:");
        var isaac = new CostArithmetic(arithmetic.Table, new TileGeometry(TilePresets.Config("isaac")), arithmetic.Node);
        var totals = new TextTable("<total", "published", "from rows", "<unit", "<", "<arithmetic");
        foreach (PublishedTotal total in arithmetic.Table.Totals)
        {
            double value = isaac.Resolve(total.Name);
            totals.Add(total.Name, CostText.Number(total.Published), CostText.Number(value), total.UnitText, Closes(total, value) ? "closes" : "DIFFERS", total.Arithmetic);
        }

        totals.Write(Console.Out);
    }

    private static bool Closes(PublishedTotal total, double value) => Math.Abs(value - total.Published) <= total.Tolerance;

    private static IEnumerable<(string Component, CostRow Row)> AllRows(ComponentTable table) =>
    [
        .. table.AdcModels.SelectMany(model => (model.HighestRate is null ? model.Rows.All : model.Rows.All.Append(model.HighestRate)).Select(row => ($"adc {model.Name}", row))),
        .. ComponentKind.All.SelectMany(kind => table.Rows(kind.Name).All.Select(row => (kind.Name, row))),
        .. table.Constants.Values.Select(row => (Constant, row)),
    ];

    private static void PrintJson(CostArithmetic arithmetic, string? asked)
    {
        ComponentTable table = arithmetic.Table;
        IEnumerable<CostRow> rows = asked is null ? AllRows(table).Select(row => row.Row) : CostText.RowsOf(arithmetic, asked);
        var isaac = new CostArithmetic(table, new TileGeometry(TilePresets.Config("isaac")), arithmetic.Node);
        Terminal.WriteJson(new
        {
            table.Files,
            NodeNm = arithmetic.Node,
            Rows = rows.Select(row =>
            {
                CostValue value = arithmetic.Of(row);
                return new
                {
                    row.Key,
                    Value = value.Value / (row.Unit?.Factor ?? 1),
                    Unit = row.UnitText,
                    Formula = row.Value.Text,
                    NodeNm = row.Node,
                    value.ScaledBy,
                    row.Source,
                    Assumption = row.IsAssumption,
                    row.Arithmetic,
                    File = row.At.FileName,
                    row.At.Line,
                };
            }),
            table.Sources,
            Totals = table.Totals.Select(total => new { total.Name, total.Published, Recomputed = isaac.Resolve(total.Name), Unit = total.UnitText, Closes = Closes(total, isaac.Resolve(total.Name)), total.Arithmetic }),
        });
    }
}
