using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>
/// Reads one table file strictly: every row has value, unit, node, source and arithmetic; components, events and units of hardware
/// are known; all problems are collected.
/// </summary>
internal sealed class ComponentTableReader(string fileName)
{
    private const string Version = "1";
    private static readonly string[] Quantities = [.. Enum.GetValues<Quantity>().Select(Unit.Key)];
    private static readonly string[] RowKeys = ["value", "unit", "node", "source", "arithmetic"];

    private readonly List<ConfigProblem> problems = [];
    private readonly List<(string Source, TableNode At)> citations = [];

    /// <summary>Sections that are only allowed, or only mean something, once.</summary>
    public const string Extends = "extends";

    /// <param name="below">The tables that this one is put upon: their sources and constants may be used.</param>
    /// <returns>The file's own table and whether it stands on the tables below.</returns>
    /// <exception cref="InputException">With all problems of the file.</exception>
    public (ComponentTable Table, bool Extends) Read(string text, ComponentTable below)
    {
        TableNode? root = TableNode.Root(text, fileName, problems);
        var table = ComponentTable.Empty with { Files = [fileName] };
        bool extends = true;
        if (root is not null)
        {
            foreach ((string section, TableNode node) in root.Entries(["version", Extends, "sources", "constants", "components", "adc_models", "totals", "scaling"], "section"))
            {
                switch (section)
                {
                    case "version" when node.Text != Version:
                        node.Report("unknown_version", node.Shown, $"this program reads version {Version} of the file", $"write 'version: {Version}' or leave it out");
                        break;
                    case Extends:
                        extends = ReadExtends(node);
                        break;
                    case "sources":
                        table = table with { Sources = ReadNamed(node, "source", source => source.Words()) };
                        break;
                    case "constants":
                        table = table with { Constants = ReadNamed(node, "constant", constant => ReadRow(constant, null, below.Constants.GetValueOrDefault(constant.Key[(constant.Key.IndexOf('.') + 1)..]))) };
                        break;
                    case "components":
                        table = table with { Components = ReadComponents(node) };
                        break;
                    case "adc_models":
                        table = table with { AdcModels = [.. ReadNamed(node, "ADC model", ReadAdcModel).Values] };
                        break;
                    case "totals":
                        table = table with { Totals = [.. ReadNamed(node, "total", ReadTotal).Values] };
                        break;
                    case "scaling":
                        table = ReadScaling(node, table);
                        break;
                }
            }

            ComponentTable whole = extends ? below.With(table) : table;
            foreach ((string source, TableNode at) in citations.Where(citation => citation.Source != CostRow.Assumption && !whole.Sources.ContainsKey(citation.Source)))
                at.Report("unknown_source", source, "there is no such source", $"cite it under 'sources:', or write '{CostRow.Assumption}'");
            problems.AddRange(CostArithmetic.Problems(table, whole));
        }

        return problems.Count == 0
            ? (table, extends)
            : throw new InputException([.. problems.OrderBy(problem => problem.Line).Select(problem => problem.ToString())]);
    }

    private static bool ReadExtends(TableNode node)
    {
        if (node.Text is "default" or "nothing")
            return node.Text == "default";
        node.Report("unknown_choice", node.Shown, "must be one of default, nothing", "'default' puts the file's rows in place of the program's, 'nothing' uses only the file's");
        return true;
    }

    private static Dictionary<string, T> ReadNamed<T>(TableNode node, string what, Func<TableNode, T?> read)
        where T : class
    {
        var named = new Dictionary<string, T>();
        foreach ((string name, TableNode value) in node.Entries(null, what))
        {
            if (read(value) is { } item)
                named[name] = item;
        }

        return named;
    }

    private Dictionary<string, CostRows> ReadComponents(TableNode node)
    {
        var components = new Dictionary<string, CostRows>();
        foreach ((string name, TableNode value) in node.Entries([.. ComponentKind.All.Select(kind => kind.Name)], "component"))
        {
            if (name == ComponentKind.Adc)
                value.Report("adc_is_a_model", null, "an ADC is priced by models", "write it under 'adc_models:' with a name of its own");
            else
                components[name] = ReadRows(value, ComponentKind.Find(name)!, Quantities).Rows;
        }

        return components;
    }

