namespace ReDy.Simulation.Tools;

/// <summary>The standard-cell library that is used when a command names none: the OSU 180 nm cells where Debian puts them.</summary>
public static class InstalledLibrary
{
    /// <summary>Names a Liberty file to use instead.</summary>
    public const string EnvironmentVariable = "REDY_LIBERTY";
    public const string Package = "qflow-tech-osu018";

    private static readonly string[] Places =
    [
        "/usr/share/qflow/tech/osu018/osu018_stdcells.lib",
        "/usr/local/share/qflow/tech/osu018/osu018_stdcells.lib",
    ];

    /// <summary>A Liberty file, or null. One that the environment names need not exist.</summary>
    public static string? TryPath() =>
        Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } own ? own : Places.FirstOrDefault(File.Exists);
}
