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

    /// <param name="config">Legal, see <see cref="TileConfigRules"/>.</param>
    public static RtlBundle Generate(TileConfig config)
    {
        var geometry = new TileGeometry(config);
        ScriptObject scope = TemplateScope.Of(config);
        List<RtlFile> files =
        [
            .. RtlTemplates.Paths
                .Where(path => path.EndsWith(".v", StringComparison.Ordinal) && IsUsed(path, geometry))
                .Select(path => new RtlFile(BundlePath(path, config.Rtl.Prefix), Render(path, scope))),
        ];
        return new RtlBundle(config.Rtl.Prefix + "tile", files);
    }

    private static bool IsUsed(string path, TileGeometry geometry) =>
        !ConditionalModules.TryGetValue(Path.GetFileNameWithoutExtension(path), out Func<TileGeometry, bool>? condition) || condition(geometry);

    private static string BundlePath(string path, string prefix)
    {
        int name = path.LastIndexOf('/') + 1;
        return "rtl/" + path[..name] + prefix + path[name..];
    }

    private static string Render(string path, ScriptObject scope) => RtlTemplates.Parse(path).Render(TemplateScope.Context(scope));
}
