namespace ReDy.Simulation.Tools;

/// <summary>Verilator: translates the Verilog into C++ and is the strictest of the linters.</summary>
public sealed class Verilator
{
    internal static readonly ToolLocation Location = new(
        "Verilator", ["verilator"], "REDY_VERILATOR", "verilator", "--version", @"Verilator (\d+\.\d+)", "5.006");

    private const string NextStep = "If the lines above do not explain it, run the command by hand in that folder.";

    private Verilator(InstalledTool tool) => Tool = tool;

    public InstalledTool Tool { get; }

    public static async Task<Verilator> FindAsync(CancellationToken cancellation = default) => new(await Location.FindAsync(cancellation));

    /// <summary>Folder that holds the runtime's sources and headers.</summary>
    internal async Task<string> IncludeFolderAsync(CancellationToken cancellation)
    {
        ToolOutput output = await new ToolProcess(Tool.Name, Tool.Path, ["--getenv", "VERILATOR_ROOT"], NextStep).RunAsync(cancellation);
        return Path.Combine(output.StandardOutput.Trim(), "include");
    }

    /// <summary>Translates into C++ in <paramref name="folder"/>; warnings do not matter here.</summary>
    internal Task TranslateAsync(string folder, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        new ToolProcess(Tool.Name, Tool.Path, arguments, NextStep) { WorkingFolder = folder }.RunAsync(cancellation);

    /// <summary>All its warnings and errors on the sources, as it prints them.</summary>
    internal async Task<IReadOnlyList<string>> LintAsync(string folder, string topModule, IReadOnlyList<string> sources, CancellationToken cancellation)
    {
        ToolOutput output = await new ToolProcess(
            Tool.Name, Tool.Path, ["--lint-only", "-Wall", "--no-timing", "--top-module", topModule, .. sources], NextStep)
        {
            WorkingFolder = folder,
            AnyExitCode = true,
        }.RunAsync(cancellation);
        return LintFindings.Of(output, line => line.StartsWith("%Warning", StringComparison.Ordinal) || line.StartsWith("%Error", StringComparison.Ordinal));
    }
}
