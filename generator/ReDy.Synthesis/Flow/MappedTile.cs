using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Rtl;
using ReDy.Simulation.Build;
using ReDy.Simulation.Tools;
using ReDy.Synthesis.Handoff;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Macros;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Flow;

/// <summary>A tile that Yosys has mapped to library cells, with buffer trees between its modules.</summary>
public sealed partial record MappedTile
{
    /// <summary>Changes whenever the same Verilog and library would be mapped differently.</summary>
    private const string Recipe = "1";

    private const string Script = "yosys.tcl", GateFile = "clock_gate.v", ResultFile = "netlist.json";
    private const double MapperOutputLoad = 0.05;

    public required TileConfig Config { get; init; }
    public required RtlBundle Bundle { get; init; }
    public required StandardCells Cells { get; init; }
    public required GateNetlist Netlist { get; init; }
    public required TileMacros Macros { get; init; }

    /// <summary>In the fan-out trees between modules, each module counted once.</summary>
    public required int FanOutBuffers { get; init; }
    public required InstalledTool Yosys { get; init; }
    public required bool WasCached { get; init; }

    /// <param name="components">What the macros are priced by; null: the program's tables.</param>
    /// <param name="progress">Told in words what is being done.</param>
    /// <exception cref="InputException">Yosys is missing or fails, or the library lacks cells.</exception>
    public static async Task<MappedTile> MakeAsync(
        TileConfig config, RtlBundle bundle, StandardCells cells, ContentCache cache, ComponentTable? components = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ReDy.Simulation.Tools.Yosys yosys = await ReDy.Simulation.Tools.Yosys.FindAsync(cancellation);
        string script = HandoffTemplates.Render(Script, config);
        string gate = config.Rtl.ClockGating ? ClockGateView.Of(config.Rtl.Prefix + "clock_gate", cells) : "";
        string key = ContentCache.Hash(
        [
            Recipe, yosys.Tool.Version, script, gate, cells.Buffer.Name, await File.ReadAllTextAsync(cells.LibertyPath, cancellation),
            .. bundle.SynthesisSources.SelectMany(path => (string[])[path, bundle[path].Content]),
        ]);
        (string folder, bool wasCached) = await cache.GetAsync("netlist", key, work => MapAsync(yosys, work, bundle, cells, script, gate, progress, cancellation), cancellation);
        progress?.Report("building fan-out trees");
        var macros = new TileMacros(new TileGeometry(config), components ?? ComponentTables.Default);
        var trees = new FanOutTrees(cells, macros.Load);
        GateNetlist netlist = trees.Insert(YosysNetlist.Read(Path.Combine(folder, ResultFile), bundle.TopModule, cells.Library));
        return new MappedTile
        {
            Config = config,
            Bundle = bundle,
            Cells = cells,
            Netlist = netlist,
            Macros = macros,
            FanOutBuffers = trees.Buffers,
            Yosys = yosys.Tool,
            WasCached = wasCached,
        };
    }

    /// <summary>As structural Verilog.</summary>
    public void WriteVerilog(TextWriter output)
    {
        output.Write($"// {Netlist.Top}, mapped to {Cells.Library.Name} by {Yosys}. Macros are instances without a module.\n\n");
        NetlistVerilog.Write(Netlist, output);
    }

    private static async Task MapAsync(
        ReDy.Simulation.Tools.Yosys yosys, string work, RtlBundle bundle, StandardCells cells, string script, string gate, IProgress<string>? progress, CancellationToken cancellation)
    {
        foreach (string path in bundle.SynthesisSources.Append($"{bundle.TopModule}_synthesis.f"))
        {
            string file = Path.Combine(work, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, bundle[path].Content, cancellation);
        }

        await File.WriteAllTextAsync(Path.Combine(work, Script), script, cancellation);
        await File.WriteAllTextAsync(Path.Combine(work, GateFile), gate, cancellation);
        int modules = bundle.SynthesisSources.Count - RtlBundle.Macros.Count, mapped = 0;
        progress?.Report("reading the Verilog");
        await yosys.RunTclAsync(work, Script, Settings(cells, gate), line =>
        {
            if (MapperModule().Match(line) is { Success: true } module)
                progress?.Report($"mapping {module.Groups[1].Value}, module {++mapped} of {modules}");
        }, cancellation);
    }

    private static Dictionary<string, string?> Settings(StandardCells cells, string gate)
    {
        var settings = new Dictionary<string, string?>
        {
            ["LIBERTY"] = Path.GetFullPath(cells.LibertyPath),
            ["SOURCES"] = ".",
            ["OUTPUT"] = ".",
            ["CLOCK_GATE"] = gate.Length > 0 ? GateFile : "",
            ["DRIVER"] = cells.Buffer.Name,
            ["LOAD"] = FormattableString.Invariant($"{MapperOutputLoad}"),
        };
        if (cells is { TieHigh: { } high, TieLow: { } low })
        {
            settings["TIE_HIGH"] = $"{high.Name} {high.Outputs.First().Name}";
            settings["TIE_LOW"] = $"{low.Name} {low.Outputs.First().Name}";
        }

        return settings;
    }

    [GeneratedRegex(@"Extracting gate netlist of module `\\(\S+)'")]
    private static partial Regex MapperModule();
}
