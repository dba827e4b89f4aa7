using System.Reflection;

namespace ReDy.Simulation.Build;

/// <summary>The C++ around the Verilated tile: <c>testbenches/verilator</c>, embedded in this assembly.</summary>
internal static class TestbenchSources
{
    public const string PrintHeader = "redy_print.h";
    public const string Design = "redy_design.cpp";
    public const string Simulation = "redy_simulation.cpp";
    private const string Root = "testbenches/verilator/";

    /// <summary>Files that are the same for every tile and therefore compiled with the runtime.</summary>
    public static IReadOnlyList<string> Runtime { get; } = [PrintHeader, "redy_activity.h", "redy_switching.h", "redy_design.h", Simulation];

    public static IReadOnlyDictionary<string, string> All { get; } = Read();

    public static void WriteTo(string folder)
    {
        foreach ((string name, string text) in All)
            File.WriteAllText(Path.Combine(folder, name), text);
    }

    private static SortedDictionary<string, string> Read()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Assembly assembly = Assembly.GetExecutingAssembly();
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Root, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            files[name[Root.Length..]] = reader.ReadToEnd();
        }

        return files;
    }
}
