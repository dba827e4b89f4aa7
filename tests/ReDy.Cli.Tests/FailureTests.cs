using System.Diagnostics;
using ReDy.Architecture;

namespace ReDy.Cli.Tests;

public sealed class FailureTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RedyProgram redy = new();

    [Fact]
    public void Every_problem_of_bad_input_is_a_message() =>
        FailureReport.Messages(new InputException(["one", "two"])).ShouldBe(["one", "two"]);

    [Fact]
    public void An_unexpected_failure_is_one_line_without_stack_trace() =>
        FailureReport.Messages(new InvalidOperationException("the queue is empty\nand more"))
            .ShouldBe(["internal error: InvalidOperationException: the queue is empty; run again with REDY_TRACE=1 for details"]);

    [Fact]
    public void A_full_disk_is_told_as_the_system_tells_it() =>
        FailureReport.Messages(new IOException("No space left on device")).ShouldBe(["No space left on device"]);

    [Fact]
    public void Failures_that_are_not_a_mismatch_end_with_exit_code_2_and_Ctrl_C_with_130()
    {
        FailureReport.Write(new InputException("bad")).ShouldBe(2);
        FailureReport.Write(new IOException("disk")).ShouldBe(2);
        FailureReport.Write(new InvalidOperationException("bug")).ShouldBe(2);
        FailureReport.Write(new AggregateException(new OperationCanceledException())).ShouldBe(130);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_program_with_130_and_its_child_processes()
    {
        string tool = Path.Combine(redy.Folder, "slow tool");
        File.WriteAllText(tool, $"#!/bin/sh\necho $$ > \"{redy.Folder}/pid\"\nexec sleep 600\n");
        Process.Start("chmod", ["+x", tool]).WaitForExit();
        using var program = Process.Start(new ProcessStartInfo("env", [.. RedyProgram.Interruptible, "doctor"])
        {
            WorkingDirectory = redy.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["REDY_VERILATOR"] = tool },
        })!;
        int child = await ChildAsync();

        Process.Start("kill", ["-INT", $"{program.Id}"]).WaitForExit();
        string errors = await program.StandardError.ReadToEndAsync();
        program.WaitForExit(Patience).ShouldBeTrue();

        program.ExitCode.ShouldBe(130);
        errors.ShouldBe("error: interrupted\n");
        Directory.Exists($"/proc/{child}").ShouldBeFalse("the child process ended");
    }

    public void Dispose() => redy.Dispose();

    private async Task<int> ChildAsync()
    {
        string file = Path.Combine(redy.Folder, "pid");
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(50))
            if (File.Exists(file) && int.TryParse(File.ReadAllText(file), out int child))
                return child;
        throw new TimeoutException("the child process did not start");
    }
}
