using CliWrap;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

internal static class Shell
{
    public static async Task<BufferedCommandResult> RunAsync(string folder, string script) =>
        await CliWrap.Cli.Wrap("bash")
            .WithArguments(["-c", script])
            .WithWorkingDirectory(folder)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
}
