namespace ReDy.Simulation.Tools;

/// <summary>OpenSTA: static timing analysis of a mapped netlist.</summary>
public sealed class OpenSta
{
    internal static readonly ToolLocation Location = new(
        "OpenSTA", ["sta"], "REDY_OPENSTA", "opensta", "-version", @"(\d+\.\d+(\.\d+)?)", "2.0");

    private OpenSta(InstalledTool tool) => Tool = tool;

    public InstalledTool Tool { get; }

    /// <summary>Of the releases of 2019, which price every edge with the energies of rise and fall; newer ones differ.</summary>
    public bool Is2019 => Tool.Version.StartsWith("2.0", StringComparison.Ordinal);

    public static async Task<OpenSta> FindAsync(CancellationToken cancellation = default) => new(await Location.FindAsync(cancellation));

    /// <summary>Runs a Tcl script in the folder, with these settings for it in the environment and no others.</summary>
    /// <returns>All that it printed.</returns>
    public async Task<string> RunAsync(string folder, string scriptFile, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellation) =>
        (await new ToolProcess(Tool.Name, Tool.Path, ["-no_splash", "-exit", scriptFile], "Run the command by hand in that folder.") { WorkingFolder = folder, Environment = ScriptSettings.Of(folder, settings) }.RunAsync(cancellation)).Text;
}
