using ReDy.Simulation.Tools;
using ReDy.Simulation.Verify;
using ReDy.Synthesis.Handoff;

namespace ReDy.Synthesis.Flow;

/// <summary>A run folder with a mapped netlist, its bundle and its constraints, as the OpenSTA scripts of the hand-off read them.</summary>
internal sealed class NetlistFolder
{
    public const string NetlistFile = "netlist.v";

    private readonly RunFolder folder;
    private readonly string constraints;

    /// <summary>Writes them.</summary>
    /// <param name="nanoseconds">Clock period of the constraints.</param>
    public NetlistFolder(RunFolder folder, MappedTile tile, double nanoseconds)
    {
        this.folder = folder;
        constraints = tile.Bundle.TopModule + ".sdc";
        folder.Write(tile.Bundle);
        using (StreamWriter netlist = File.CreateText(folder.PathOf(NetlistFile)))
            tile.WriteVerilog(netlist);
        folder.Write(constraints, HandoffTemplates.Render(HandoffFolder.ConstraintsTemplate, tile.Config, nanoseconds));
    }

    /// <param name="output">File of the folder that gets all that OpenSTA prints.</param>
    /// <param name="setting">A further setting of the script.</param>
    public async Task<StaReport> AskAsync(OpenSta sta, string script, string liberty, string output, (string Name, string Value)? setting = null, CancellationToken cancellation = default)
    {
        var settings = new Dictionary<string, string?>
        {
            ["LIBERTY"] = Path.GetFullPath(liberty),
            ["NETLIST"] = folder.PathOf(NetlistFile),
            ["SDC"] = folder.PathOf(constraints),
        };
        if (setting is { } one)
            settings.Add(one.Name, one.Value);
        string text = await sta.RunAsync(folder.PathOf(Path.Combine("bundle", HandoffFolder.Folder)), script, settings, cancellation);
        folder.Write(output, text);
        return StaReport.Read(text, script);
    }
}
