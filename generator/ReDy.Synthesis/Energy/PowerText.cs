using System.Globalization;
using System.Text;
using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Simulation.Verify;

namespace ReDy.Synthesis.Energy;

/// <summary>Gate-level energy in words and tables, for people.</summary>
public static class PowerText
{
    private const int NamesShown = 10;

    private static readonly string[] PrecisionModules = [.. ComponentKind.Find(ComponentKind.DynamicPrecisionUnit)!.Modules];

    public static string Of(PowerResult result)
    {
        var text = new StringBuilder();
        Line(text, "configuration", $"{result.Configuration}, policy {TileParameters.Spell(result.Policy)}, clock gating {(result.ClockGating ? "on" : "off")}");
        Line(text, "library", result.Library);
        Line(text, "netlist", $"{result.Cells:N0} cells, {result.FlipFlops:N0} of them flip-flops, {result.Kge:N1} kGE; macros are not in these figures");
        Line(text, "workload", $"{result.Workload}: {result.Vectors:N0} vectors in {result.Clocks:N0} clocks, weights programmed before");
        Line(text, "proof", $"{result.Comparisons:N0} comparisons of output ports with the golden model, all equal");
        Line(text, "activity", $"{result.Nets - result.NetsWithoutActivity.Count:N0} of {result.Nets:N0} nets recorded, without delays: no glitches");
        Some(text, result.NetsWithoutActivity.Select(net => $"not recorded, counts as still: {net}"));
        Line(text, "registers", $"{result.Registers.Equal:N0} of {result.Registers.Bits:N0} bits toggle as in the golden model, {result.Registers.Absent:N0} are not in the netlist, {result.Registers.Differences.Count:N0} differ");
        Some(text, result.Registers.Differences.Select(one => $"{one.Name}: {one.Actual:N0} transitions in the netlist, {one.Expected:N0} in the golden model"));
        if (!result.Passed)
            Line(text, "result", "FAILED: the record is not of this tile, so these figures are not");
        text.Append('\n');
        Estimates(text, result);
        text.Append('\n');
        if (result.Check is { } check)
            Check(text, check);
        else
            text.Append("the same pricing: compared with OpenSTA 2.0 alone, which adds rise and fall on every edge; other versions may not\n");
        text.Append('\n');
        Modules(text, result);
        text.Append('\n');
        Line(text, "tools", string.Join(", ", result.Tools));
        return text.ToString();
    }

    /// <summary>Netlists of several configurations side by side, the first one as the baseline.</summary>
    public static string Compare(IReadOnlyList<PowerResult> results)
    {
        var text = new StringBuilder();
        text.Append($"{"netlist",-34}{"kGE",9}{"pJ per clock",14}{"clock pins",12}{"clocks/vector",15}{"nJ/vector",11}{"of first",10}{"DPU cells",11}{"IR cells",10}\n");
        foreach (PowerResult one in results)
            text.Append(CultureInfo.InvariantCulture,
                $"{$"{TileParameters.Spell(one.Policy)}, clock gating {(one.ClockGating ? "on" : "off")}",-34}{one.Kge,9:0.0}{one.Netlist.Total,14:0.0}{one.Netlist.ClockPinShare,12:0.0 %}{(double)one.Clocks / one.Vectors,15:0.0}{one.PicojoulesPerVector / 1e3,11:0.00}{one.PicojoulesPerVector / results[0].PicojoulesPerVector,10:0.0 %}{one.ShareOf(PrecisionModules),11:0.0 %}{one.ShareOf("input_register"),10:0.0 %}\n");
        return text.Append("DPU cells: precision unit and thresholds; rounding on the way to the DACs is in the input registers (IR)\n").ToString();
    }

