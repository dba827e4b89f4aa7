using ReDy.Architecture;
using Scriban.Runtime;

namespace ReDy.Rtl;

/// <summary>A legal <see cref="TileConfig"/> becomes an <see cref="RtlBundle"/>: Scriban templates rendered in memory, in a stable order.</summary>
public static class RtlGenerator
{
    /// <summary>Modules that only some netlists have, and which. All others are in every bundle.</summary>
    private static readonly Dictionary<string, Func<TileGeometry, bool>> ConditionalModules = new()
    {
        ["threshold_registers"] = g => g.MaxDrop > 0,
        ["flip_register"] = g => g.Flip,
        ["clock_gate"] = g => g.Config.Rtl.ClockGating,
    };

    /// <summary>What is inside the behavioural view of the analog macro.</summary>
    private static readonly HashSet<string> AnalogModules = ["dac", "sample_and_hold", "cell_array", "adc"];

    /// <param name="config">Legal, see <see cref="TileConfigRules"/>.</param>
    public static RtlBundle Generate(TileConfig config)
    {
        var geometry = new TileGeometry(config);
        string prefix = config.Rtl.Prefix;
        ScriptObject scope = TemplateScope.Of(config);
        List<RtlFile> files =
        [
            .. RtlTemplates.Names
                .Where(name => name.EndsWith(".v", StringComparison.Ordinal) && IsUsed(ModuleOf(name), geometry))
                .Select(name => new RtlFile(BundlePath(ModuleOf(name), prefix), RtlTemplates.Render(name, scope))),
        ];
        files.AddRange(
            RtlBundle.Macros.Select(macro => prefix + macro)
                .Select(module => new RtlFile($"{RtlBundle.SynthesisViews}{module}.v", BlackBoxView.Of(module, files.Single(file => file.Path == $"{RtlBundle.SimulationViews}{module}.v").Content)))
                .ToArray());
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));

        string top = prefix + "tile";
        files.Add(new RtlFile($"{top}_simulation.f", FileList(RtlBundle.SimulationSourcesOf(files))));
        files.Add(new RtlFile($"{top}_synthesis.f", FileList(RtlBundle.SynthesisSourcesOf(files))));
        files.Add(new RtlFile(RtlBundle.LintWaiversPath, RtlTemplates.Render("lint_waivers.vlt", scope)));
        files.Add(new RtlFile("registers.md", RegisterMapDocument.Write(geometry)));
        files.Add(new RtlFile($"{prefix}registers.h", RegisterMapHeader.Write(geometry)));
        files.Add(new RtlFile(RtlBundle.ConfigurationPath, TileConfigWriter.Write(config)));
        files.Add(new RtlFile(RtlBundle.ManifestPath, RtlManifest.Of(top, files).Write()));
        return new RtlBundle(top, files);
    }

    private static bool IsUsed(string module, TileGeometry geometry) =>
        !ConditionalModules.TryGetValue(module, out Func<TileGeometry, bool>? condition) || condition(geometry);

    private static string ModuleOf(string template) => template[..^".v".Length];

    private static string BundlePath(string module, string prefix) =>
        AnalogModules.Contains(module) || RtlBundle.Macros.Contains(module) ? $"{RtlBundle.SimulationViews}{prefix}{module}.v"
        : $"{RtlBundle.SourceFolder}{prefix}{module}.v";

    private static string FileList(IEnumerable<string> paths) => string.Concat(paths.Select(path => path + "\n"));
}