    private (CostRows Rows, Dictionary<string, TableNode> Others) ReadRows(TableNode node, ComponentKind kind, IReadOnlyCollection<string> keys)
    {
        var rows = Enum.GetValues<Quantity>().ToDictionary(quantity => quantity, _ => new Dictionary<string, CostRow>());
        var others = new Dictionary<string, TableNode>();
        foreach ((string key, TableNode value) in node.Entries(keys, "key"))
        {
            if (Array.IndexOf(Quantities, key) is not (>= 0 and int index))
            {
                others[key] = value;
                continue;
            }

            var quantity = (Quantity)index;
            IEnumerable<string> known = quantity == Quantity.Energy ? kind.Charges.Select(charge => charge.Name) : kind.Units;
            foreach ((string per, TableNode row) in value.Entries([.. known], quantity == Quantity.Energy ? "event" : "unit of hardware"))
            {
                if (ReadRow(row, quantity) is { } read)
                    rows[quantity][per] = read;
            }
        }

        Dictionary<string, CostRow> energy = rows[Quantity.Energy];
        if (energy.ContainsKey(ChargedEvent.CellReads.Name) && energy.ContainsKey(ChargedEvent.CrossbarReads.Name))
            node.Report("charged_twice", null, "the cells are charged by cell_reads and by crossbar_reads, which count the same reading", "keep one of the two rows");
        return (new CostRows(energy, rows[Quantity.StaticPower], rows[Quantity.Area]), others);
    }

    /// <param name="quantity">Null for constants.</param>
    /// <param name="ofProgram">The program's constant of this name, in whose unit others use it.</param>
    private CostRow? ReadRow(TableNode node, Quantity? quantity, CostRow? ofProgram = null)
    {
        Dictionary<string, TableNode> fields = node.Fields(RowKeys, ["scaling"]);
        if (fields.GetValueOrDefault("value")?.Formula() is not { } formula || !RowKeys.All(fields.ContainsKey))
            return null;
        if (quantity is not null && formula.IsConstant && formula.Evaluate(_ => 0) is < 0)
            fields["value"].Report("negative_value", fields["value"].Shown, $"a negative {Unit.Key(quantity.Value).Replace('_', ' ')}", "check the sign");
        string unitText = fields["unit"].Words() ?? "";
        if (ofProgram is not null && unitText.Length > 0 && unitText != ofProgram.UnitText)
            fields["unit"].Report("unit_mismatch", fields["unit"].Shown, $"the program's constant of this name is in {ofProgram.UnitText}, and whatever uses it takes the value as it stands", $"convert the value and write 'unit: {ofProgram.UnitText}', or give the constant another name");
        Unit? unit = quantity is null ? null : ReadUnit(fields["unit"], quantity.Value);
        bool scales = fields.TryGetValue("scaling", out TableNode? scaling) && ReadLogicScaling(scaling);
        double? atNode = fields["node"].Text == "any" ? null : fields["node"].Number(minimum: 1);
        if (scales && atNode is null && fields["node"].Text == "any")
            fields["node"].Report("scaling_without_node", "any", "a row that scales holds at one node", "write the node in nm, or leave out 'scaling'");
        string source = fields["source"].Words() ?? "";
        citations.Add((source, fields["source"]));
        return quantity is not null && unit is null
            ? null
            : new CostRow
            {
                Key = node.Key,
                Value = formula,
                UnitText = unitText,
                Unit = unit,
                Node = atNode,
                ScalesAsLogic = scales,
                Source = source,
                Arithmetic = fields["arithmetic"].Words() ?? "",
                At = fields["value"].At,
            };
    }

    private static bool ReadLogicScaling(TableNode node)
    {
        if (node.Text != "logic")
            node.Report("unknown_choice", node.Shown, "must be logic", "write 'scaling: logic', or leave it out for what does not scale as logic does");
        return true;
    }

