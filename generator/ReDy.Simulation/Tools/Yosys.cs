namespace ReDy.Simulation.Tools;

/// <summary>Yosys: whether the Verilog is what a synthesis tool takes.</summary>
public sealed class Yosys
{
    internal static readonly ToolLocation Location = new(
        "Yosys", ["yosys"], "REDY_YOSYS", "yosys", "-V", @"Yosys (\d+\.\d+)", "0.23");

    private Yosys(InstalledTool tool) => Tool = tool;

    public InstalledTool Tool { get; }

    public static async Task<Yosys> FindAsync(CancellationToken cancellation = default) => new(await Location.FindAsync(cancellation));

    /// <summary>Runs the script file in the folder.</summary>
    internal Task<ToolOutput> RunAsync(string folder, string scriptFile, CancellationToken cancellation) =>
        new ToolProcess(Tool.Name, Tool.Path, ["-q", "-s", scriptFile], "Run the command by hand in that folder.") { WorkingFolder = folder }.RunAsync(cancellation);

    /// <summary>Runs a Tcl script in the folder, with these settings for it in the environment and no others, and tells every line that Yosys logs.</summary>
    public async Task RunTclAsync(string folder, string scriptFile, IReadOnlyDictionary<string, string?> settings, Action<string> line, CancellationToken cancellation) =>
        await new ToolProcess(Tool.Name, Tool.Path, ["-c", scriptFile], "Run the command by hand in that folder.") { WorkingFolder = folder, Environment = ScriptSettings.Of(folder, settings), OutputLine = line }.RunAsync(cancellation);

    /// <summary>Its warnings and errors on the synthesis view: elaboration, process conversion, netlist check. An implicit declaration is a finding.</summary>
    internal async Task<IReadOnlyList<string>> LintAsync(string folder, string topModule, IReadOnlyList<string> sources, CancellationToken cancellation)
    {
        string script = $"read_verilog {string.Join(' ', sources.Select(source => $"\"{source}\""))}; hierarchy -check -top {topModule}; proc; check -assert";
        ToolOutput output = await new ToolProcess(Tool.Name, Tool.Path, ["-q", "-p", script], "Run the command by hand in that folder.")
        {
            WorkingFolder = folder,
            AnyExitCode = true,
        }.RunAsync(cancellation);
        return LintFindings.Of(output, line =>
            line.Contains("Warning", StringComparison.Ordinal) || line.Contains("ERROR", StringComparison.Ordinal) || line.Contains("implicitly declared", StringComparison.Ordinal));
    }
}
