namespace ReDy.Simulation.Tools;

/// <summary>The C++ compiler for simulations: clang++ where it is installed (a third faster simulations, faster builds), else g++.</summary>
public sealed class CppCompiler
{
    internal static readonly ToolLocation Location = new(
        "C++ compiler", ["clang++", "g++"], "REDY_CXX", "clang", "--version", @"(\d+\.\d+\.\d+)", "9.0");

    private const string NextStep = "If the lines above do not explain it, run the command by hand in that folder; zlib.h is in package zlib1g-dev.";

    private CppCompiler(InstalledTool tool) => Tool = tool;

    public InstalledTool Tool { get; }

    public static async Task<CppCompiler> FindAsync(CancellationToken cancellation = default) => new(await Location.FindAsync(cancellation));

    internal Task CompileAsync(string folder, string source, string objectFile, IReadOnlyList<string> flags, CancellationToken cancellation) =>
        RunAsync(folder, [.. flags, "-c", source, "-o", objectFile], cancellation);

    internal Task LinkAsync(string folder, IReadOnlyList<string> objectFiles, string library, IReadOnlyList<string> flags, CancellationToken cancellation) =>
        RunAsync(folder, ["-shared", .. objectFiles, "-o", library, .. flags], cancellation);

    private Task RunAsync(string folder, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        new ToolProcess(Tool.Name, Tool.Path, arguments, NextStep) { WorkingFolder = folder }.RunAsync(cancellation);
}