    private static void Estimates(StringBuilder text, PowerResult result)
    {
        text.Append($"{"pJ per clock",-58}{"clock pins",11}{"registers",11}{"logic",11}{"leakage",9}{"total",11}{"of first",10}\n");
        Row("netlist: every net, cells of the library", result.Netlist);
        Row("redy energy: registers, a flip-flop of the library", result.RegistersByLibrary);
        Row(string.Create(CultureInfo.InvariantCulture, $"redy energy: registers, its table at {result.NodeNanometres:0.#} nm"), result.RegistersByTable);
        if (result.OpenStaRecorded is { } sta)
            text.Append(CultureInfo.InvariantCulture, $"{"OpenSTA: the recorded activity, without the clock net",-58}{"",33}{sta.Leakage * result.ClockNanoseconds,9:0.000}{sta.Total * result.ClockNanoseconds,11:0.000}{sta.Total * result.ClockNanoseconds / (result.Netlist.Total - result.DrivenByPorts),10:0.0 %} of the first without it\n");
        else
            text.Append("OpenSTA: this version cannot read activity, see below\n");
        text.Append(CultureInfo.InvariantCulture, $"at {result.ClockNanoseconds:0.##} ns: {result.Netlist.Total / result.ClockNanoseconds:0.000} mW, {100 * result.Netlist.ClockPinShare:0.0} % of it at clock pins; {result.PicojoulesPerVector / 1e3:0.00} nJ per vector\n");

        void Row(string name, ClockEnergy energy) =>
            text.Append(CultureInfo.InvariantCulture,
                $"{name,-58}{energy.ClockPins,11:0.000}{energy.Registers,11:0.000}{Cell(energy.Logic),11}{Cell(energy.Leakage),9}{energy.Total,11:0.000}{energy.Total / result.Netlist.Total,10:0.0 %}\n");
        static string Cell(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
    }

    private static void Check(StringBuilder text, PricingCheck check)
    {
        text.Append(CultureInfo.InvariantCulture, $"{$"the same pricing, {check.Activity:0.0000} transitions on every net per clock, mW",-58}{"switching",11}{"internal",11}{"leakage",11}{"total",11}\n");
        Row("ReDy, both energies on every edge as OpenSTA 2.0 has it", check.ReDy);
        Row("OpenSTA", check.OpenSta);
        text.Append(CultureInfo.InvariantCulture,
            $"{"apart by",-58}{check.ReDy.Switching / check.OpenSta.Switching - 1,11:0.00 %}{check.ReDy.Internal / check.OpenSta.Internal - 1,11:0.00 %}{check.ReDy.Leakage / check.OpenSta.Leakage - 1,11:0.00 %}{check.ReDy.Total / check.OpenSta.Total - 1,11:0.00 %}\n");

        void Row(string name, OpenStaPower power) =>
            text.Append(CultureInfo.InvariantCulture, $"{name,-58} {power.Switching,10:0.0000} {power.Internal,10:0.0000} {power.Leakage,10:0.0000} {power.Total,10:0.0000}\n");
    }

    private static void Modules(StringBuilder text, PowerResult result)
    {
        text.Append($"{"module, pJ per clock",-28}{"clock pins",12}{"registers",12}{"logic",12}{"leakage",12}{"total",12}{"share",9}\n");
        foreach ((string module, ClockEnergy energy) in result.Modules)
            text.Append(CultureInfo.InvariantCulture,
                $"{module,-28}{energy.ClockPins,12:0.000}{energy.Registers,12:0.000}{energy.Logic ?? 0,12:0.000}{energy.Leakage ?? 0,12:0.000}{energy.Total,12:0.000}{energy.Total / result.Netlist.Total,9:0.0 %}\n");
    }

    /// <summary>The first few, and how many there are.</summary>
    private static void Some(StringBuilder text, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        foreach (string line in all.Take(NamesShown))
            Line(text, "", line);
        if (all.Length > NamesShown)
            Line(text, "", $"and {all.Length - NamesShown:N0} more; {RunFolder.ResultFile} names all");
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name.PadRight(15)).Append(value).Append('\n');
}
