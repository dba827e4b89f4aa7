using System.Globalization;
using ReDy.Architecture;

namespace ReDy.Synthesis.Liberty;

/// <summary>
/// A table over output load and input transition, in pF and ns: internal energy in pJ, or an output's transition in ns. Between the points it is
/// interpolated linearly; beyond them the last segment goes on, as the Liberty definition says.
/// </summary>
public sealed class LookupTable
{
    /// <summary>The template of a single value, which libraries need not declare.</summary>
    private const string Scalar = "scalar";

    private readonly double[] loads, transitions, values;

    private LookupTable(double[] loads, double[] transitions, double[] values) => (this.loads, this.transitions, this.values) = (loads, transitions, values);

    /// <param name="group">E.g. <c>rise_power (template) { index_1 … values … }</c>.</param>
    /// <param name="templates">Name -> which variable is which, and the indices of tables that give none.</param>
    /// <param name="units">The library's of both variables, in pF and ns, and of the values.</param>
    /// <param name="path">The library's, for messages.</param>
    /// <exception cref="InputException">No table of numbers over these two variables.</exception>
    public static LookupTable Read(LibertyGroup group, IReadOnlyDictionary<string, LibertyGroup> templates, (double Load, double Time, double Value) units, string path)
    {
        double[] values = Numbers(group, "values", units.Value);
        if (values.Length == 0)
            throw Bad("has no values", "give values (\"…\"), or leave the table out");
        if (group.Argument is Scalar or "")
            return values.Length == 1 ? new LookupTable([0], [0], values) : throw Bad($"has {values.Length} values and no template that says of what", "name a template, or give one value");
        LibertyGroup template = templates.GetValueOrDefault(group.Argument)
            ?? throw Bad($"is over the template '{group.Argument}', which the library does not declare", "correct the name, or declare it by lu_table_template or power_lut_template in the library");
        if (template["variable_3"] is not null)
            throw Bad($"has three variables by its template '{group.Argument}'", "give tables over output load and input transition");
        if (template["variable_1"] is not { } variable)
            throw Bad($"is over the template '{group.Argument}' in line {template.Line}, which has no variable_1", "say there what index_1 counts");
        double[] first = Index(1), second = template["variable_2"] is null ? [] : Index(2);
        bool loadFirst = IsLoad(variable);
        if (values.Length != first.Length * Math.Max(1, second.Length))
            throw Bad($"has {values.Length} values for {first.Length}{(second.Length > 0 ? $" x {second.Length}" : "")} points", "give as many values as its indices have points");
        if (second.Length == 0)
            return loadFirst ? new LookupTable(first, [0], values) : new LookupTable([0], first, values);
        if (loadFirst)
            return new LookupTable(first, second, values);
        double[] turned = [.. from j in Enumerable.Range(0, second.Length) from i in Enumerable.Range(0, first.Length) select values[i * second.Length + j]];
        return new LookupTable(second, first, turned);

        double[] Index(int number)
        {
            string name = $"index_{number}";
            LibertyGroup owner = group.Attributes.Any(attribute => attribute.Name == name) ? group : template;
            double[] points = Numbers(owner, name, IsLoad(template[$"variable_{number}"]!) ? units.Load : units.Time);
            if (points.Length == 0)
                throw Bad($"has no {name}, nor has its template '{group.Argument}'", $"give {name} (\"…\")");
            return points.Zip(points.Skip(1)).All(pair => pair.First < pair.Second) ? points : throw Bad($"has an {name} that does not rise", "list its points from the least on, each once");
        }

        double[] Numbers(LibertyGroup owner, string name, double unit)
        {
            var numbers = new List<double>();
            foreach (string word in owner.Attributes.Where(attribute => attribute.Name == name).SelectMany(attribute => attribute.Values).SelectMany(text => text.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)))
                numbers.Add(double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number * unit : throw Bad($"has '{word}' among its {name}", "write a decimal number"));
            return [.. numbers];
        }

        InputException Bad(string why, string remedy) => new($"{path}:{group.Line}: {group.Name} ({group.Argument}) {why}; {remedy}");
    }

    public double At(double load, double transition)
    {
        (int i, double u) = Segment(loads, load);
        (int j, double v) = Segment(transitions, transition);
        double low = Along(i, j, v), high = loads.Length > 1 ? Along(i + 1, j, v) : low;
        return low + u * (high - low);
    }

    private static bool IsLoad(string variable) => variable.Contains("capacitance", StringComparison.Ordinal);

    private double Along(int i, int j, double v)
    {
        double low = values[i * transitions.Length + j], high = transitions.Length > 1 ? values[i * transitions.Length + j + 1] : low;
        return low + v * (high - low);
    }

    private static (int Index, double Share) Segment(double[] points, double value)
    {
        if (points.Length < 2)
            return (0, 0);
        int i = 0;
        while (i < points.Length - 2 && value > points[i + 1])
            i++;
        return (i, (value - points[i]) / (points[i + 1] - points[i]));
    }
}
