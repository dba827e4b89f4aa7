using System.Diagnostics;
using ReDy.Architecture;
using ReDy.Simulation.Tools;

namespace ReDy.Simulation.Tests.Tools;

public sealed class ToolProcessTests : IDisposable
{
    private readonly SimulationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_tool_that_succeeds_gives_its_output()
    {
        string path = FakeTool.Write(folder, "faker", null, "echo \"$2 to stdout\"; echo to stderr >&2");

        ToolOutput output = await FakeTool.Process(path, "-x", "with spaces").RunAsync(default);

        output.StandardOutput.ShouldBe("with spaces to stdout\n");
        output.StandardError.ShouldBe("to stderr\n");
    }

    [Fact]
    public async Task A_failure_shows_command_line_exit_code_last_lines_and_next_step()
    {
        string path = FakeTool.Write(folder, "faker", null, "seq 1 100 >&2; exit 3");

        var problem = await Should.ThrowAsync<InputException>(() => FakeTool.Process(path, "--top", "my tile").RunAsync(default));

        problem.Message.ShouldContain("Faker ended with exit code 3.");
        problem.Message.ShouldContain($"Command: '{path}' --top 'my tile'");
        problem.Message.ShouldContain("  81");
        problem.Message.ShouldContain("  100");
        problem.Message.ShouldNotContain("  80\n");
        problem.Message.ShouldEndWith("Ask a colleague.");
    }

    [Fact]
    public async Task A_tool_that_does_not_end_is_killed_after_its_time()
    {
        string path = FakeTool.Write(folder, "faker", null, "echo still here >&2; sleep 1000");
        var process = new ToolProcess("Faker", path, [], "Ask a colleague.") { Timeout = TimeSpan.FromSeconds(1) };

        var problem = await Should.ThrowAsync<InputException>(() => process.RunAsync(default));

        problem.Message.ShouldContain("Faker did not end within 1 s and was killed.");
        problem.Message.ShouldContain("still here");
    }

    [Fact]
    public async Task Cancelling_kills_the_tool_and_its_children()
    {
        string path = FakeTool.Write(folder, "faker", null, $"sleep 1000 & echo $! > '{folder.File("child")}'; wait");
        using var cancellation = new CancellationTokenSource();
        Task run = FakeTool.Process(path).RunAsync(cancellation.Token);
        int child = await ChildAsync();

        cancellation.Cancel();

        await Should.ThrowAsync<OperationCanceledException>(() => run);
        for (int i = 0; i < 100 && IsAlive(child); i++)
            await Task.Delay(50);
        IsAlive(child).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_named()
    {
        string path = folder.File("not a program");
        File.WriteAllText(path, "");

        var problem = await Should.ThrowAsync<InputException>(() => FakeTool.Process(path).RunAsync(default));

        problem.Message.ShouldContain("Faker cannot be started");
        problem.Message.ShouldContain("not a program");
    }

    private async Task<int> ChildAsync()
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < TimeSpan.FromSeconds(60))
        {
            if (File.Exists(folder.File("child")) && int.TryParse(File.ReadAllText(folder.File("child")), out int child))
                return child;
            await Task.Delay(20);
        }

        throw new TimeoutException("The fake tool did not start.");
    }

    private static bool IsAlive(int process)
    {
        string status = $"/proc/{process}/status";
        try
        {
            return File.Exists(status) && !File.ReadAllText(status).Contains("State:\tZ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
