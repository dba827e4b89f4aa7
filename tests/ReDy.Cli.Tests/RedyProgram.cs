using CliWrap;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

/// <summary>Runs the built program as its users do: as a process, in a folder of its own.</summary>
public sealed class RedyProgram : IDisposable
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "redy");

    /// <summary>With a space, as users have them.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("redy cli ").FullName;

    /// <summary>Arguments of env: starts the program so that it can be interrupted even where the tests run with SIGINT ignored, as background jobs do.</summary>
    public static readonly string[] Interruptible = ["--default-signal=INT", Executable];

    /// <summary>The program's name in scripts.</summary>
    public static string ExecutablePath => Executable;

    public Task<BufferedCommandResult> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string?>(), arguments);

    public async Task<BufferedCommandResult> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        await CliWrap.Cli.Wrap(Executable)
            .WithArguments(arguments)
            .WithWorkingDirectory(Folder)
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();

    public string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Folder, name), text);
        return name;
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public string[] Files => [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public string[] Folders => [.. Directory.EnumerateDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
