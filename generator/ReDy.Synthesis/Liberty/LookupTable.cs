using System.Globalization;
using ReDy.Architecture;

namespace ReDy.Synthesis.Liberty;

/// <summary>
/// A table over output load and input transition, in pF and ns: internal energy in pJ, or an output's transition in ns. Between the points it is
/// interpolated linearly; beyond them the last segment goes on, as the Liberty definition says.
/// </summary>
public sealed class LookupTable
{
    private readonly double[] loads, transitions, values;

    private LookupTable(double[] loads, double[] transitions, double[] values) => (this.loads, this.transitions, this.values) = (loads, transitions, values);

    /// <param name="group">E.g. <c>rise_power (template) { index_1 … values … }</c>.</param>
    /// <param name="templates">Name -> which variable is which, and the indices of tables that give none.</param>
    /// <param name="units">The library's of both variables, in pF and ns, and of the values.</param>
    public static LookupTable Read(LibertyGroup group, IReadOnlyDictionary<string, LibertyGroup> templates, (double Load, double Time, double Value) units)
    {
        LibertyGroup? template = templates.GetValueOrDefault(group.Argument);
        double[] values = [.. group.Attributes.Where(attribute => attribute.Name == "values").SelectMany(attribute => attribute.Values).SelectMany(Numbers).Select(value => value * units.Value)];
        double[] first = Index(group, template, 1, units), second = Index(group, template, 2, units);
        if (template is null || template["variable_1"] is not { } variable || first.Length == 0)
            return new LookupTable([0], [0], values.Length > 0 ? values[..1] : [0]);
        bool loadFirst = variable.Contains("capacitance", StringComparison.Ordinal);
        if (second.Length == 0 || template["variable_2"] is null)
            return values.Length == first.Length ? (loadFirst ? new LookupTable(first, [0], values) : new LookupTable([0], first, values)) : throw Bad(group);
        if (values.Length != first.Length * second.Length)
            throw Bad(group);
        if (loadFirst)
            return new LookupTable(first, second, values);
        double[] turned = [.. from j in Enumerable.Range(0, second.Length) from i in Enumerable.Range(0, first.Length) select values[i * second.Length + j]];
        return new LookupTable(second, first, turned);
    }

    public double At(double load, double transition)
    {
        (int i, double u) = Segment(loads, load);
        (int j, double v) = Segment(transitions, transition);
        double low = Along(i, j, v), high = loads.Length > 1 ? Along(i + 1, j, v) : low;
        return low + u * (high - low);
    }

    internal static IEnumerable<double> Numbers(string text) =>
        text.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture));

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

    private static double[] Index(LibertyGroup group, LibertyGroup? template, int variable, (double Load, double Time, double Value) units)
    {
        string name = $"index_{variable}";
        LibertyAttribute? index = group.Attributes.LastOrDefault(attribute => attribute.Name == name) ?? template?.Attributes.LastOrDefault(attribute => attribute.Name == name);
        double unit = template?[$"variable_{variable}"]?.Contains("capacitance", StringComparison.Ordinal) == true ? units.Load : units.Time;
        return [.. index?.Values.SelectMany(Numbers).Select(number => number * unit) ?? []];
    }

    private static InputException Bad(LibertyGroup group) => new($"Line {group.Line} of the Liberty file: the values of '{group.Name} ({group.Argument})' do not fit its indices");
}
