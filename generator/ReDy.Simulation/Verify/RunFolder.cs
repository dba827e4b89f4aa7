using System.Security;
using System.Text;
using ReDy.Architecture;
using ReDy.Rtl;

namespace ReDy.Simulation.Verify;

/// <summary>
/// The folder of one run. Everything is written into a folder beside it and appears under its name at the end, complete;
/// a run that is broken off leaves nothing.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>What makes a folder recognisable as one that a run may replace.</summary>
    public const string ResultFile = "result.json";

    /// <summary>What switched in the Verilog, equal to what switched in the golden model.</summary>
    public const string ActivityFile = "activity.json";

    private bool kept;

    /// <exception cref="InputException">The folder cannot be made, or something else is there that must not be lost.</exception>
    public RunFolder(string path)
    {
        Final = Check(path);
        Work = $"{Final}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Work);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--output {path} cannot be made: {problem.Message}; name a folder that you may write to", problem);
        }
    }

    /// <summary>Whether a run may put its folder there, before anything is computed for it.</summary>
    /// <returns>The full path.</returns>
    /// <exception cref="InputException">Something is there that must not be lost.</exception>
    public static string Check(string path)
    {
        string final = Path.GetFullPath(path);
        if (File.Exists(final))
            throw new InputException($"--output {path} is a file; name a folder");
        if (Directory.Exists(final) && !IsReplaceable(final))
            throw new InputException($"--output {path} has files in it that are not those of a run (no {ResultFile}); name a new folder or empty this one");
        return final;
    }

    /// <summary>The folder's name.</summary>
    public string Final { get; }

    /// <summary>Where it is filled.</summary>
    public string Work { get; }

    public string PathOf(string file) => Path.Combine(Work, file);

    public void Write(string file, string text)
    {
        string path = PathOf(file);
        OrSay(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text, new UTF8Encoding(false));
        });
    }

    public void Write(RtlBundle bundle) => BundleFolder.Write(bundle, PathOf("bundle"));

    /// <summary>A script that a user can start by hand.</summary>
    public void WriteScript(string file, string text)
    {
        Write(file, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf(file), (UnixFileMode)0b111_101_101);
    }

    public void Copy(string source, string file) => OrSay(() => File.Copy(source, PathOf(file), overwrite: true));

    /// <summary>The path that something inside <see cref="Work"/> will have.</summary>
    public string Finally(string path) => path.Replace(Work, Final, StringComparison.Ordinal);

    /// <summary>Puts the folder in its place.</summary>
    public void Keep() => OrSay(() =>
    {
        foreach (string save in Directory.GetFiles(Work, "*.gtkw"))
            File.WriteAllText(save, Finally(File.ReadAllText(save)));
        if (Directory.Exists(Final))
            Directory.Delete(Final, recursive: true);
        Directory.Move(Work, Final);
        kept = true;
    });

    public void Dispose()
    {
        if (!kept && Directory.Exists(Work))
            Directory.Delete(Work, recursive: true);
    }

    private void OrSay(Action write)
    {
        try
        {
            write();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The run folder {Final} cannot be written: {Finally(problem.Message)}; free space or name another folder with --output", problem);
        }
    }

    private static bool IsReplaceable(string folder) =>
        File.Exists(Path.Combine(folder, ResultFile)) || !Directory.EnumerateFileSystemEntries(folder).Any();
}

/// <summary>Results in the format that continuous integration systems read.</summary>
public static class JunitReport
{
    /// <param name="cases">Name of each check and, if it failed, why.</param>
    public static string Of(string suite, IReadOnlyList<(string Name, string? Failure)> cases)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        int failures = cases.Count(one => one.Failure is not null);
        text.Append($"<testsuites><testsuite name=\"{Escape(suite)}\" tests=\"{cases.Count}\" failures=\"{failures}\" errors=\"0\">\n");
        foreach ((string name, string? failure) in cases)
        {
            text.Append($"  <testcase classname=\"{Escape(suite)}\" name=\"{Escape(name)}\"");
            text.Append(failure is null
                ? "/>\n"
                : $"><failure message=\"{Escape(failure.Split('\n')[0])}\">{Escape(failure)}</failure></testcase>\n");
        }

        return text.Append("</testsuite></testsuites>\n").ToString();
    }

    private static string Escape(string text) =>
        SecurityElement.Escape(new string([.. text.Where(c => c is '\n' or '\t' or >= ' ')]))!;
}
