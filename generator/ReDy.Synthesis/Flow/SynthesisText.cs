using System.Globalization;
using System.Text;

namespace ReDy.Synthesis.Flow;

/// <summary>A synthesis in words and tables, for people.</summary>
public static class SynthesisText
{
    private const int CellsShown = 8;

    /// <param name="everyCell">The whole histogram instead of the most used cells.</param>
    public static string Of(SynthesisResult result, bool everyCell = false)
    {
        var text = new StringBuilder();
        AreaReport area = result.Area;
        Line(text, "configuration", result.Configuration);
        Line(text, "library", $"{result.Library}, gate equivalent {area.GateEquivalentCell} = {area.GateEquivalentSquareMicrometres:0.##} um2");
        Line(text, "standard cells", $"{area.CellCount:N0} cells, {area.FlipFlopCount:N0} of them flip-flops: {area.StandardCellsSquareMicrometres:N0} um2, {area.StandardCellsKge:N1} kGE");
        Line(text, "macros", $"{area.Macros.Sum(macro => macro.Count):N0}: {area.MacrosSquareMicrometres:N0} um2 of a {string.Join(", ", area.Macros.Select(macro => macro.Node).Distinct())} node, not to be added to the standard cells");
        foreach (CornerTiming corner in result.Corners)
            Timing(text, result, corner);
        text.Append('\n');
        Modules(text, area);
        text.Append('\n');
        Histogram(text, area, everyCell);
        text.Append('\n');
        text.Append($"{"macro",-28}{"instances",10}{"um2 each",14}  how\n");
        foreach (MacroUse macro in area.Macros)
            text.Append($"{macro.Macro,-28}{macro.Count,10:N0}{macro.AreaSquareMicrometres,14:N1}  {macro.Arithmetic}\n");
        text.Append('\n');
        foreach (string assumption in result.Assumptions)
            text.Append($"assumed: {assumption}\n");
        Line(text, "tools", string.Join(", ", result.Tools));
        return text.ToString();
    }

    /// <summary>What the figures rest on that nobody measured.</summary>
    internal static IReadOnlyList<string> Assumptions(MappedTile tile)
    {
        string[] names = [.. tile.Macros.Assumptions.Select(value => value.Row.Name)];
        List<string> assumptions =
        [
            "wires weigh nothing and the clock arrives everywhere at once: this is before placement",
            $"of the macros: {string.Join(", ", names)} ({tile.Bundle.TopModule}_macros.lib has the values)",
        ];
        if (AreaReport.Of(tile).CellsWithoutArea is { Count: > 0 } cells)
            assumptions.Add($"the library gives no area for {string.Join(", ", cells)}; they count as 0");
        return assumptions;
    }

    private static void Timing(StringBuilder text, SynthesisResult result, CornerTiming corner)
    {
        TimingReport timing = corner.Timing;
        string where = result.Corners.Count > 1 ? $" ({corner.Corner}: {corner.Conditions})" : "";
        string speed = string.Create(CultureInfo.InvariantCulture, $"{timing.MaximumMegahertz:0.0} MHz, {timing.MinimumPeriodNanoseconds:0.00} ns{where}");
        Line(text, "maximum clock", speed);
        if (result.ClockNanoseconds is { } asked)
            Line(text, "clock asked for", string.Create(CultureInfo.InvariantCulture, $"{asked:0.###} ns: {(timing.Met ? "met" : "MISSED")}, worst slack {timing.Paths.Min(path => path.Path.SlackNanoseconds):0.00} ns"));
        foreach ((string kind, TimingPath path) in timing.Paths.OrderByDescending(path => path.Path.MinimumPeriodNanoseconds))
            Path(text, kind, path);
        Line(text, "input to output", timing.InputReachesOutput ? "THERE IS a path without a register" : "no path without a register");
    }

    private static void Path(StringBuilder text, string kind, TimingPath path)
    {
        text.Append(CultureInfo.InvariantCulture, $"{"  " + kind,-20}{path.MinimumPeriodNanoseconds:0.00} ns: {path.From} to {path.To}\n");
        foreach (PathHop hop in path.Hops)
            text.Append(CultureInfo.InvariantCulture, $"{"",22}{hop.DelayNanoseconds,6:0.00} ns in {hop.Cells} cells of {hop.Instance}\n");
        if (path.SetupNanoseconds > 0)
            text.Append(CultureInfo.InvariantCulture, $"{"",22}{path.SetupNanoseconds,6:0.00} ns setup\n");
    }

    private static void Modules(StringBuilder text, AreaReport area)
    {
        text.Append($"{"module",-28}{"instances",10}{"cells each",12}{"um2 each",14}{"kGE each",10}{"kGE",12}{"share",9}\n");
        foreach (ModuleArea module in area.Modules)
            text.Append(CultureInfo.InvariantCulture,
                $"{module.Module,-28}{module.Instances,10:N0}{module.Cells,12:N0}{module.AreaSquareMicrometres,14:N0}{area.Kge(module.AreaSquareMicrometres),10:N2}{area.Kge(module.TotalSquareMicrometres),12:N1}{100 * module.TotalSquareMicrometres / area.StandardCellsSquareMicrometres,7:0.0} %\n");
    }

    private static void Histogram(StringBuilder text, AreaReport area, bool everyCell)
    {
        text.Append($"{"cell",-28}{"count",10}{"share of area",18}\n");
        foreach (CellUse cell in everyCell ? area.Cells : area.Cells.Take(CellsShown))
            text.Append(CultureInfo.InvariantCulture, $"{cell.Cell,-28}{cell.Count,10:N0}{100 * cell.Count * cell.AreaSquareMicrometres / area.StandardCellsSquareMicrometres,16:0.0} %\n");
        if (!everyCell && area.Cells.Count > CellsShown)
            text.Append(CultureInfo.InvariantCulture, $"{$"and {area.Cells.Count - CellsShown} more",-28}\n");
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name.PadRight(18)).Append(value).Append('\n');
}
