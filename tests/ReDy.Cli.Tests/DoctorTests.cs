using System.Text.Json;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private readonly RedyProgram redy = new();

    [Fact]
    public async Task Tools_are_listed_with_version_purpose_and_command_to_install()
    {
        BufferedCommandResult result = await redy.RunAsync("doctor", "--json");
        result.ExitCode.ShouldBe(0);
        JsonElement report = JsonDocument.Parse(result.StandardOutput).RootElement;
        report.GetProperty("complete").GetBoolean().ShouldBeTrue();
        foreach (JsonElement tool in report.GetProperty("tools").EnumerateArray())
        {
            tool.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
            tool.GetProperty("purpose").GetString().ShouldNotBeNullOrEmpty();
            tool.GetProperty("install").GetString()!.ShouldStartWith("apt install ");
        }

        report.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString())
            .ShouldBe(["Verilator", "C++ compiler", "Icarus Verilog", "Yosys", "OpenSTA", "standard cells", "zlib headers"]);
    }

    [Fact]
    public async Task A_missing_tool_is_told_with_the_command_that_installs_it()
    {
        BufferedCommandResult result = await redy.RunAsync(new Dictionary<string, string?> { ["REDY_YOSYS"] = "/nowhere/yosys" }, "doctor");
        result.ExitCode.ShouldBe(2);
        result.StandardOutput.ShouldMatch(@"Yosys +missing +0\.23 or newer");
        result.StandardOutput.ShouldEndWith("To install what is missing on Debian: sudo apt install yosys\n");
        result.StandardError.ShouldStartWith("error: REDY_YOSYS = /nowhere/yosys: there is no such program.");
    }

    public void Dispose() => redy.Dispose();
}
