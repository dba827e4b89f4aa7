using System.Security.Cryptography;
using System.Text;

namespace ReDy.Rtl;

/// <summary>One text file of a bundle.</summary>
/// <param name="Path">Relative to the bundle's folder, with '/'.</param>
/// <param name="Content">Lines end in '\n'; written as UTF-8 without byte order mark.</param>
public sealed record RtlFile(string Path, string Content)
{
    public byte[] Bytes => Encoding.UTF8.GetBytes(Content);

    /// <summary>SHA-256 of the file as written, in lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));
}

/// <summary>
/// Everything that <see cref="RtlGenerator"/> makes of one configuration, in memory: Verilog, file lists, register map,
/// lint waivers, the configuration itself and the manifest. The same configuration always gives the same bytes.
/// </summary>
public sealed class RtlBundle(string topModule, IReadOnlyList<RtlFile> files)
{
    public const string ManifestPath = "manifest.json";
    public const string ConfigurationPath = "configuration.yaml";

    /// <summary>Verilator configuration with the lint warnings that are waived, each with its reason; reads before the sources.</summary>
    public const string LintWaiversPath = "lint_waivers.vlt";

    /// <summary>All Verilog; nothing else may be in there.</summary>
    public const string SourceFolder = "rtl/";

    /// <summary>The analog macro. Module names here are without the bundle's prefix.</summary>
    public const string CrossbarMacro = "crossbar_macro";

    /// <summary>Memories, one logical wrapper module each: one write port, one read port with an output register.</summary>
    public static IReadOnlyList<string> MemoryMacros { get; } = ["activation_buffer", "bias_memory", "scale_memory"];

    /// <summary>Modules with two views: behaviour for simulation, hard macro for synthesis.</summary>
    public static IReadOnlyList<string> Macros { get; } = [CrossbarMacro, .. MemoryMacros];

    /// <summary>Behavioural views of the macros, for simulation.</summary>
    public const string SimulationViews = "rtl/views/simulation/";

    /// <summary>What synthesis sees in their place: black boxes.</summary>
    public const string SynthesisViews = "rtl/views/synthesis/";

    public string TopModule { get; } = topModule;

    /// <summary>In the order in which they are written and listed; the manifest last.</summary>
    public IReadOnlyList<RtlFile> Files { get; } = files;

    /// <summary>Verilog files for simulation, paths relative to the bundle's folder.</summary>
    public IReadOnlyList<string> SimulationSources => SimulationSourcesOf(Files);

    /// <summary>Verilog files for synthesis.</summary>
    public IReadOnlyList<string> SynthesisSources => SynthesisSourcesOf(Files);

    /// <summary>All digital logic: the analog macro as a black box, memories as they behave.</summary>
    public IReadOnlyList<string> DigitalSources =>
        [.. SynthesisSources.Select(path => MemoryMacros.Any(memory => path.StartsWith(SynthesisViews, StringComparison.Ordinal) && path.EndsWith(memory + ".v", StringComparison.Ordinal))
            ? SimulationViews + path[SynthesisViews.Length..]
            : path)];

    /// <summary>The same bundle with more files, which the manifest names too.</summary>
    public RtlBundle With(IEnumerable<RtlFile> more, ManifestActivity? activity = null)
    {
        List<RtlFile> all = [.. Files.Where(file => file.Path != ManifestPath), .. more];
        all.Add(new RtlFile(ManifestPath, RtlManifest.Of(TopModule, all, activity).Write()));
        return new RtlBundle(TopModule, all);
    }

    /// <summary>The same tile with one netlist in place of its digital modules; macros stay behavioural. For simulation only.</summary>
    /// <param name="verilog">A module named <see cref="TopModule"/>, with what it instantiates except the macros.</param>
    public RtlBundle WithNetlist(string verilog) => new(
        TopModule,
        [
            new RtlFile($"{SourceFolder}{TopModule}_netlist.v", verilog),
            .. Files.Where(file => file.Path.StartsWith(SimulationViews, StringComparison.Ordinal)),
        ]);

    public RtlFile this[string path] =>
        Files.SingleOrDefault(file => file.Path == path) ?? throw new KeyNotFoundException($"The bundle has no file {path}.");

    internal static IReadOnlyList<string> SimulationSourcesOf(IEnumerable<RtlFile> files) => SourcesBeside(SynthesisViews, files);

    internal static IReadOnlyList<string> SynthesisSourcesOf(IEnumerable<RtlFile> files) => SourcesBeside(SimulationViews, files);

    private static IReadOnlyList<string> SourcesBeside(string otherViews, IEnumerable<RtlFile> files) =>
        [.. files.Select(file => file.Path).Where(path => path.EndsWith(".v", StringComparison.Ordinal) && !path.StartsWith(otherViews, StringComparison.Ordinal))];
}
