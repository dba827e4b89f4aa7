using System.CommandLine;
using System.CommandLine.Completions;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

/// <summary>Every option of every verb that names a file or folder, found in the verbs themselves.</summary>
public sealed class PathOptionTests : IDisposable
{
    private const string Nowhere = "nowhere/at all";

    private readonly RedyProgram redy = new();

    public static IEnumerable<object[]> FileOptions() =>
        Options().Where(one => one.Option.HelpName?.Contains(PathOptions.File, StringComparison.Ordinal) == true).Select(one => new object[] { one.Path, one.Option.Name });

    [Theory]
    [MemberData(nameof(FileOptions))]
    public async Task A_file_that_is_not_there_is_told_with_option_value_and_remedy(string verb, string option)
    {
        BufferedCommandResult result = await redy.RunAsync([.. verb.Split(' '), option, Nowhere]);
        result.ExitCode.ShouldBe(2);
        string told = result.StandardError.Split('\n').Where(line => line.StartsWith($"error: {option} {Nowhere}: ", StringComparison.Ordinal)).ShouldHaveSingleItem(result.StandardError);
        told.ShouldMatch($"^error: {option} {Nowhere}: (no such file; .+|there is no folder .+; make it, or .+)$");
        Directory.Exists(Path.Combine(redy.Folder, "nowhere")).ShouldBeFalse();
    }

    [Fact]
    public void Every_option_that_takes_a_text_says_what_it_names()
    {
        // So that an option for a file cannot be left out above: it says FILE.
        (string Path, Option Option)[] silent = [.. Options().Where(one => one.Option.ValueType is { } type && (type == typeof(string) || type == typeof(string[])))
            .Where(one => one.Option.HelpName is null && !one.Option.GetCompletions(CompletionContext.Empty).Any())];
        silent.Select(one => $"{one.Path} {one.Option.Name}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("network run", "--data", "give one with the files of the MNIST format")]
    [InlineData("energy", "--model", "give a folder like models/fashion-small")]
    public async Task A_folder_that_is_not_there_is_told_with_option_value_and_remedy(string verb, string option, string remedy) =>
        (await redy.RunAsync([.. verb.Split(' '), option, Nowhere])).StandardError.ShouldContain($"error: {option} {Nowhere}: no such folder; {remedy}");

    [Fact]
    public async Task An_engine_that_does_not_exist_is_told_before_anything_is_read()
    {
        BufferedCommandResult result = await redy.RunAsync(new Dictionary<string, string?> { ["REDY_KERNEL"] = "fast" }, "check", "nowhere.yaml");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: REDY_KERNEL = fast: there is no such engine; choose one of screened, avx512-vbmi, avx2, portable\n");
        (await redy.RunAsync(new Dictionary<string, string?> { ["REDY_KERNEL"] = "fast" }, "check", "--help")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_library_that_the_environment_names_and_that_is_not_there_is_told()
    {
        await redy.RunAsync("init", "--preset", "tiny", "tile.yaml");
        BufferedCommandResult result = await redy.RunAsync(new Dictionary<string, string?> { ["REDY_LIBERTY"] = "/nowhere.lib" }, "synth", "tile.yaml");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: REDY_LIBERTY = /nowhere.lib: no such file; name a Liberty file, or leave it out and install one: apt install qflow-tech-osu018\n");
    }

    public void Dispose() => redy.Dispose();

    private static IEnumerable<(string Path, Option Option)> Options() => Program.BuildRoot().Subcommands.SelectMany(command => Options(command, command.Name));

    private static IEnumerable<(string Path, Option Option)> Options(Command command, string path) =>
        command.Options.Where(option => option.Name != "--help").Select(option => (path, option))
            .Concat(command.Subcommands.SelectMany(inner => Options(inner, $"{path} {inner.Name}")));
}
