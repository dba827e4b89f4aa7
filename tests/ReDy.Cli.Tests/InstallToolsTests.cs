using CliWrap;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

/// <summary>tools/install-tools.sh on machines that lack something, played with a PATH of fakes.</summary>
public sealed class InstallToolsTests : IDisposable
{
    private static readonly string Script = FindScript();

    private readonly string folder = Directory.CreateTempSubdirectory("redy install ").FullName;

    public InstallToolsTests()
    {
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        foreach (string command in (string[])["sh", "dirname", "cat", "env"])
            Fake(command, $"exec /usr/bin/{command} \"$@\"");
        foreach (string command in (string[])["verilator", "clang++", "g++", "iverilog", "yosys", "sta"])
            Fake(command, "exit 0");
        Fake("dotnet", "echo 10.0.100");
        Fake("id", "echo 0");
        Fake("apt-get", $"echo \"$@\" >> '{folder}/apt.log'");
    }

    [Fact]
    public async Task Nothing_is_said_or_done_when_all_is_there()
    {
        BufferedCommandResult result = await RunAsync();
        result.ExitCode.ShouldBe(0);
        (result.StandardOutput + result.StandardError).ShouldBeEmpty();
        AptCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_missing_is_installed_and_the_user_is_told_what_and_why()
    {
        Remove("yosys");
        Remove("verilator");
        BufferedCommandResult result = await RunAsync();
        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldBe(
            """
            These Debian packages are missing:
              verilator: simulates the Verilog in lockstep with the golden model
              yosys: checks what synthesis makes of the Verilog, maps it to library cells

            """);
        AptCalls.ShouldBe(["install -y --no-install-recommends verilator yosys"]);
    }

    [Fact]
    public async Task Other_users_than_root_go_through_sudo()
    {
        Remove("yosys");
        Fake("id", "echo 1000");
        Fake("sudo", $"echo sudo >> '{folder}/apt.log'; exec \"$@\"");
        BufferedCommandResult result = await RunAsync();
        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldContain("Installing them with sudo apt-get install.\n");
        AptCalls.ShouldBe(["sudo", "install -y --no-install-recommends yosys"]);
    }

    [Fact]
    public async Task Without_root_and_sudo_the_command_for_root_is_told()
    {
        Remove("iverilog");
        Fake("id", "echo 1000");
        BufferedCommandResult result = await RunAsync();
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: installing needs root and there is no sudo; run as root: apt-get install iverilog\n");
    }

    [Fact]
    public async Task Without_apt_the_packages_are_told()
    {
        Remove("iverilog");
        Remove("apt-get");
        BufferedCommandResult result = await RunAsync();
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: there is no apt-get here; install these programs as your system does: iverilog\n");
    }

    [Fact]
    public async Task Package_lists_are_fetched_when_the_first_try_fails()
    {
        Remove("yosys");
        Fake("apt-get", $"echo \"$@\" >> '{folder}/apt.log'; [ \"$1\" = update ] || [ -e '{folder}/tried' ] || {{ echo > '{folder}/tried'; exit 100; }}");
        (await RunAsync()).ExitCode.ShouldBe(0);
        AptCalls.ShouldBe(["install -y --no-install-recommends yosys", "update", "install -y --no-install-recommends yosys"]);
    }

    [Fact]
    public async Task A_release_without_the_standard_cells_gets_the_rest()
    {
        Remove("yosys");
        string script = File.ReadAllText(Script).Replace("/usr/share/qflow", "/nowhere", StringComparison.Ordinal).Replace("cd \"$(dirname \"$0\")/..\"", "", StringComparison.Ordinal);
        string changed = Path.Combine(folder, "install-tools.sh");
        File.WriteAllText(changed, script);
        Fake("apt-get", $"echo \"$@\" >> '{folder}/apt.log'; case \"$*\" in *qflow*) exit 100 ;; esac");
        Fake("apt-cache", "exit 100");
        BufferedCommandResult result = await RunAsync(changed);
        result.ExitCode.ShouldBe(0, result.StandardError);
        result.StandardOutput.ShouldContain("note: this release of Debian has no package qflow-tech-osu018");
        AptCalls[^1].ShouldBe("install -y --no-install-recommends yosys");
    }

    [Fact]
    public async Task A_failing_apt_is_an_error()
    {
        Remove("yosys");
        Fake("apt-get", "exit 100");
        BufferedCommandResult result = await RunAsync();
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: apt-get could not install: yosys; see its messages above\n");
    }

    [Theory]
    [InlineData("exit 1", "")]
    [InlineData("echo 8.0.404", " (found 8.0.404)")]
    public async Task An_old_or_missing_SDK_is_an_error(string dotnet, string found)
    {
        Fake("dotnet", dotnet);
        BufferedCommandResult result = await RunAsync();
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldStartWith($"error: the .NET 10 SDK is missing{found}; install it from ");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string[] AptCalls => File.Exists(Path.Combine(folder, "apt.log")) ? File.ReadAllLines(Path.Combine(folder, "apt.log")) : [];

    private async Task<BufferedCommandResult> RunAsync(string? script = null) =>
        await CliWrap.Cli.Wrap("/bin/sh")
            .WithArguments([script ?? Script])
            .WithEnvironmentVariables(environment => environment.Set("PATH", Path.Combine(folder, "bin")))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();

    private void Fake(string command, string script)
    {
        string path = Path.Combine(folder, "bin", command);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        System.Diagnostics.Process.Start("chmod", ["+x", path]).WaitForExit();
    }

    private void Remove(string command) => File.Delete(Path.Combine(folder, "bin", command));

    private static string FindScript()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ReDy.sln")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new InvalidOperationException("the tests do not run inside the repository"), "tools", "install-tools.sh");
    }
}
