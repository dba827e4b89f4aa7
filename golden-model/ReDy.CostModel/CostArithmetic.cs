using System.Globalization;
using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>A row's value for one tile at one node.</summary>
/// <param name="Value">In picojoules, milliwatts or square micrometres; of constants in their own unit.</param>
/// <param name="ScaledBy">Factor from the row's node to the report's, or 1.</param>
public sealed record CostValue(CostRow Row, double Value, double ScaledBy);

/// <summary>Evaluates the rows of a table for one tile at one technology node, with one model of the ADC.</summary>
public sealed class CostArithmetic
{
    private readonly TileGeometry geometry;

    /// <param name="node">In nm.</param>
    /// <param name="adc">Null: the first model of the table.</param>
    public CostArithmetic(ComponentTable table, TileGeometry geometry, double node, AdcModel? adc = null)
    {
        Table = table;
        this.geometry = geometry;
        Node = node;
        Adc = adc ?? table.AdcModels.FirstOrDefault();
    }

    public ComponentTable Table { get; }
    public double Node { get; }
    public AdcModel? Adc { get; }

    /// <summary>The rows of a component; of the ADC those of its model.</summary>
    public CostRows Rows(string component) => component == ComponentKind.Adc ? Adc?.Rows ?? CostRows.None : Table.Rows(component);

    /// <exception cref="InputException">The formula gives no number, or a negative one.</exception>
    public CostValue Of(CostRow row)
    {
        double value = Evaluate(row) * (row.Unit?.Factor ?? 1);
        double factor = row is { ScalesAsLogic: true, Node: { } from } ? ScaleLogic(row, from) : 1;
        return new CostValue(row, value * factor, factor);
    }

    /// <summary>The value of a variable, constant, row or total by its name in formulas.</summary>
    public double Resolve(string name)
    {
        if (name == CostVariable.Node)
            return Node;
        if (CostVariable.All.FirstOrDefault(variable => variable.Name == name) is { } variable)
            return variable.Value(geometry);
        if (Table.Constants.TryGetValue(name, out CostRow? constant))
            return Of(constant).Value;
        if (Table.Totals.FirstOrDefault(total => total.Name == name) is { } total)
            return total.Terms.Evaluate(Resolve);
        return Of(Find(name)!).Value;
    }

    /// <summary>A constant of the tables that a program asks for by name, such as a delay; in the unit of the program's own row.</summary>
    /// <exception cref="InputException">The tables do not have it, or it is negative.</exception>
    public CostValue Constant(string name)
    {
        if (!Table.Constants.TryGetValue(name, out CostRow? row))
            throw new InputException($"constants.{name} ({string.Join(", ", Table.Files)}): the tables do not have this constant; give it, or leave out 'extends: nothing' to take the program's");
        CostValue value = Of(row);
        return value.Value >= 0
            ? value
            : throw new InputException($"{row.Key} = {row.Value.Text} ({row.At}): gives {value.Value.ToString("G4", CultureInfo.InvariantCulture)} {row.UnitText} for this tile, which cannot be negative; check the sign, or correct the formula");
    }

    /// <summary>Whether one ADC reaches the tile's rate, else how many are interleaved.</summary>
    public int InterleavedAdcs =>
        Adc?.HighestRate is { } highest ? Math.Max(1, (int)Math.Ceiling(Resolve(CostVariable.AdcRate) / Of(highest).Value - 1e-9)) : 1;

    /// <summary>A row by its name in totals: <c>dac.dac_drives</c>, <c>dac.area.wordline</c>; null if there is none.</summary>
    private CostRow? Find(string name)
    {
        string[] parts = name.Split('.');
        CostRows rows = Rows(parts[0]);
        return parts.Length switch
        {
            2 => rows.Energy.GetValueOrDefault(parts[1]),
            3 when parts[1] == Unit.Key(Quantity.Area) => rows.Area.GetValueOrDefault(parts[2]),
            3 when parts[1] == Unit.Key(Quantity.StaticPower) => rows.StaticPower.GetValueOrDefault(parts[2]),
            _ => null,
        };
    }

