using ReDy.Architecture;
using ReDy.Simulation.Tools;

namespace ReDy.Simulation.Tests.Tools;

/// <summary>Sets environment variables, so nothing runs beside it.</summary>
[CollectionDefinition(nameof(EnvironmentCollection), DisableParallelization = true)]
public sealed class EnvironmentCollection;

[Collection(nameof(EnvironmentCollection))]
public sealed class ToolLocationTests : IDisposable
{
    private readonly SimulationFolder folder = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(FakeTool.Variable, null);
        folder.Dispose();
    }

    [Fact]
    public async Task A_missing_tool_is_reported_with_the_command_that_installs_it()
    {
        var problem = await Should.ThrowAsync<InputException>(() => FakeTool.Location("faker-that-nobody-has").FindAsync(default));

        problem.Message.ShouldBe("Faker (faker-that-nobody-has) is not installed. Install it: apt install faker (or set REDY_FAKE_TOOL to its path).");
    }

    [Fact]
    public async Task The_environment_variable_overrides_the_search()
    {
        Environment.SetEnvironmentVariable(FakeTool.Variable, FakeTool.Write(folder, "my faker", "Faker 5.006 2023-01-22", "exit 1"));

        InstalledTool tool = await FakeTool.Location("sh").FindAsync(default);

        tool.ShouldBe(new InstalledTool("Faker", folder.File("my faker"), "5.006"));
    }

    [Fact]
    public async Task A_wrong_environment_variable_is_an_error_even_if_the_tool_is_installed()
    {
        Environment.SetEnvironmentVariable(FakeTool.Variable, "/nowhere/faker");

        var problem = await Should.ThrowAsync<InputException>(() => FakeTool.Location("sh").FindAsync(default));

        problem.Message.ShouldStartWith("REDY_FAKE_TOOL = /nowhere/faker: there is no such program.");
    }

    [Theory]
    [InlineData("Faker 5.005", "Faker 5.005")]
    [InlineData("Faker 4.228", "Faker 4.228")]
    public async Task A_tool_that_is_too_old_is_refused_with_both_versions(string printed, string named)
    {
        Environment.SetEnvironmentVariable(FakeTool.Variable, FakeTool.Write(folder, "faker", printed, ""));

        var problem = await Should.ThrowAsync<InputException>(() => FakeTool.Location("faker").FindAsync(default));

        problem.Message.ShouldContain(named);
        problem.Message.ShouldContain("is too old: 5.006 or newer is needed");
        problem.Message.ShouldContain("apt install faker");
    }

    [Theory]
    [InlineData("Fak")]
    [InlineData("")]
    [InlineData("Faker five")]
    public async Task Cut_off_version_output_is_an_error_that_quotes_it(string printed)
    {
        Environment.SetEnvironmentVariable(FakeTool.Variable, FakeTool.Write(folder, "faker", printed, ""));

        var problem = await Should.ThrowAsync<InputException>(() => FakeTool.Location("faker").FindAsync(default));

        problem.Message.ShouldContain("does not tell the version of Faker");
        problem.Message.ShouldContain(printed.Length > 0 ? printed : "nothing");
    }

    [Fact]
    public async Task The_tools_of_this_machine_are_found_and_new_enough()
    {
        (await Verilator.FindAsync()).Tool.Version.ShouldNotBeEmpty();
        (await IcarusVerilog.FindAsync()).Tool.Version.ShouldNotBeEmpty();
        (await Yosys.FindAsync()).Tool.Version.ShouldNotBeEmpty();
        (await CppCompiler.FindAsync()).Tool.Version.ShouldNotBeEmpty();
    }
}
