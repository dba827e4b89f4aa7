using System.Globalization;
using System.Text.RegularExpressions;
using ReDy.Architecture;

namespace ReDy.Simulation.Tools;

/// <summary>Where an external program is looked for, how it tells its version, and what to install when it is missing.</summary>
/// <param name="Name">As an engineer calls it, e.g. <c>Verilator</c>.</param>
/// <param name="Commands">File names looked for in PATH, the preferred one first.</param>
/// <param name="EnvironmentVariable">Overrides the search with a path (or a command name).</param>
/// <param name="Package">Debian package that contains it.</param>
/// <param name="VersionArgument">Makes it print its version.</param>
/// <param name="VersionPattern">Group 1 is the version.</param>
/// <param name="Minimum">Oldest version that works, as the program prints it.</param>
internal sealed record ToolLocation(
    string Name, IReadOnlyList<string> Commands, string EnvironmentVariable, string Package, string VersionArgument, string VersionPattern, string Minimum)
{
    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(30);

    /// <exception cref="InputException">Missing, does not tell a version, or too old.</exception>
    public async Task<InstalledTool> FindAsync(CancellationToken cancellation)
    {
        string path = Path();
        var process = new ToolProcess(Name, path, [VersionArgument], $"Set {EnvironmentVariable} to a working {Name}, or reinstall it: apt install {Package}") { Timeout = VersionTimeout };
        ToolOutput output = await process.RunAsync(cancellation);
        Match match = Regex.Match(output.Text, VersionPattern);
        if (!match.Success || !TryParse(match.Groups[1].Value, out Version version))
            throw new InputException($"{path} {VersionArgument} does not tell the version of {Name} (it printed: {FirstLine(output.Text)}). Set {EnvironmentVariable} to {Name}, or reinstall it: apt install {Package}");
        _ = TryParse(Minimum, out Version minimum);
        return version >= minimum
            ? new InstalledTool(Name, path, match.Groups[1].Value)
            : throw new InputException($"{Name} {match.Groups[1].Value} ({path}) is too old: {Minimum} or newer is needed. Install a newer one (apt install {Package}), or set {EnvironmentVariable} to one.");
    }

    /// <summary>Full path of the program that would be run, or null.</summary>
    public string? TryPath()
    {
        string? forced = Environment.GetEnvironmentVariable(EnvironmentVariable);
        return string.IsNullOrEmpty(forced) ? Commands.Select(InPath).FirstOrDefault(path => path is not null) : InPath(forced);
    }

    private string Path()
    {
        if (TryPath() is { } path)
            return path;
        string? forced = Environment.GetEnvironmentVariable(EnvironmentVariable);
        throw new InputException(string.IsNullOrEmpty(forced)
            ? $"{Name} ({string.Join(" or ", Commands)}) is not installed. Install it: apt install {Package} (or set {EnvironmentVariable} to its path)."
            : $"{EnvironmentVariable} = {forced}: there is no such program. Set it to the path of {Name}, or unset it and install {Name}: apt install {Package}");
    }

    private static string? InPath(string command)
    {
        if (command.Contains('/'))
            return File.Exists(command) ? System.IO.Path.GetFullPath(command) : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, command))
            .FirstOrDefault(File.Exists);
    }

    private static bool TryParse(string text, out Version version)
    {
        string[] parts = text.Split('.');
        int Part(int i) => i < parts.Length && int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
        version = new Version(Part(0), Part(1));
        return parts.Length > 0 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Trim() is { Length: > 0 } line ? line : "nothing";
}

/// <summary>A program that was found and is new enough.</summary>
/// <param name="Version">As it prints it.</param>
public sealed record InstalledTool(string Name, string Path, string Version)
{
    public override string ToString() => $"{Name} {Version}";
}
