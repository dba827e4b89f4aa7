using System.Text.RegularExpressions;

namespace ReDy.Simulation.Tools;

/// <summary>
/// The environment of a Tcl script that reads settings from it. What a run does not set must not come from the shell that this
/// program was started in: it would change results without a trace.
/// </summary>
internal static partial class ScriptSettings
{
    /// <param name="folder">Of the script and of those that it sources.</param>
    /// <returns>The settings, and null (no such variable) for every other that a script of the folder reads.</returns>
    public static IReadOnlyDictionary<string, string?> Of(string folder, IReadOnlyDictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?>(settings);
        foreach (string script in Directory.GetFiles(folder, "*.tcl"))
            foreach (Match read in Setting().Matches(File.ReadAllText(script)))
                all.TryAdd(read.Groups[1].Value, null);
        return all;
    }

    [GeneratedRegex(@"(?:\[setting |::env\()([A-Z_]+)")]
    private static partial Regex Setting();
}
