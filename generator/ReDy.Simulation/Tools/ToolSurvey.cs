using ReDy.Architecture;

namespace ReDy.Simulation.Tools;

/// <summary>One external tool as this machine has it.</summary>
/// <param name="Purpose">What the program uses it for.</param>
/// <param name="Minimum">Oldest version that works; null where any does.</param>
/// <param name="Version">As it prints it; null when missing, too old or broken.</param>
/// <param name="Problem">Null when it can be used.</param>
/// <param name="Install">The command that installs it.</param>
public sealed record SurveyedTool(string Name, string Purpose, string? Minimum, string? Version, string? Path, string? Problem, string Install);

/// <summary>Every external tool that the program uses: installed or not, and which version.</summary>
public static class ToolSurvey
{
    private const string Zlib = "zlib1g-dev";

    private static readonly (ToolLocation Location, string Purpose)[] Tools =
    [
        (Verilator.Location, "simulates the Verilog in lockstep; lint"),
        (CppCompiler.Location, "compiles simulations; clang++ gives faster ones than g++"),
        (IcarusVerilog.Location, "lint: a second simulator's opinion"),
        (Yosys.Location, "lint: what synthesis makes of the Verilog; mapping to library cells"),
        (OpenSta.Location, "timing of the mapped netlist"),
    ];

    public static async Task<IReadOnlyList<SurveyedTool>> FindAsync(CancellationToken cancellation = default)
    {
        var found = new List<SurveyedTool>();
        foreach ((ToolLocation location, string purpose) in Tools)
            found.Add(await FindAsync(location, purpose, cancellation));
        found.Add(StandardCellLibrary());
        found.Add(await FindZlibAsync(cancellation));
        return found;
    }

    private static async Task<SurveyedTool> FindAsync(ToolLocation location, string purpose, CancellationToken cancellation)
    {
        var tool = new SurveyedTool(location.Name, purpose, location.Minimum, null, location.TryPath(), null, InstallCommand(location.Package));
        try
        {
            InstalledTool installed = await location.FindAsync(cancellation);
            return tool with { Version = installed.Version, Path = installed.Path };
        }
        catch (InputException exception)
        {
            return tool with { Problem = exception.Message };
        }
    }

    /// <summary>A file, not a program.</summary>
    private static SurveyedTool StandardCellLibrary()
    {
        var library = new SurveyedTool("standard cells", "what the Verilog is mapped to if no Liberty file is given", null, null, null, null, InstallCommand(InstalledLibrary.Package));
        return InstalledLibrary.TryPath() is { } path
            ? library with { Version = System.IO.Path.GetFileNameWithoutExtension(path), Path = path }
            : library with { Problem = $"No standard-cell library is installed. Install one: apt install {InstalledLibrary.Package} (or set {InstalledLibrary.EnvironmentVariable} to a Liberty file)." };
    }

    /// <summary>A header, not a program: asked for with the compiler that needs it.</summary>
    private static async Task<SurveyedTool> FindZlibAsync(CancellationToken cancellation)
    {
        var tool = new SurveyedTool("zlib headers", "compressed waveforms (FST)", null, null, null, null, InstallCommand(Zlib));
        if (CppCompiler.Location.TryPath() is not { } compiler)
            return tool with { Problem = "Not looked for without a C++ compiler." };
        var process = new ToolProcess("C++ compiler", compiler, ["-E", "-include", "zlib.h", "-x", "c++", "/dev/null"], "") { AnyExitCode = true };
        try
        {
            ToolOutput output = await process.RunAsync(cancellation);
            return output.ExitCode == 0
                ? tool with { Version = "present" }
                : tool with { Problem = $"zlib.h is not installed. Install it: apt install {Zlib}" };
        }
        catch (InputException exception)
        {
            return tool with { Problem = exception.Message };
        }
    }

    private static string InstallCommand(string package) => $"apt install {package}";
}