    private double Evaluate(CostRow row)
    {
        double value = row.Value.Evaluate(Resolve);
        string shown = value.ToString("G4", CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
            throw new InputException($"{row.Key} = {row.Value.Text} ({row.At}): gives no number for this tile; give the formula a domain, or another one");
        return value >= 0 || row.Unit is null
            ? value
            : throw new InputException($"{row.Key} = {row.Value.Text} ({row.At}): gives {shown} {row.UnitText} for this tile, a negative {Unit.Key(row.Unit.Quantity).Replace('_', ' ')}; correct the formula");
    }

    private double ScaleLogic(CostRow row, double from)
    {
        if (from == Node)
            return 1;
        bool isArea = row.Unit?.Quantity == Quantity.Area;
        return Relative(row, Node, isArea) / Relative(row, from, isArea);
    }

    /// <summary>Energy or area of logic at a node, linear between the table's nodes.</summary>
    private double Relative(CostRow row, double node, bool isArea)
    {
        IReadOnlyList<NodeScaling> nodes = Table.Scaling;
        int above = nodes.TakeWhile(scaling => scaling.Node < node).Count();
        if (above == nodes.Count || (above == 0 && nodes[0].Node != node))
        {
            string range = nodes.Count == 0 ? "the table has no 'scaling:' section" : $"the table scales logic between {nodes[0].Node} and {nodes[^1].Node} nm";
            throw new InputException($"{row.Key} ({row.At}): holds at {row.Node} nm and is needed at {Node} nm, {range}; choose a node in it, or give a row at that node");
        }

        double upper = Size(nodes[above]);
        if (nodes[above].Node == node)
            return upper;
        double lower = Size(nodes[above - 1]);
        return lower + (upper - lower) * (node - nodes[above - 1].Node) / (nodes[above].Node - nodes[above - 1].Node);

        double Size(NodeScaling scaling) => isArea ? scaling.RelativeArea : scaling.RelativeEnergy;
    }

    /// <summary>Names in formulas of <paramref name="table"/> that <paramref name="whole"/> does not have, and constants that need themselves.</summary>
    internal static IEnumerable<ConfigProblem> Problems(ComponentTable table, ComponentTable whole)
    {
        var probe = new CostArithmetic(whole, new TileGeometry(new TileConfig()), 0);
        List<string> known = [CostVariable.Node, .. CostVariable.All.Select(variable => variable.Name), .. whole.Constants.Keys];
        IEnumerable<(string Key, Formula Value, FilePosition At, bool IsTotal)> formulas =
        [
            .. table.Constants.Values.Concat(table.Components.Values.SelectMany(rows => rows.All)).Select(row => (row.Key, row.Value, row.At, false)),
            .. table.AdcModels.SelectMany(model => model.Rows.All.Concat(model.HighestRate is null ? [] : [model.HighestRate])).Select(row => (row.Key, row.Value, row.At, false)),
            .. table.AdcModels.SelectMany(model => model.Domain.Select(domain => ($"adc_models.{model.Name}.domain", domain.Condition, model.At, false))),
            .. table.Totals.Select(total => ($"totals.{total.Name}.terms", total.Terms, total.At, true)),
        ];
        foreach ((string key, Formula value, FilePosition at, bool isTotal) in formulas)
        {
            foreach (string name in value.Names.Where(name => !known.Contains(name)))
            {
                if (!isTotal || (whole.Totals.All(total => total.Name != name) && probe.Find(name) is null))
                    yield return Problem("unknown_name", key, value, at, $"there is no '{name}'", Spelling.Nearest(name, known) is { } near ? $"did you mean '{near}'?" : "use a constant of the file or a variable that 'redy components --variables' lists");
            }
        }

        foreach (CostRow constant in table.Constants.Values.Where(constant => NeedsItself(constant, whole.Constants)))
            yield return Problem("circular_constant", constant.Key, constant.Value, constant.At, "needs its own value", "break the circle");
        foreach (PublishedTotal total in table.Totals.Where(total => NeedsItself(total.Name, whole.Totals.ToDictionary(other => other.Name, other => other.Terms))))
            yield return Problem("circular_constant", $"totals.{total.Name}.terms", total.Terms, total.At, "needs its own value", "break the circle");
    }

    private static ConfigProblem Problem(string rule, string key, Formula value, FilePosition at, string why, string remedy) =>
        new() { Rule = rule, Key = key, Value = value.Text, FileName = at.FileName, Line = at.Line, Why = why, Remedy = remedy };

    private static bool NeedsItself(CostRow constant, IReadOnlyDictionary<string, CostRow> constants) =>
        NeedsItself(constants.Single(entry => entry.Value == constant).Key, constants.ToDictionary(entry => entry.Key, entry => entry.Value.Value));

    private static bool NeedsItself(string name, Dictionary<string, Formula> formulas)
    {
        HashSet<string> reached = [];
        Queue<string> open = new(formulas[name].Names);
        while (open.TryDequeue(out string? next))
        {
            if (next == name)
                return true;
            if (reached.Add(next) && formulas.TryGetValue(next, out Formula? formula))
            {
                foreach (string needed in formula.Names)
                    open.Enqueue(needed);
            }
        }

        return false;
    }
}
