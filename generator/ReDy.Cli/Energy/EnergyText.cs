using System.Globalization;
using ReDy.Architecture;
using ReDy.CostModel;

namespace ReDy.Cli.Energy;

/// <summary>Energy reports for people: components of one ADC model, policies side by side, all ADC models, and what to know about the figures.</summary>
internal static class EnergyText
{
    private const double PicojoulesPerMicrojoule = 1e6;
    private const double PicojoulesPerNanojoule = 1e3;

    public static void Write(TextWriter writer, LayerEnergy layer, string configPath, double node)
    {
        IReadOnlyList<EnergyReport> reports = layer.Shown;
        EnergyReport first = reports[0];
        PricedRun run = first.Run;
        writer.WriteLine(
            $"{layer.Name}: {run.Layer.Rows} x {run.Layer.Outputs}, {Count(run.Vectors)} vectors on {configPath} at {Count(run.Geometry.Config.Timing.ClockMhz)} MHz, {CostText.Node(node)}, ADC model {first.Adc.Name}, digital logic {TileParameters.Spell(first.Digital)}");
        writer.WriteLine();
        WriteComponents(writer, reports);
        writer.WriteLine();
        WriteTotals(writer, reports);
        writer.WriteLine();
        WriteModels(writer, layer);
        writer.WriteLine();
        if (run.Activity is not null)
        {
            WriteActivity(writer, layer);
            writer.WriteLine();
        }

        foreach (string note in Notes(layer))
            writer.WriteLine(note);
    }

    private static void WriteComponents(TextWriter writer, IReadOnlyList<EnergyReport> reports)
    {
        var table = new TextTable(
            ["<component", "<priced by", "<event", "each pJ", "<", .. reports.SelectMany(report => new[] { TileParameters.Spell(report.Run.Policy), "uJ", "share" })]);
        foreach (IGrouping<(string Component, string Event, bool IsStatic), EnergyLine> lines in reports.SelectMany(report => report.Lines).GroupBy(line => (line.Component, line.Event, line.IsStatic)))
        {
            // The widest netlist's row says what an event costs; the row can depend on the policy.
            EnergyLine shown = lines.Last();
            if (shown.Pricing == Pricing.Measured && lines.All(line => line.Count == 0))
                continue;
            List<string> cells =
            [
                shown.Component, TileParameters.Spell(shown.Pricing), shown.IsStatic ? $"static, per {shown.Event}" : shown.PerBit ? $"{shown.Event}, bits" : shown.Event,
                shown.IsStatic ? $"{CostText.Number(shown.Each.Value)} mW" : CostText.Number(shown.Each.Value), shown.Each.Row.IsAssumption ? "*" : "",
            ];
            foreach (EnergyReport report in reports)
            {
                EnergyLine? line = report.Lines.FirstOrDefault(line => line.Component == shown.Component && line.Event == shown.Event && line.IsStatic == shown.IsStatic);
                cells.AddRange(line is null ? ["-", "-", "-"] : [Count(line.Count), Micro(line.Picojoules), Share(line.Picojoules / report.Picojoules)]);
            }

            table.Add(cells);
        }

        table.Write(writer);
    }

    private static void WriteTotals(TextWriter writer, IReadOnlyList<EnergyReport> reports)
    {
        var table = new TextTable(["<", .. reports.Select(report => TileParameters.Spell(report.Run.Policy)), "<"]);
        Row("energy", report => Micro(report.Picojoules), "uJ");
        Row("saved", report => Share(report.SavingFrom(reports[0])), "of static");
        Row("of it the DPU", report => Share(report.ShareOf(ComponentKind.DynamicPrecisionUnit)), "share of dynamic_precision_unit");
        Row("per MVM", report => CostText.Number(report.PicojoulesPerVector / PicojoulesPerNanojoule), "nJ");
        Row("per 8-bit MAC", report => CostText.Number(report.PicojoulesPerMac), "pJ");
        Row("clocks", report => Count(report.Run.Clocks), "by the recurrence of docs/timing.md, all vectors");
        Row("average power", report => CostText.Number(report.Milliwatts), "mW");
        Row("efficiency", report => CostText.Number(report.TeraOperationsPerWatt), "TOPS/W, 2 operations per 8-bit MAC");
        table.Write(writer);

        void Row(string label, Func<EnergyReport, string> cell, string unit) => table.Add([label, .. reports.Select(cell), unit]);
    }

    private static void WriteModels(TextWriter writer, LayerEnergy layer)
    {
        var table = new TextTable(
        [
            "<ADC model", "<digital", "conversion pJ",
            .. layer.Runs.SelectMany(run => run.Policy == layer.Runs[0].Policy ? new[] { $"{TileParameters.Spell(run.Policy)} uJ" } : [$"{TileParameters.Spell(run.Policy)} uJ", "saved"]),
            "ADC share", "DPU share", "TOPS/W", "interleaved",
        ]);
        foreach (IReadOnlyList<EnergyReport> reports in layer.Reports)
        {
            EnergyReport last = reports[^1];
            table.Add(
            [
                last.Adc.Name, TileParameters.Spell(last.Digital), CostText.Number(last.Lines.First(line => line.Component == ComponentKind.Adc).Each.Value),
                .. reports.SelectMany((report, i) => i == 0 ? new[] { Micro(report.Picojoules) } : [Micro(report.Picojoules), Share(report.SavingFrom(reports[0]))]),
                Share(last.ShareOf(ComponentKind.Adc)), Share(last.ShareOf(ComponentKind.DynamicPrecisionUnit)), CostText.Number(last.TeraOperationsPerWatt),
                last.InterleavedAdcs.ToString(CultureInfo.InvariantCulture),
            ]);
        }

        table.Write(writer);
    }

