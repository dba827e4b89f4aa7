using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ReDy.Cli.Tests;

public sealed partial class ReadmeTests : IDisposable
{
    private readonly RedyProgram redy = new();

    /// <summary>Consecutive sessions share a folder: the later ones use the files of the earlier. REDY_UPDATE_GOLDEN=1 rewrites them.</summary>
    [Fact]
    public async Task Every_session_in_the_README_prints_what_it_shows()
    {
        string path = Path.Combine(RepositoryRoot(), "README.md"), readme = await File.ReadAllTextAsync(path);
        MatchCollection sessions = Session().Matches(readme);
        sessions.Count.ShouldBeGreaterThan(0);
        // Sessions use the networks of the repository, as if they were started there.
        Directory.CreateSymbolicLink(Path.Combine(redy.Folder, "models"), Path.Combine(RepositoryRoot(), "models"));
        foreach (Match session in sessions)
        {
            string shown = session.Groups["text"].Value;
            string[] commands = [.. shown.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..])];
            string script = string.Concat(commands.Select(command => $"cat <<'COMMAND'\n$ {command}\nCOMMAND\n{command} 2>&1\n"));
            redy.Write("session.sh", $"redy() {{ '{RedyProgram.ExecutablePath}' \"$@\"; }}\n{script}");
            string printed = (await CliWrap.Buffered.BufferedCommandExtensions.ExecuteBufferedAsync(
                CliWrap.Cli.Wrap("/bin/sh").WithArguments("session.sh").WithWorkingDirectory(redy.Folder).WithValidation(CliWrap.CommandResultValidation.None))).StandardOutput;
            if (Environment.GetEnvironmentVariable("REDY_UPDATE_GOLDEN") == "1")
                readme = readme.Replace(shown, printed, StringComparison.Ordinal);
            else
                WithoutTimes(printed).ShouldBe(WithoutTimes(shown));
        }

        if (Environment.GetEnvironmentVariable("REDY_UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(path, readme);
    }

    public void Dispose() => redy.Dispose();

    /// <summary>Speed and tool versions are the machine's.</summary>
    private static string WithoutTimes(string text) => MachineLine().Replace(text, "");

    private static string RepositoryRoot([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));

    [GeneratedRegex("```console\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Session();

    [GeneratedRegex("^(speed|tools) .*\n", RegexOptions.Multiline)]
    private static partial Regex MachineLine();
}
