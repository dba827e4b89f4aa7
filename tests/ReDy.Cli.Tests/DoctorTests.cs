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

    [Fact]
    public async Task Engines_are_listed_and_the_one_in_use_is_named()
    {
        BufferedCommandResult result = await redy.RunAsync(new Dictionary<string, string?> { ["REDY_KERNEL"] = null }, "doctor", "--json");
        JsonElement[] engines = [.. JsonDocument.Parse(result.StandardOutput).RootElement.GetProperty("engines").EnumerateArray()];
        engines.Select(engine => engine.GetProperty("name").GetString()).ShouldBe(["screened", "avx512-vbmi", "avx2", "portable"]);
        engines[^1].GetProperty("available").GetBoolean().ShouldBeTrue();
        engines.SelectMany(engine => engine.GetProperty("in_use_for").EnumerateArray().Select(use => use.GetString()))
            .ShouldBe(["values", "saturations", "adc_toggles"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_forced_engine_is_the_one_in_use()
    {
        BufferedCommandResult result = await redy.RunAsync(new Dictionary<string, string?> { ["REDY_KERNEL"] = "portable" }, "doctor");
        result.StandardOutput.ShouldContain("single vectors; in use for values, saturations, toggles of ADC outputs\n");
    }

    [Fact]
    public async Task An_engine_that_does_not_exist_is_refused_with_those_that_do()
    {
        BufferedCommandResult result = await redy.RunAsync(new Dictionary<string, string?> { ["REDY_KERNEL"] = "fast" }, "doctor");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: REDY_KERNEL = fast: there is no such engine; choose one of screened, avx512-vbmi, avx2, portable\n");
    }

    public void Dispose() => redy.Dispose();
}
