using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

/// <summary>What the program says to command lines, whatever the verb.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly RedyProgram redy = new();

    public static TheoryData<string> Verbs() => [.. VerbNames];

    public static IReadOnlyList<string> VerbNames =>
        [.. typeof(IVerb).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IVerb)))
            .Select(type => ((IVerb)Activator.CreateInstance(type)!).Build().Name)
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_has_help_with_examples(string verb)
    {
        BufferedCommandResult result = await redy.RunAsync(verb, "--help");
        result.ExitCode.ShouldBe(0);
        result.StandardError.ShouldBeEmpty();
        result.StandardOutput.ShouldContain("Usage:");
        result.StandardOutput.ShouldContain($"Examples:\n  ");
        result.StandardOutput.ShouldContain($"redy {verb}");
    }

    [Fact]
    public async Task Help_lists_every_verb()
    {
        string help = (await redy.RunAsync("--help")).StandardOutput;
        foreach (string verb in VerbNames)
            help.ShouldContain($"\n  {verb}");
    }

    [Fact]
    public async Task Version_is_printed()
    {
        BufferedCommandResult result = await redy.RunAsync("--version");
        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldMatch(@"^\d+\.\d+\.\d+\n$");
    }

    [Theory]
    [InlineData("error: no verb given; see 'redy --help'")]
    [InlineData("error: unknown verb 'chekc' of 'redy'; did you mean 'check'?", "chekc", "tile.yaml")]
    [InlineData("error: unknown verb 'fly' of 'redy'; see 'redy --help'", "fly")]
    [InlineData("error: unknown option '--verson' of 'redy'; did you mean '--version'?", "--verson")]
    [InlineData("error: unknown option '--jsn' of 'redy check'; did you mean '--json'?", "check", "tile.yaml", "--jsn")]
    [InlineData("error: unknown argument 'b.yaml' of 'redy check'; see 'redy check --help'", "check", "a.yaml", "b.yaml")]
    [InlineData("error: Required argument 'FILE' missing for command: 'check'; see 'redy check --help'", "check")]
    [InlineData("error: Argument 'huge' not recognized. Must be one of: 'isaac' 'redy' 'tiny'; see 'redy init --help'", "init", "--preset", "huge")]
    [InlineData("error: Argument 'tcsh' not recognized. Must be one of: 'bash' 'zsh' 'fish'; see 'redy completion --help'", "completion", "tcsh")]
    [InlineData("error: Cannot parse argument 'many' for option '--vectors' as an integer; see 'redy verify --help'", "verify", "tile.yaml", "--vectors", "many")]
    public async Task A_wrong_command_line_gets_a_suggestion_and_exit_code_2(string message, params string[] arguments)
    {
        BufferedCommandResult result = await redy.RunAsync(arguments);
        result.ExitCode.ShouldBe(2);
        result.StandardOutput.ShouldBeEmpty();
        result.StandardError.ShouldBe(message + "\n");
    }

    [Fact]
    public async Task A_full_disk_gives_exit_code_2()
    {
        BufferedCommandResult result = await Shell.RunAsync(redy.Folder, $"\"{RedyProgram.ExecutablePath}\" schema > /dev/full");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: No space left on device\n");
    }

    public void Dispose() => redy.Dispose();
}
