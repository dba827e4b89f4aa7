using System.Globalization;
using ReDy.Architecture.Tests;

namespace ReDy.CostModel.Tests;

/// <summary>The worked example of docs/energy.md: every line by hand, and no line forgotten.</summary>
public sealed class WorkedExampleTests
{
    private const double Relative = 5e-4;
    private const double Least = 1e-12;

    private sealed record HandLine(string Component, string Event, double ByHand, double Count, double Each, double Microjoules);

    private static List<HandLine> Lines()
    {
        string document = File.ReadAllText(GoldenFile.InRepository("docs", "energy.md"));
        string section = document[document.IndexOf("<!-- worked example -->", StringComparison.Ordinal)..document.IndexOf("<!-- end of worked example -->", StringComparison.Ordinal)];
        return
        [
            .. section.Split('\n').Skip(3).Where(line => line.StartsWith('|')).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(cells => new HandLine(
                cells[1], cells[2], Formula.Parse(cells[3]).Evaluate(_ => double.NaN), Number(cells[4]), Number(cells[5]), Number(cells[6]))),
        ];

        static double Number(string cell) => double.Parse(cell, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Every_line_follows_by_hand()
    {
        List<HandLine> lines = Lines();
        lines.Count.ShouldBe(20);
        foreach (HandLine line in lines)
        {
            line.ByHand.ShouldBe(line.Count, $"{line.Component} {line.Event}");
            (line.Count * line.Each / 1e6).ShouldBe(line.Microjoules, line.Microjoules * Relative + Least, $"{line.Component} {line.Event}");
        }
    }

    [Fact]
    public void The_report_has_these_lines_and_no_others_but_static_power()
    {
        List<EnergyLine> report = [.. Worked.Price(ComponentTables.Default).Lines.Where(line => !line.IsStatic)];
        List<HandLine> lines = Lines();
        report.Select(line => (line.Component, line.Event)).ShouldBe(lines.Select(line => (line.Component, line.Event)));
        foreach ((EnergyLine priced, HandLine byHand) in report.Zip(lines))
        {
            priced.Count.ShouldBe(byHand.Count, $"{byHand.Component} {byHand.Event}");
            priced.Each.Value.ShouldBe(byHand.Each, byHand.Each * Relative + Least, $"{byHand.Component} {byHand.Event}");
            (priced.Picojoules / 1e6).ShouldBe(byHand.Microjoules, byHand.Microjoules * Relative + Least, $"{byHand.Component} {byHand.Event}");
        }
    }
}
