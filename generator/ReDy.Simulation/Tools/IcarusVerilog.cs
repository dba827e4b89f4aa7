namespace ReDy.Simulation.Tools;

/// <summary>Icarus Verilog: a second simulator's opinion of the Verilog, in its 2005 mode.</summary>
public sealed class IcarusVerilog
{
    internal static readonly ToolLocation Location = new(
        "Icarus Verilog", ["iverilog"], "REDY_IVERILOG", "iverilog", "-V", @"Icarus Verilog version (\d+\.\d+)", "11.0");

    private IcarusVerilog(InstalledTool tool) => Tool = tool;

    public InstalledTool Tool { get; }

    public static async Task<IcarusVerilog> FindAsync(CancellationToken cancellation = default) => new(await Location.FindAsync(cancellation));

    /// <summary>All its warnings and errors on the sources: whatever it prints.</summary>
    internal async Task<IReadOnlyList<string>> LintAsync(string folder, string topModule, IReadOnlyList<string> sources, CancellationToken cancellation)
    {
        ToolOutput output = await new ToolProcess(
            Tool.Name, Tool.Path, ["-g2005", "-Wall", "-tnull", "-s", topModule, .. sources], "Run the command by hand in that folder.")
        {
            WorkingFolder = folder,
            AnyExitCode = true,
        }.RunAsync(cancellation);
        return LintFindings.Of(output, line => line.Trim().Length > 0);
    }
}
