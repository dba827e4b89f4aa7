namespace ReDy.Simulation.Tools;

internal static class LintFindings
{
    /// <summary>The output's lines that are findings; a run that failed without one is a finding itself.</summary>
    public static IReadOnlyList<string> Of(ToolOutput output, Func<string, bool> isFinding)
    {
        string[] lines = [.. output.Text.Split('\n').Select(line => line.TrimEnd()).Where(isFinding)];
        return lines.Length == 0 && output.ExitCode != 0 ? [$"ended with exit code {output.ExitCode}: {output.Text.Trim()}"] : lines;
    }
}
