using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

/// <summary>The scripts in the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly RedyProgram redy = new();

    [Theory]
    [InlineData("redy che", "check")]
    [InlineData("redy check --js", "--json")]
    [InlineData("redy init --preset ", "isaac|redy|tiny")]
    [InlineData("redy init --preset t", "tiny")]
    [InlineData("redy completion ", "bash|fish|zsh")]
    [InlineData("redy check my", "my tile.yaml")]
    [InlineData("redy check ", "my tile.yaml|other.yaml")]
    public async Task Bash_completes_verbs_options_values_and_files(string line, string expected)
    {
        redy.Write("my tile.yaml", "");
        redy.Write("other.yaml", "");
        // What bash does when the user presses the tabulator.
        string[] words = line.Split(' ');
        string script = $$"""
            PATH="{{Path.GetDirectoryName(RedyProgram.ExecutablePath)}}:$PATH"
            source <(redy completion bash)
            COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}})
            COMP_CWORD={{words.Length - 1}} COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            _redy
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        BufferedCommandResult result = await Shell.RunAsync(redy.Folder, script);
        result.StandardError.ShouldBeEmpty();
        result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ShouldBe(expected.Split('|'));
    }

    [Fact]
    public async Task Bash_offers_every_verb()
    {
        string script = $$"""
            PATH="{{Path.GetDirectoryName(RedyProgram.ExecutablePath)}}:$PATH"
            source <(redy completion bash)
            COMP_WORDS=(redy '') COMP_CWORD=1 COMP_LINE='redy ' COMP_POINT=5
            _redy
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        string[] offered = (await Shell.RunAsync(redy.Folder, script)).StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        offered.Order(StringComparer.Ordinal).ShouldBe(UsageTests.VerbNames);
    }

    [Theory]
    [InlineData("bash", "complete -F _redy redy")]
    [InlineData("zsh", "#compdef redy")]
    [InlineData("fish", "complete -c redy")]
    public async Task Each_shell_has_its_script(string shell, string text)
    {
        BufferedCommandResult result = await redy.RunAsync("completion", shell);
        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldContain(text);
    }

    public void Dispose() => redy.Dispose();
}
