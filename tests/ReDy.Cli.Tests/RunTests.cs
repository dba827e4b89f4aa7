using System.Text;
using System.Text.Json;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly RedyProgram redy = new();

    public RunTests()
    {
        redy.Write("tile.yaml", "");
        WriteMatrix("w.npy", "<i2", 2, 3, [.. new short[] { 1, -2, 3, 4, 5, -128 }.SelectMany(BitConverter.GetBytes)]);
        WriteMatrix("x.npy", "|u1", 4, 2, [1, 2, 255, 0, 0, 0, 15, 3]);
    }

    [Fact]
    public async Task Raw_accumulators_and_events_come_out()
    {
        BufferedCommandResult result = await redy.RunAsync(
            "run", "tile.yaml", "--weights", "w.npy", "--inputs", "x.npy", "--output", "y.npy", "--planes", "p.npy", "--policy", "lossless", "--json");
        result.StandardError.ShouldBeEmpty();
        result.ExitCode.ShouldBe(0);
        ReadValues("y.npy", 12 * sizeof(long)).Chunk(8).Select(bytes => BitConverter.ToInt64(bytes)).ShouldBe(
            [9, 8, -253, 255, -510, 765, 0, 0, 0, 27, -15, -339]);
        ReadValues("p.npy", 4 * sizeof(int)).Chunk(4).Select(bytes => BitConverter.ToInt32(bytes)).ShouldBe([2, 8, 0, 4]);

        JsonElement report = JsonDocument.Parse(result.StandardOutput).RootElement;
        report.GetProperty("policy").GetString().ShouldBe("lossless");
        foreach ((string name, long value) in new (string, long)[]
        {
            ("vectors", 4), ("groups", 4), ("steps_streamed", 14), ("steps_skipped", 18), ("conversions", 14 * 12), ("saturations", 0),
        })
            report.GetProperty(name).GetInt64().ShouldBe(value, name);
        report.GetProperty("drop_histogram").EnumerateArray().Select(count => count.GetInt64()).ShouldBe([4]);
    }

    [Fact]
    public async Task Without_json_the_events_are_a_table()
    {
        BufferedCommandResult result = await redy.RunAsync("run", "tile.yaml", "--weights", "w.npy", "--inputs", "x.npy", "--output", "y.npy");
        result.StandardOutput.ReplaceLineEndings("\n").ShouldBe(
            """
            policy          statistical
            vectors         4
            groups          4
            steps streamed  10 (31.2 %)
            steps skipped   22
            conversions     120
            saturations     0 (0.0 %)
            DAC drives      20
            groups by drop  0: 3, 1: 0, 2: 0, 3: 0, 4: 1
            outputs         y.npy

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_policy_that_does_not_fit_the_configuration_is_refused_with_the_remedy()
    {
        redy.Write("tile.yaml", "activations: {bits: 4}\nprecision: {policy: static, max_drop: 4}\n");
        BufferedCommandResult result = await redy.RunAsync(
            "run", "tile.yaml", "--weights", "w.npy", "--inputs", "x.npy", "--output", "y.npy", "--policy", "statistical");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe(
            "error: --policy statistical: precision.max_drop = 4 can drop all 4 bits of an activation, one must stay; "
            + "set precision.max_drop to at most 3 in the configuration\n");
        redy.Files.ShouldBe(["tile.yaml", "w.npy", "x.npy"]);
    }

    [Fact]
    public async Task Bad_arrays_are_refused_with_exit_code_2_and_nothing_is_written()
    {
        BufferedCommandResult result = await redy.RunAsync(
            "run", "tile.yaml", "--weights", "x.npy", "--inputs", "w.npy", "--output", "y.npy", "--planes", "p.npy");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe(
            "error: x.npy: value 255 at [1, 0] does not fit weights.bits = 8 (-128 .. 127); quantise to that range or change the configuration\n");
        redy.Files.ShouldBe(["tile.yaml", "w.npy", "x.npy"]);
    }

    public void Dispose() => redy.Dispose();

    private void WriteMatrix(string name, string type, int rows, int columns, byte[] values)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}\n");
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. header, .. values];
        File.WriteAllBytes(Path.Combine(redy.Folder, name), file);
    }

    private byte[] ReadValues(string name, int bytes) => File.ReadAllBytes(Path.Combine(redy.Folder, name))[^bytes..];
}
