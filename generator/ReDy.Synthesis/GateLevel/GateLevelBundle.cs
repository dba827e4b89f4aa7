using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.Rtl;
using ReDy.Simulation.Build;
using ReDy.Simulation.Verify;
using ReDy.Synthesis.Flow;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.GateLevel;

/// <summary>A mapped netlist of a tile as something to simulate: cells from their Liberty functions, macros as they behave.</summary>
public static partial class GateLevelBundle
{
    /// <param name="netlistPath">Structural Verilog of the tile, such as a flow with placement leaves it; null: what <c>redy synth</c> makes.</param>
    /// <param name="libertyPath">Of its cells; null: the installed library.</param>
    /// <exception cref="InputException">The netlist cannot be read, is not that of this tile, or uses cells that the library does not have.</exception>
    public static async Task<NetlistUnderTest> ForVerificationAsync(
        TileConfig config, string? netlistPath, string? libertyPath, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        StandardCells cells = StandardCells.Load(libertyPath);
        RtlBundle bundle = RtlGenerator.Generate(config);
        if (netlistPath is not null)
        {
            string text = Read(netlistPath, bundle.TopModule);
            string[] used = [.. InstanceType().Matches(text).Select(match => match.Groups[1].Value).Distinct().Where(cells.Library.Cells.ContainsKey)];
            return new NetlistUnderTest(bundle.WithNetlist(text + "\n" + CellModels.Of(cells, used)), netlistPath, cells.LibertyPath, $"{netlistPath}, cells of {cells.Library.Name}");
        }

        MappedTile tile = await MappedTile.MakeAsync(config, bundle, cells, new ContentCache(), progress: progress, cancellation: cancellation);
        AreaReport area = AreaReport.Of(tile);
        return new NetlistUnderTest(
            Of(tile), null, cells.LibertyPath, $"{area.CellCount:N0} cells of {cells.Library.Name}, {area.FlipFlopCount:N0} of them flip-flops, mapped by {tile.Yosys}");
    }

    /// <summary>For simulation.</summary>
    public static RtlBundle Of(MappedTile tile)
    {
        using var verilog = new StringWriter();
        tile.WriteVerilog(verilog);
        verilog.Write(CellModels.Of(tile.Cells, tile.Netlist.Modules.SelectMany(module => module.Instances).Select(instance => instance.Type).Distinct().Where(tile.Cells.Library.Cells.ContainsKey)));
        return tile.Bundle.WithNetlist(verilog.ToString());
    }

    private static string Read(string path, string top)
    {
        try
        {
            string text = File.ReadAllText(path);
            return Regex.IsMatch(text, $@"^\s*module\s+{Regex.Escape(top)}\b", RegexOptions.Multiline)
                ? text
                : throw new InputException($"--netlist {path}: there is no module {top} in it; give the netlist of the tile that this configuration describes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--netlist {path} cannot be read: {exception.Message} Give the netlist.v that redy synth leaves, or --netlist alone.", exception);
        }
    }

    [GeneratedRegex(@"^\s*(\w+)\s+\\?\S+\s*\(", RegexOptions.Multiline)]
    private static partial Regex InstanceType();
}
