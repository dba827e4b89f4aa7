using ReDy.Architecture;

namespace ReDy.Synthesis.Flow;

/// <summary>What a script of the hand-off folder had OpenSTA print, by its sections (<c>=== name</c>, or <c>=== name: remark</c>).</summary>
public sealed class StaReport
{
    private const string Mark = "=== ", End = "end";
    private const int LinesShown = 3;

    private readonly Dictionary<string, string[]> sections = [];
    private readonly string script;

    private StaReport(string script) => this.script = script;

    /// <exception cref="InputException">OpenSTA reported an error or stopped before the end; it exits with 0 then too, and after an error in a constraint goes on to report.</exception>
    public static StaReport Read(string text, string script)
    {
        string[] lines = [.. text.Split('\n').Select(line => line.TrimEnd('\r'))];
        string[] errors = [.. lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("[ERROR", StringComparison.Ordinal))];
        int[] starts = [.. Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith(Mark, StringComparison.Ordinal))];
        var report = new StaReport(script);
        for (int i = 0; i < starts.Length; i++)
            report.sections[lines[starts[i]][Mark.Length..].Split(':')[0].Trim()] = lines[(starts[i] + 1)..(i + 1 < starts.Length ? starts[i + 1] : lines.Length)];
        if (errors.Length > 0)
            throw report.Unusable(string.Join(Environment.NewLine + "  ", errors));
        if (!report.sections.ContainsKey(End))
            throw report.Unusable("it stopped early, after: " + string.Join(Environment.NewLine + "  ", lines.Where(line => line.Length > 0).TakeLast(LinesShown).DefaultIfEmpty("nothing")));
        return report;
    }

    /// <exception cref="InputException">There is no such section.</exception>
    public string[] this[string section] => sections.TryGetValue(section, out string[]? lines) ? lines : throw Unusable($"its output has no section '{section}'");

    public InputException Unusable(string why) => new(
        $"OpenSTA's answer to {script} is not to be used: {why}{Environment.NewLine}"
        + $"Mend what it names. To see all that it prints, run {script} in the folder synthesis/ that 'redy generate' writes, as the comment at its beginning says");
}
