namespace ReDy.Simulation.Tools;

/// <summary>OpenSTA: static timing analysis of a mapped netlist.</summary>
public sealed class OpenSta
{
    internal static readonly ToolLocation Location = new(
        "OpenSTA", ["sta"], "REDY_OPENSTA", "opensta", "-version", @"(\d+\.\d+(\.\d+)?)", "2.0");

    /// <summary>The last version without read_saif.</summary>
    private static readonly Version LastWithoutActivity = new(2, 0, 17);

    private OpenSta(InstalledTool tool) => Tool = tool;

    public InstalledTool Tool { get; }

    /// <summary>Whether it can take the activity of single nets (SAIF).</summary>
    public bool ReadsActivity => Version.TryParse(Tool.Version, out Version? version) && version > LastWithoutActivity;

    public static async Task<OpenSta> FindAsync(CancellationToken cancellation = default) => new(await Location.FindAsync(cancellation));

    /// <summary>Runs a Tcl script in the folder, with settings for it in the environment.</summary>
    /// <returns>All that it printed.</returns>
    public async Task<string> RunAsync(string folder, string scriptFile, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellation) =>
        (await new ToolProcess(Tool.Name, Tool.Path, ["-no_splash", "-exit", scriptFile], "Run the command by hand in that folder.") { WorkingFolder = folder, Environment = settings }.RunAsync(cancellation)).Text;
}
