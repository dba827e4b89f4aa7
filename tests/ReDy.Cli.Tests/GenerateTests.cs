using System.Text.Json;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

public sealed class GenerateTests : IDisposable
{
    private readonly RedyProgram redy = new();

    [Fact]
    public async Task A_generated_folder_is_up_to_date_until_the_configuration_changes()
    {
        await redy.RunAsync("init", "--preset", "tiny", "my tile.yaml");
        BufferedCommandResult generated = await redy.RunAsync("generate", "my tile.yaml");
        generated.StandardError.ShouldBeEmpty();
        generated.ExitCode.ShouldBe(0);
        generated.StandardOutput.ShouldMatch(@"^my tile-rtl: \d+ files, top module redy_tile\n$");

        BufferedCommandResult fresh = await redy.RunAsync("generate", "--check", "my tile.yaml");
        fresh.ExitCode.ShouldBe(0);
        fresh.StandardOutput.ShouldBe("my tile-rtl: up to date with my tile.yaml\n");

        redy.Write("my tile.yaml", redy.Read("my tile.yaml").Replace("program_clocks: 4", "program_clocks: 5"));
        BufferedCommandResult stale = await redy.RunAsync("generate", "--check", "my tile.yaml");
        stale.ExitCode.ShouldBe(1);
        stale.StandardOutput.ShouldStartWith("my tile-rtl: stale, not what my tile.yaml gives\n  changed  rtl/redy_tile.v\n");
    }

    [Fact]
    public async Task Recorded_switching_becomes_part_of_the_folder_until_the_configuration_changes()
    {
        await redy.RunAsync("init", "--preset", "tiny", "tile.yaml");
        await redy.RunAsync("generate", "tile.yaml", "-o", "out");
        string configuration = JsonDocument.Parse(redy.Read("out/manifest.json")).RootElement.GetProperty("files").EnumerateArray()
            .Single(file => file.GetProperty("path").GetString() == "configuration.yaml").GetProperty("sha256").GetString()!;
        redy.Write("tile.saif", $"(SAIFILE\n(VERSION \"netlist of configuration {configuration}\")\n(INSTANCE redy_tile))\n");
        (await redy.RunAsync("generate", "tile.yaml", "-o", "out", "--saif", "tile.saif")).ExitCode.ShouldBe(0);
        redy.Read("out/synthesis/activity.saif").ShouldBe(redy.Read("tile.saif"));
        redy.Read("out/manifest.json").ShouldContain("\"recorded_on\": \"netlist\"");
        (await redy.RunAsync("generate", "tile.yaml", "-o", "out", "--check")).ExitCode.ShouldBe(0);

        redy.Write("tile.yaml", redy.Read("tile.yaml").Replace("program_clocks: 4", "program_clocks: 5"));
        (await redy.RunAsync("generate", "tile.yaml", "-o", "out", "--check")).ExitCode.ShouldBe(1);
        BufferedCommandResult refused = await redy.RunAsync("generate", "tile.yaml", "-o", "out", "--saif", "tile.saif");
        refused.ExitCode.ShouldBe(2);
        refused.StandardError.ShouldStartWith("error: --saif tile.saif: was recorded on another configuration (SHA-256 ");
    }

    [Fact]
    public async Task Check_reports_in_JSON_what_differs()
    {
        await redy.RunAsync("init", "--preset", "tiny", "tile.yaml");
        await redy.RunAsync("generate", "tile.yaml", "-o", "out");
        File.Delete(Path.Combine(redy.Folder, "out", "rtl", "redy_ima.v"));
        BufferedCommandResult result = await redy.RunAsync("generate", "--check", "tile.yaml", "-o", "out", "--json");
        result.ExitCode.ShouldBe(1);
        JsonElement report = JsonDocument.Parse(result.StandardOutput).RootElement;
        report.GetProperty("up_to_date").GetBoolean().ShouldBeFalse();
        report.GetProperty("missing").EnumerateArray().Select(path => path.GetString()).ShouldBe(["rtl/redy_ima.v"]);
    }

    [Fact]
    public async Task An_illegal_configuration_leaves_no_folder_and_exits_with_2()
    {
        redy.Write("tile.yaml", "weights: {bits: 99}\n");
        BufferedCommandResult result = await redy.RunAsync("generate", "tile.yaml", "-o", "out");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldStartWith("error: weights.bits = 99 (tile.yaml:1)");
        Directory.Exists(Path.Combine(redy.Folder, "out")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_with_other_files_is_refused_with_exit_code_2()
    {
        redy.Write("tile.yaml", "");
        BufferedCommandResult result = await redy.RunAsync("generate", "tile.yaml", "-o", ".");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldStartWith("error: . exists and is no generated bundle");
        redy.Files.ShouldBe(["tile.yaml"]);
    }

    public void Dispose() => redy.Dispose();
}