    private static Unit? ReadUnit(TableNode node, Quantity quantity)
    {
        Unit? unit = Unit.All.FirstOrDefault(unit => unit.Spelling == node.Text);
        if (unit?.Quantity == quantity)
            return unit;
        string name = Unit.Key(quantity).Replace('_', ' ');
        node.Report("unit_mismatch", node.Shown,
            unit is null ? $"is no unit of {name}" : $"is a unit of {Unit.Key(unit.Quantity).Replace('_', ' ')}, the row is {(quantity == Quantity.StaticPower ? "a" : "an")} {name}",
            $"use one of {string.Join(", ", Unit.Of(quantity))}");
        return null;
    }

    private AdcModel? ReadAdcModel(TableNode node)
    {
        (CostRows rows, Dictionary<string, TableNode> others) = ReadRows(node, ComponentKind.Find(ComponentKind.Adc)!, [.. Quantities, "description", "domain", "highest_rate"]);
        if (!node.IsMapping)
            return null;
        if (rows.Energy.Count == 0)
            node.Report("missing_row", null, "has no energy per conversion", "give 'energy: {conversions: ...}'");
        List<ModelDomain> domain = [];
        foreach (TableNode item in others.TryGetValue("domain", out TableNode? list) ? list.Items("conditions") : [])
        {
            Dictionary<string, TableNode> fields = item.Fields(["holds", "why", "remedy"], []);
            if (fields.Count == 3 && fields["holds"].Formula() is { } condition && fields["why"].Words() is { } why && fields["remedy"].Words() is { } remedy)
                domain.Add(new ModelDomain(condition, why, remedy));
        }

        CostRow? rate = others.TryGetValue("highest_rate", out TableNode? highest) ? ReadRow(highest, null) : null;
        if (rate is not null && rate.UnitText != "GS/s")
            highest!.Report("unit_mismatch", rate.UnitText, "a highest rate is counted in GS/s", "convert it to 1e9 conversions per second");
        string name = node.Key[(node.Key.IndexOf('.') + 1)..];
        return new AdcModel(name, others.GetValueOrDefault("description")?.Words() ?? name, rows, domain, rate, node.At);
    }

    private PublishedTotal? ReadTotal(TableNode node)
    {
        Dictionary<string, TableNode> fields = node.Fields(["published", "tolerance", "unit", "source", "terms", "arithmetic"], []);
        if (fields.Count != 6)
            return null;
        citations.Add((fields["source"].Words() ?? "", fields["source"]));
        return fields["published"].Number(0) is { } published && fields["tolerance"].Number(0) is { } tolerance && fields["terms"].Formula() is { } terms
            ? new PublishedTotal(node.Key[(node.Key.IndexOf('.') + 1)..], published, tolerance, fields["unit"].Words() ?? "", terms, fields["source"].Text!, fields["arithmetic"].Words() ?? "", node.At)
            : null;
    }

    private ComponentTable ReadScaling(TableNode node, ComponentTable table)
    {
        Dictionary<string, TableNode> fields = node.Fields(["source", "nodes"], []);
        if (fields.Count != 2)
            return table;
        citations.Add((fields["source"].Words() ?? "", fields["source"]));
        List<NodeScaling> nodes = [];
        foreach ((string name, TableNode value) in fields["nodes"].Entries(null, "node"))
        {
            Dictionary<string, TableNode> parts = value.Fields(["energy", "supply", "area"], []);
            if (parts.Count != 3)
                continue;
            double?[] terms = [.. parts["energy"].Items("three numbers").Select(item => item.Number())];
            if (!double.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out double nanometres) || terms.Length != 3)
                value.Report("wrong_type", null, "a node is written as nm: {energy: [a, b, c], supply: V, area: relative}", "see docs/energy.md");
            else if (terms.All(term => term is not null) && parts["supply"].Number(0) is { } supply && parts["area"].Number(0) is { } area)
                nodes.Add(new NodeScaling(nanometres, terms[0]!.Value, terms[1]!.Value, terms[2]!.Value, supply, area));
        }

        return table with { Scaling = [.. nodes.OrderBy(scaling => scaling.Node)], ScalingSource = fields["source"].Text };
    }
}