    /// <summary>Measured rates beside the constants that are assumed elsewhere.</summary>
    private static void WriteActivity(TextWriter writer, LayerEnergy layer)
    {
        var table = new TextTable(["<toggles per flip-flop and clock", .. layer.Runs.Select(run => TileParameters.Spell(run.Policy)), "NeuroSim assumes", "flip-flops", "clock pins clocked"]);
        foreach (ActivityRate rate in ActivityRate.All)
        {
            RegisterActivity[] measured = [.. layer.Runs.Select(run => rate.Of(run.Activity!))];
            if (measured[^1].RegisterBits + measured[^1].MemoryBits == 0)
                continue;
            table.Add(
            [
                rate.Name, .. measured.Select(activity => activity.RegisterBits == 0 ? "-" : activity.ToggleRate.ToString("0.0000", CultureInfo.InvariantCulture)),
                rate.Constant is { } constant ? CostText.Number(layer.Table.Constants[constant].Value.Evaluate(_ => double.NaN)) : "",
                Count(measured[^1].RegisterBits + measured[^1].MemoryBits), Share(measured[^1].ClockedShare),
            ]);
        }

        table.Write(writer);
    }

    /// <summary>What a reader must know to compare these joules with others'.</summary>
    public static IEnumerable<string> Notes(LayerEnergy layer)
    {
        IReadOnlyList<EnergyReport> reports = layer.Shown;
        if (reports.SelectMany(report => report.Lines).Any(line => line.Each.Row.IsAssumption))
            yield return "* no source gives this number; 'redy components NAME' shows how it was assumed";
        if (layer.Runs[0].Activity is not null)
        {
            PricedRun run = layer.Runs[^1];
            string vectors = run.ActivityVectors == run.Vectors ? "all vectors" : $"the first {Count(run.ActivityVectors)} vectors, scaled by clocks to all";
            yield return $"measured: toggles and clock pins of registers and of memories made of flip-flops, {vectors}; {Count(run.Activity!.Clocks)} clocks of the clocked model under policy "
                + $"{TileParameters.Spell(run.Policy)}, from the first beat of activations to the last result; combinational logic is not in it; clock gating is {(run.Geometry.Config.Rtl.ClockGating ? "on" : "off (rtl.clock_gating)")}";
        }

        foreach (string why in layer.OutsideDomain)
            yield return $"not priced: {why}";
        foreach (IReadOnlyList<EnergyReport> others in layer.Reports.Where(others => others[0].InterleavedAdcs > 1).DistinctBy(others => others[0].Adc.Name))
        {
            CostArithmetic arithmetic = new(ComponentTable.Empty, layer.Runs[0].Geometry, 0, null);
            yield return $"{others[0].Adc.Name} reaches no {CostText.Number(arithmetic.Resolve(CostVariable.AdcRate))} GS/s: {others[0].InterleavedAdcs} converters are interleaved for each ADC of the tile; the energy per conversion is the same, the area is not";
        }

        if (reports[^1].ClockPinPicojoules > 0)
            yield return $"clock pins take {Share(reports[^1].ClockPinPicojoules / reports[^1].Picojoules)} of the {TileParameters.Spell(reports[^1].Run.Policy)} energy";
        double[] totals = [.. layer.Reports.Where(model => model[^1].Digital == reports[^1].Digital).Select(model => model[^1].Picojoules)];
        if (totals.Length > 1)
            yield return $"the ADC model alone changes the energy by a factor of {CostText.Number(totals.Max() / totals.Min())}";
        string[] included = [.. reports[^1].Lines.Where(line => line.Pricing == Pricing.Published).Select(line => line.Component).Distinct().Where(component => reports[^1].Lines.All(line => line.Component != component || !line.IsStatic))];
        if (included.Length != 0)
            yield return $"static power is included in the energies of {string.Join(", ", included)}";
        string[] unpriced = [.. ComponentKind.All.Where(kind => kind.IsInTile && reports[^1].Lines.All(line => line.Component != kind.Name)).Select(kind => $"{kind.Name} ({kind.Description})")];
        if (unpriced.Length != 0)
            yield return $"not priced, no table has it: {string.Join(", ", unpriced)}; programming the cells is not counted either";
        if (reports.Count > 1)
            yield return "the rows shown for dynamic_precision_unit are those of the last netlist: they follow what each policy needs";
        yield return "each policy is priced on a netlist of its own: static has no precision unit but the sum X that offset encoding needs";
    }

    private static string Micro(double picojoules) => CostText.Number(picojoules / PicojoulesPerMicrojoule);

    private static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Share(double share) => $"{(100 * share).ToString("0.0", CultureInfo.InvariantCulture)} %";
}
