using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

/// <summary><c>redy verify</c> as its users see it: what it prints, writes and returns.</summary>
public sealed class VerifyTests : IDisposable
{
    private const string Tiny = """
        crossbar: {wordlines: 8, bitlines: 16}
        ima: {row_blocks: 1, column_blocks: 2}
        tile: {rows: 1, columns: 1}
        """;

    private readonly RedyProgram redy = new();

    public VerifyTests() => redy.Write("tile.yaml", Tiny);

    [Fact]
    public async Task Agreement_is_summed_up_and_the_run_folder_repeats_it()
    {
        BufferedCommandResult result = await redy.RunAsync("verify", "tile.yaml", "--operands", "sparse,worst-case", "--vectors", "6", "--seed", "3");
        result.StandardError.ShouldBeEmpty();
        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldStartWith("result         PASSED: golden model, Verilog and functional model agree\n");
        result.StandardOutput.ShouldContain("vectors        12, 96 outputs equal to the functional model\n");
        result.StandardOutput.ShouldContain("mismatches     0\n");
        foreach (string file in new[] { "bundle/manifest.json", "junit.xml", "result.json", "run.sh", "summary.txt", "tile.yaml", "times.json" })
            File.Exists(Path.Combine(redy.Folder, "runs/tile-3", file)).ShouldBeTrue(file);

        BufferedCommandResult again = await CliWrap.Cli.Wrap(Path.Combine(redy.Folder, "runs/tile-3/run.sh"))
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["REDY"] = RedyProgram.ExecutablePath })
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        again.StandardError.ShouldBeEmpty();
        again.ExitCode.ShouldBe(0);
        again.StandardOutput.ShouldContain("build cached");
        foreach (string file in new[] { "result.json", "summary.txt", "junit.xml" })
            redy.Read($"runs/tile-3/again/{file}").ShouldBe(redy.Read($"runs/tile-3/{file}"), file);
    }

    [Fact]
    public async Task Json_has_the_figures_and_times_apart()
    {
        BufferedCommandResult result = await redy.RunAsync("verify", "tile.yaml", "--operands", "uniform", "--vectors", "4", "--stalls", "none", "--policy", "static", "--json");
        result.ExitCode.ShouldBe(0, result.StandardError);
        JsonElement root = JsonDocument.Parse(result.StandardOutput).RootElement;
        JsonElement summary = root.GetProperty("summary");
        summary.GetProperty("passed").GetBoolean().ShouldBeTrue();
        summary.GetProperty("policy").GetString().ShouldBe("static");
        summary.GetProperty("vectors").GetInt64().ShouldBe(4);
        summary.GetProperty("steps_streamed").GetInt64().ShouldBe(4 * 8);
        summary.GetProperty("conversions").GetInt64().ShouldBe(4 * 8 * 32);
        summary.GetProperty("conversions_static").GetInt64().ShouldBe(4 * 8 * 32);
        summary.GetProperty("comparisons").GetInt64().ShouldBeGreaterThan(summary.GetProperty("clocks").GetInt64());
        root.GetProperty("times").GetProperty("clocks_per_second").GetDouble().ShouldBeGreaterThan(0);
        redy.Read("runs/tile-1/result.json").ShouldNotContain("second");
    }

    [Fact]
    public async Task Weights_that_exceed_the_tile_go_through_it_in_passes()
    {
        WriteMatrix("w.npy", "|i1", 20, 9, [.. Enumerable.Range(0, 180).Select(i => (byte)(i * 37))]);
        WriteMatrix("x.npy", "|u1", 5, 20, [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 53))]);
        BufferedCommandResult result = await redy.RunAsync("verify", "tile.yaml", "--weights", "w.npy", "--inputs", "x.npy", "--output", "layer");
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
        result.StandardOutput.ShouldContain("vectors        5 in 6 passes, 45 outputs equal to the functional model\n");
        redy.Read("layer/run.sh").ShouldContain("verify tile.yaml --weights weights.npy --inputs inputs.npy --stalls light");
    }

    [Fact]
    public async Task No_vectors_are_nothing_to_disagree_about()
    {
        WriteMatrix("w.npy", "|i1", 3, 2, new byte[6]);
        WriteMatrix("x.npy", "|u1", 0, 3, []);
        BufferedCommandResult result = await redy.RunAsync("verify", "tile.yaml", "--weights", "w.npy", "--inputs", "x.npy");
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
        result.StandardOutput.ShouldContain("vectors        0, 0 outputs");
    }

    [Fact]
    public async Task A_fault_is_reported_with_its_place_the_clocks_before_a_waveform_and_a_replay()
    {
        redy.Write("fault.yaml", """
            name: half is not added
            file: requantiser
            find: "{ {(SCALED_BITS-1){1'b0}}, scaled[0]};"
            replace: "{SCALED_BITS{1'b0}};"
            """);
        BufferedCommandResult result = await redy.RunAsync("verify", "tile.yaml", "--inject", "fault.yaml");
        result.ExitCode.ShouldBe(1, result.StandardError);
        result.StandardOutput.ShouldMatch(@"^MISMATCH in clock \d+: tile\.requantiser\.value_q\nmodule:   requantiser\nexpected: 0x[0-9a-f]+ \(32 bits, golden model\)\nactual:   0x[0-9a-f]+ \(Verilog\)\n");
        result.StandardOutput.ShouldMatch(@"\n  clock +\d+ .*\n  value_q +0x");
        result.StandardOutput.ShouldContain("\nreplay:   redy verify tile.yaml --inject fault.yaml --operands uniform,sparse,all-ones,single-bit,worst-case --vectors 16 --stalls light --weights-by auto --seed 1\n");
        result.StandardOutput.ShouldContain("\nwaveform: runs/tile-1/waveform.vcd\n");
        File.Exists(Path.Combine(redy.Folder, "runs/tile-1/waveform.vcd")).ShouldBeTrue();
        redy.Read("runs/tile-1/waveform.gtkw").ShouldContain($"[dumpfile] \"{Path.Combine(redy.Folder, "runs/tile-1/waveform.vcd")}\"");
        redy.Read("runs/tile-1/junit.xml").ShouldContain("failures=\"1\"");
        redy.Read("runs/tile-1/result.json").ShouldContain("\"first_mismatch\": \"tile.requantiser.value_q\"");
    }

    [Theory]
    [InlineData("--operands uniform,sparce", "--operands: there is no class 'sparce', did you mean 'sparse'?; the classes are uniform, sparse, all-ones, single-bit, worst-case, zero and real")]
    [InlineData("--operands real", "--operands real means a network's operands: give them with --weights w.npy --inputs x.npy")]
    [InlineData("--inputs x.npy", "--inputs x.npy needs --weights with as many rows as the inputs have columns")]
    [InlineData("--vectors 0", "--vectors 0: at least one vector per operand class is needed")]
    [InlineData("--clocks -1", "--clocks -1: a number of clocks cannot be negative")]
    [InlineData("--weights w.npy --inputs x.npy --operands uniform", "--operands uniform draws inputs, but --inputs x.npy gives them; leave one of the two out")]
    [InlineData("--weights w.npy --inputs x.npy", "x.npy has 2 columns, w.npy has 3 rows; both are K")]
    [InlineData("--weights missing.npy", "--weights missing.npy: no such file; give the weights [K, N] as a .npy file")]
    [InlineData("--weights tile.yaml", "tile.yaml: is not a NumPy array: it does not begin with \\x93NUMPY; save the array with numpy.save")]
    [InlineData("--requantise w.npy", "w.npy: is a single array (.npy), not an archive (.npz); save the arrays with numpy.savez, by name")]
    [InlineData("--output tile.yaml", "--output tile.yaml is a file; name a folder")]
    [InlineData("--output kept", "--output kept has files in it that are not those of a run (no result.json); name a new folder or empty this one")]
    public async Task Bad_input_is_refused_with_the_remedy_and_nothing_is_written(string arguments, string message)
    {
        WriteMatrix("w.npy", "|i1", 3, 1, [1, 2, 3]);
        WriteMatrix("x.npy", "|u1", 1, 2, [1, 2]);
        Directory.CreateDirectory(Path.Combine(redy.Folder, "kept"));
        redy.Write("kept/thesis.txt", "mine");
        BufferedCommandResult result = await redy.RunAsync(["verify", "tile.yaml", .. arguments.Split(' ')]);
        result.StandardError.ShouldBe($"error: {message}\n");
        result.StandardOutput.ShouldBeEmpty();
        result.ExitCode.ShouldBe(2);
        Directory.EnumerateFileSystemEntries(redy.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["kept", "tile.yaml", "w.npy", "x.npy"]);
    }

    [Fact]
    public async Task A_policy_beyond_the_netlist_is_refused()
    {
        redy.Write("tile.yaml", Tiny + "\nprecision: {policy: lossless}\n");
        BufferedCommandResult result = await redy.RunAsync("verify", "tile.yaml", "--policy", "statistical");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe(
            "error: --policy statistical exceeds precision.policy = lossless of tile.yaml: the generated tile has no logic for it; raise precision.policy or choose a lower policy\n");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused()
    {
        BufferedCommandResult result = await redy.RunAsync("verify", "tile.yaml", "--output", "/proc/run");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldMatch(@"^error: --output /proc/run cannot be made: .*; name a folder that you may write to\n$");
    }

    [Fact]
    public async Task Interrupting_leaves_nothing_behind_and_returns_130()
    {
        await redy.RunAsync("verify", "tile.yaml", "--output", "once");
        using var process = Process.Start(new ProcessStartInfo("env", [.. RedyProgram.Interruptible, "verify", "tile.yaml", "--clocks", "1000000000", "--output", "never"])
        {
            WorkingDirectory = redy.Folder,
            RedirectStandardError = true,
        })!;
        while (!redy.Folders.Any(folder => folder.StartsWith("never", StringComparison.Ordinal)))
            await Task.Delay(50);
        await Task.Delay(1000);
        Process.Start("kill", ["-INT", $"{process.Id}"])!.WaitForExit();
        string error = await process.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync();
        error.ShouldBe("error: interrupted\n");
        process.ExitCode.ShouldBe(130);
        redy.Folders.ShouldBe(["once"]);
    }

    [Fact]
    public async Task Without_Verilator_the_remedy_is_named()
    {
        BufferedCommandResult result = await redy.RunAsync(new Dictionary<string, string?> { ["PATH"] = redy.Folder, ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet" }, "verify", "tile.yaml");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldContain("Verilator (verilator) is not installed. Install it: apt install verilator");
        redy.Files.ShouldBe(["tile.yaml"]);
    }

    public void Dispose() => redy.Dispose();

    private void WriteMatrix(string name, string type, int rows, int columns, byte[] values)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}\n");
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. header, .. values];
        File.WriteAllBytes(Path.Combine(redy.Folder, name), file);
    }
}
