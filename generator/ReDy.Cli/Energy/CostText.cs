using System.Globalization;
using ReDy.Architecture;
using ReDy.CostModel;

namespace ReDy.Cli.Energy;

/// <summary>Numbers of component tables, and where they come from, in words.</summary>
internal static class CostText
{
    private const string Indent = "  ";
    private const int LabelWidth = 12;

    /// <summary>Four significant digits.</summary>
    public static string Number(double value) => value == 0 ? "0" : Math.Abs(value) is >= 1e5 or < 1e-4
        ? value.ToString("0.###e0", CultureInfo.InvariantCulture)
        : value.ToString($"0.{new string('#', Math.Max(0, 3 - (int)Math.Floor(Math.Log10(Math.Abs(value)))))}", CultureInfo.InvariantCulture);

    /// <summary>A row's value in pJ, mW or um2; of constants in their own unit.</summary>
    public static string Shown(CostValue value) => $"{Number(value.Value)} {UnitOf(value.Row)}";

    public static string UnitOf(CostRow row) => row.Unit switch
    {
        { Quantity: Quantity.Energy, PerBit: true } => "pJ/bit",
        { Quantity: Quantity.Energy } => "pJ",
        { Quantity: Quantity.StaticPower } => "mW",
        { Quantity: Quantity.Area } => "um2",
        _ => row.UnitText,
    };

    /// <summary>A row's source; an assumption is marked wherever it is shown.</summary>
    public static string Source(CostRow row) => row.IsAssumption ? "ASSUMPTION" : row.Source;

    public static string Node(double? node) => node is { } nm ? $"{nm.ToString(CultureInfo.InvariantCulture)} nm" : "any";

    /// <summary>All about the rows of a component, of an ADC model or of a constant.</summary>
    /// <exception cref="InputException">No such name.</exception>
    public static IEnumerable<string> Explain(CostArithmetic arithmetic, string name)
    {
        List<CostRow> rows = [.. RowsOf(arithmetic, name)];
        foreach (string line in rows.SelectMany(row => Explain(arithmetic, row)))
            yield return line;
        if (ComponentKind.Find(name) is { IsInTile: true } kind)
        {
            CostRows own = arithmetic.Rows(name);
            if (own.StaticPower.Count == 0 && own.Energy.Count != 0)
                yield return $"{name} has no row of static power: the source's energies include it";
            if (own.Energy.Count == 0)
                yield return $"{name} ({kind.Description}) has no published row: its energy is counted where toggles are measured";
        }
    }

    public static IEnumerable<CostRow> RowsOf(CostArithmetic arithmetic, string name)
    {
        ComponentTable table = arithmetic.Table;
        if (name == ComponentKind.Adc)
            return table.AdcModels.SelectMany(ModelRows);
        if (table.AdcModels.FirstOrDefault(model => model.Name == name) is { } model)
            return ModelRows(model);
        if (table.Constants.TryGetValue(name, out CostRow? constant))
            return [constant];
        if (ComponentKind.Find(name) is not null)
            return table.Rows(name).All;
        string[] known = [.. ComponentKind.All.Select(kind => kind.Name), .. table.AdcModels.Select(model => model.Name), .. table.Constants.Keys];
        throw new InputException(
            $"there is no component '{name}'; {(Spelling.Nearest(name, known) is { } near ? $"did you mean '{near}'?" : $"components are {string.Join(", ", ComponentKind.All.Select(kind => kind.Name))}")}");

        static IEnumerable<CostRow> ModelRows(AdcModel model) => model.HighestRate is null ? model.Rows.All : model.Rows.All.Append(model.HighestRate);
    }

    private static IEnumerable<string> Explain(CostArithmetic arithmetic, CostRow row)
    {
        CostValue value = arithmetic.Of(row);
        yield return $"{row.Name} = {Shown(value)}";
        if (!row.Value.IsConstant || row.Value.Text.Contains(' '))
            yield return Line("formula", $"{row.Value.Text} [{row.UnitText}]");
        foreach (string line in Names(arithmetic, row.Value))
            yield return Line("", line);
        if (value.ScaledBy != 1)
        {
            yield return Line("scaled", $"x {Number(value.ScaledBy)} from {Node(row.Node)} to {Node(arithmetic.Node)} ({arithmetic.Table.ScalingSource})");
        }
        else if (row.Node is { } node && node != arithmetic.Node)
        {
            yield return Line("not scaled", $"holds at {Node(node)}, used at {Node(arithmetic.Node)}");
        }

        yield return Line("arithmetic", row.Arithmetic);
        yield return Line("source", row.IsAssumption ? "ASSUMPTION: no source gives it" : arithmetic.Table.Sources[row.Source]);
        yield return Line("row", $"{row.At}, at {Node(row.Node)}");
    }

    /// <summary>The names of a formula with their values, and the names that their formulas use.</summary>
    private static IEnumerable<string> Names(CostArithmetic arithmetic, Formula formula)
    {
        HashSet<string> shown = [];
        Queue<string> open = new(formula.Names);
        while (open.TryDequeue(out string? name))
        {
            if (!shown.Add(name))
                continue;
            if (!arithmetic.Table.Constants.TryGetValue(name, out CostRow? constant))
            {
                yield return $"{name} = {Number(arithmetic.Resolve(name))} (of the tile)";
                continue;
            }

            string text = constant.Value.Text.Contains(' ') ? $" = {constant.Value.Text}" : "";
            yield return $"{name}{text} = {Shown(arithmetic.Of(constant))} ({constant.Arithmetic}; {Node(constant.Node)}, {Source(constant)}, {constant.At})";
            foreach (string needed in constant.Value.Names)
                open.Enqueue(needed);
        }
    }

    private static string Line(string label, string text) => $"{Indent}{label.PadRight(LabelWidth)}{text}";
}
