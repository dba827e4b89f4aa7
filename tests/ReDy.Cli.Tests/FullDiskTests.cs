using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

/// <summary>
/// Verbs that write to a disk that is full: a small file system in memory, in a mount name space of the test's own. Where users may
/// not have such name spaces, these tests check nothing.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly RedyProgram redy = new();

    [Theory]
    [InlineData("init --preset redy small/new.yaml", "error: small/new.yaml cannot be written: No space left on device")]
    [InlineData("generate tile.yaml --output small/rtl", "error: small/rtl cannot be written: No space left on device")]
    [InlineData("verify tile.yaml --vectors 1 --operands uniform --output small/run", "error: The run folder ")]
    public async Task A_full_disk_is_an_error_that_names_what_could_not_be_written_and_nothing_is_half_written(string arguments, string message)
    {
        (await redy.RunAsync("init", "--preset", "tiny", "tile.yaml")).ExitCode.ShouldBe(0);
        Directory.CreateDirectory(Path.Combine(redy.Folder, "small"));
        BufferedCommandResult result = await Shell.RunAsync(redy.Folder, $"""
            unshare --user --map-root-user --mount true 2> /dev/null || exit 77
            unshare --user --map-root-user --mount bash -c '
              mount -t tmpfs -o size=8k none small && echo precious > small/kept && head -c 100000 /dev/zero > small/fill 2> /dev/null
              "{RedyProgram.ExecutablePath}" {arguments}
              echo "exit code $?"; ls -A small; cat small/kept'
            """);
        if (result.ExitCode == 77)
            return;
        result.StandardError.ShouldStartWith(message);
        result.StandardError.ShouldContain("No space left on device");
        result.StandardError.ShouldNotContain("   at ");
        result.StandardOutput.ShouldEndWith("exit code 2\nfill\nkept\nprecious\n");
    }

    public void Dispose() => redy.Dispose();
}
