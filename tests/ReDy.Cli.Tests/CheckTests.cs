using System.Text.Json;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

public sealed class CheckTests : IDisposable
{
    private readonly RedyProgram redy = new();

    [Fact]
    public async Task Figures_of_the_default_tile_are_those_of_the_paper_and_ISAAC()
    {
        redy.Write("tile.yaml", "");
        BufferedCommandResult result = await redy.RunAsync("check", "tile.yaml", "--json");
        result.ExitCode.ShouldBe(0);
        JsonElement report = JsonDocument.Parse(result.StandardOutput).RootElement;
        report.GetProperty("legal").GetBoolean().ShouldBeTrue();
        JsonElement figures = report.GetProperty("figures");
        foreach ((string name, long value) in new (string, long)[]
        {
            ("slices", 4), ("bitlines_per_output", 4), ("outputs_per_crossbar", 32), ("steps", 8), ("clocks_per_step", 128),
            ("bitline_sum_bits", 9), ("stored_bitline_sum_maximum", 192), ("adc_maximum", 255),
            ("capacity_rows", 1536), ("capacity_outputs", 256), ("imas", 12), ("crossbars", 96), ("cells", 1_572_864),
            // |y| <= 2^7 * 255 * 1536 needs 26 bits and a sign.
            ("accumulator_bits", 27),
            ("load_lanes", 4), ("load_clocks", 136), ("compute_clocks", 1024), ("output_clocks", 257),
        })
            figures.GetProperty(name).GetInt64().ShouldBe(value, name);
        figures.GetProperty("saturation_possible").GetBoolean().ShouldBeFalse();
        figures.GetProperty("exact").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task All_problems_are_told_at_once_with_exit_code_2()
    {
        redy.Write("tile.yaml", "crossbar:\n  bitlines: 6\nweights: {bits: 16}\nadc: {bts: 8}\n");
        BufferedCommandResult result = await redy.RunAsync("check", "tile.yaml");
        result.ExitCode.ShouldBe(2);
        result.StandardOutput.ShouldBeEmpty();
        result.StandardError.ShouldBe(
            """
            error: weights.bits = 16 (tile.yaml:3): 8 slices of 2 bits need 8 bitlines per output, crossbar.bitlines = 6 holds none; raise crossbar.bitlines or cell.bits
            error: adc.bts (tile.yaml:4): unknown key; did you mean 'adc.bits'?

            """);
    }

    [Fact]
    public async Task Problems_in_JSON_carry_key_value_file_line_reason_and_remedy()
    {
        redy.Write("tile.yaml", "\ncell: {bits: 9}\n");
        BufferedCommandResult result = await redy.RunAsync("check", "tile.yaml", "--json");
        result.ExitCode.ShouldBe(2);
        JsonElement report = JsonDocument.Parse(result.StandardOutput).RootElement;
        report.GetProperty("legal").GetBoolean().ShouldBeFalse();
        JsonElement problem = report.GetProperty("problems").EnumerateArray().ShouldHaveSingleItem();
        problem.GetProperty("rule").GetString().ShouldBe("cell_bits_out_of_range");
        problem.GetProperty("key").GetString().ShouldBe("cell.bits");
        problem.GetProperty("value").GetString().ShouldBe("9");
        problem.GetProperty("file_name").GetString().ShouldBe("tile.yaml");
        problem.GetProperty("line").GetInt32().ShouldBe(2);
        problem.GetProperty("why").GetString().ShouldBe("outside 1..4 bits");
        problem.GetProperty("remedy").GetString().ShouldBe("use at most 4");
    }

    [Fact]
    public async Task A_saturating_ADC_is_a_warning_and_exit_code_0()
    {
        redy.Write("tile.yaml", "adc: {bits: 7}\n");
        BufferedCommandResult result = await redy.RunAsync("check", "tile.yaml");
        result.ExitCode.ShouldBe(0);
        result.StandardError.ShouldStartWith("warning: adc.bits = 7 (tile.yaml:1): a bitline sum can reach 192");
        result.StandardOutput.ShouldMatch(@"saturation possible +yes  not with adc\.bits = 8");
    }

    [Fact]
    public async Task A_missing_file_is_reported_with_exit_code_2()
    {
        BufferedCommandResult result = await redy.RunAsync("check", "none.yaml");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: none.yaml: no such file; 'redy init none.yaml' writes one\n");
    }

    [Fact]
    public async Task Output_to_a_file_has_no_colours()
    {
        redy.Write("tile.yaml", "cell: {bits: 9}\n");
        BufferedCommandResult result = await redy.RunAsync(new Dictionary<string, string?> { ["TERM"] = "xterm-256color" }, "check", "tile.yaml");
        result.StandardError.ShouldNotContain('\e');
    }

    public void Dispose() => redy.Dispose();
}
