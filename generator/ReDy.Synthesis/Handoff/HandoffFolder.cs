using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Rtl;
using ReDy.Synthesis.Macros;

namespace ReDy.Synthesis.Handoff;

/// <summary>A bundle with all that a synthesis engineer needs beside the Verilog: constraints, scripts, macro views, flow configurations.</summary>
public static class HandoffFolder
{
    /// <summary>Where these files are in the bundle.</summary>
    public const string Folder = "synthesis";

    internal const string ConstraintsTemplate = "tile.sdc";

    /// <param name="config">Legal, see <see cref="TileConfigRules"/>.</param>
    /// <param name="components">What the views of the macros are priced by; null: the program's tables.</param>
    /// <param name="activity">Of a verification of this configuration, to go along; null: none.</param>
    /// <exception cref="InputException">A row that the views need is missing.</exception>
    public static RtlBundle Generate(TileConfig config, ComponentTable? components = null, HandoffActivity? activity = null)
    {
        RtlBundle bundle = RtlGenerator.Generate(config);
        string top = bundle.TopModule;
        var macros = new TileMacros(new TileGeometry(config), components ?? ComponentTables.Default);
        RtlFile[] recorded = activity is null ? [] : [new RtlFile(HandoffActivity.Path, activity.Text)];
        return bundle.With(
        [
            new RtlFile($"{Folder}/{top}.sdc", HandoffTemplates.Render(ConstraintsTemplate, config)),
            new RtlFile($"{Folder}/{top}_macros.lef", MacroLef.Write(macros)),
            new RtlFile($"{Folder}/{top}_macros.lib", MacroLiberty.Write($"{top}_macros", macros)),
            .. new[] { "yosys.tcl", "opensta_design.tcl", "opensta.tcl", "opensta_power.tcl" }.Select(script => new RtlFile($"{Folder}/{script}", HandoffTemplates.Render(script, config))),
            new RtlFile($"{top}.core", HandoffTemplates.Render("fusesoc.core", config, more: Sources(bundle))),
            new RtlFile($"{Folder}/openroad/config.mk", HandoffTemplates.Render("openroad_config.mk", config)),
            new RtlFile($"{Folder}/openlane/config.json", HandoffTemplates.Render("openlane_config.json", config, more: Sources(bundle))),
            .. recorded,
        ], activity?.Entry(top));
    }

    /// <summary>Paths in the bundle: what both flows read, what only simulation and only synthesis reads.</summary>
    private static IEnumerable<KeyValuePair<string, object>> Sources(RtlBundle bundle)
    {
        string[] common = [.. bundle.SimulationSources.Intersect(bundle.SynthesisSources)];
        return new Dictionary<string, object>
        {
            ["common"] = common,
            ["simulation"] = bundle.SimulationSources.Except(common).ToArray(),
            ["synthesis"] = bundle.SynthesisSources.Except(common).ToArray(),
        };
    }
}
