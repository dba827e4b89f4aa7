using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
using ReDy.Cli.Energy;
using ReDy.CostModel;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy area</c>: area of a tile by component, per crossbar, IMA and tile, from the component tables.</summary>
public sealed class AreaVerb : IVerb
{
    private const double SquareMicrometresPerSquareMillimetre = 1e6;
    private static readonly HardwareLevel[] Levels = Enum.GetValues<HardwareLevel>();

    private readonly Argument<string> file = SharedOptions.ConfigFile();
    private readonly Option<string[]> adc = new("--adc") { HelpName = "NAME", Description = "ADC model; the components of the first one are shown. Default: all of the table.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> components = CostOptions.Components();
    private readonly Option<double> node = CostOptions.Node();
    private readonly Option<string?> explain = CostOptions.Explain();
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 57;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy area tile.yaml", "by component, per crossbar, IMA and tile; the share of the precision unit"),
        new("redy area tile.yaml --adc survey-fit --json", "with another ADC, for machines"),
    ];

    public Command Build()
    {
        var command = new Command("area", "Area of a tile by component, from the component tables.") { file, adc, components, node, explain, json };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        string configPath = parse.GetRequiredValue(file);
        var geometry = new TileGeometry(TileConfigFile.Load(configPath));
        ComponentTable table = ComponentTables.Load(parse.GetValue(components));
        double nanometres = parse.GetValue(node);
        CostOptions.CheckNode(nanometres);
        string[] chosen = parse.GetValue(adc) ?? [];
        List<CostArithmetic> models = [.. (chosen.Length == 0 ? table.AdcModels : chosen.Select(table.AdcModel)).Select(model => new CostArithmetic(table, geometry, nanometres, model))];
        string[] outside = [.. models.Select(EnergyPricing.OutsideDomain).OfType<string>()];
        models.RemoveAll(model => EnergyPricing.OutsideDomain(model) is not null);
        if (models.Count == 0)
            throw new InputException(outside.Length == 0 ? [$"{string.Join(", ", table.Files)}: no ADC model; give one under 'adc_models:'"] : outside);
        if (parse.GetValue(explain) is { } name)
        {
            foreach (string line in CostText.Explain(models[0], name))
                Console.Out.WriteLine(line);
            return ExitCode.Success;
        }

        AreaReport[] reports = [.. models.Select(model => AreaReport.Of(model, geometry))];
        if (parse.GetValue(json))
            Terminal.WriteJson(new { File = configPath, NodeNm = nanometres, Tables = table.Files, OutsideDomain = outside, Reports = reports.Select(ForJson) });
        else
            Write(Console.Out, configPath, nanometres, reports, outside);
        return ExitCode.Success;
    }

    private static void Write(TextWriter writer, string configPath, double node, AreaReport[] reports, string[] outside)
    {
        AreaReport shown = reports[0];
        writer.WriteLine($"{configPath}: {shown.Geometry.Crossbars} crossbars in {shown.Geometry.Imas} IMAs, {CostText.Node(node)}, ADC model {shown.Adc.Name}");
        writer.WriteLine();
        var lines = new TextTable("<component", "<per", "number", "each um2", "<", "crossbar um2", "IMA um2", "tile mm2", "share");
        foreach (AreaLine line in shown.Lines)
        {
            lines.Add(
            [
                line.Component, line.Unit, Number(line.Count, "#,0"), CostText.Number(line.Each.Value), line.Each.Row.IsAssumption ? "*" : "",
                .. Levels.Select(level => line.Level > level ? "" : Shown(level, line.PerTile / HardwareUnit.InstancesPerTile(level, shown.Geometry))), Share(line.PerTile / shown.Tile),
            ]);
        }

        lines.Add(["total", "", "", "", "", .. Levels.Select(level => Shown(level, shown.Of(level))), Share(1)]);
        lines.Add(["of it the DPU", "", "", "", "", .. Levels.Select(level => Share(shown.ShareOf(ComponentKind.DynamicPrecisionUnit, level))), ""]);
        lines.Write(writer);
        writer.WriteLine();
        var models = new TextTable("<ADC model", "ADC um2", "interleaved", "tile mm2", "ADC share", "DPU share");
        foreach (AreaReport report in reports)
        {
            AreaLine? own = report.Lines.FirstOrDefault(line => line.Component == ComponentKind.Adc);
            models.Add(
                report.Adc.Name, own is null ? "no row" : CostText.Number(own.Each.Value), Number(report.InterleavedAdcs, "0"),
                Shown(HardwareLevel.Tile, report.Tile) + (own is null ? " + ADCs" : ""), own is null ? "-" : Share(own.PerTile / report.Tile), Share(report.ShareOf(ComponentKind.DynamicPrecisionUnit, HardwareLevel.Tile)));
        }

        models.Write(writer);
        writer.WriteLine();
        if (shown.Lines.Any(line => line.Each.Row.IsAssumption))
            writer.WriteLine("* no source gives this number; 'redy components NAME' shows how it was assumed");
        foreach (string why in outside)
            writer.WriteLine($"not priced: {why}");
        string[] unpriced = [.. shown.Unpriced.Where(name => name != ComponentKind.Adc)];
        if (unpriced.Length != 0)
            writer.WriteLine($"no table has an area for {string.Join(", ", unpriced)}: synthesise the Verilog for it");
    }

    private static object ForJson(AreaReport report) => new
    {
        AdcModel = report.Adc.Name,
        report.InterleavedAdcs,
        CrossbarUm2 = report.Of(HardwareLevel.Crossbar),
        ImaUm2 = report.Of(HardwareLevel.Ima),
        TileUm2 = report.Tile,
        DpuShare = report.ShareOf(ComponentKind.DynamicPrecisionUnit, HardwareLevel.Tile),
        report.Unpriced,
        Components = report.Lines.Select(line => new
        {
            line.Component,
            Per = line.Unit,
            line.Level,
            line.Count,
            EachUm2 = line.Each.Value,
            Um2PerInstance = line.PerInstance,
            Um2PerTile = line.PerTile,
            line.Each.Row.Source,
            Row = $"{line.Each.Row.At}",
        }),
    };

    private static string Shown(HardwareLevel level, double area) =>
        level == HardwareLevel.Tile ? Number(area / SquareMicrometresPerSquareMillimetre, "0.00000") : Number(area, "#,0.0");

    private static string Share(double share) => Number(100 * share, "0.0") + " %";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
