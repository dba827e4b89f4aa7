using System.Text.Json;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

public sealed class ComponentsTests : IDisposable
{
    private readonly RedyProgram redy = new();

    [Fact]
    public async Task Every_row_is_listed_and_the_published_totals_close()
    {
        BufferedCommandResult result = await redy.RunAsync("components");
        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldMatch(@"dac +energy +dac_drives +0\.3906 +pJ +32 nm +isaac +isaac\.yaml:\d+");
        result.StandardOutput.ShouldMatch(@"chip_power +65\.8 +65\.81 +W +closes");
        result.StandardOutput.ShouldNotContain("DIFFERS");
    }

    [Fact]
    public async Task A_component_is_explained_with_formula_values_arithmetic_and_source()
    {
        BufferedCommandResult result = await redy.RunAsync("components", "neurosim-sar");
        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldStartWith("neurosim-sar.energy.conversions = 0.2345 pJ\n");
        foreach (string part in new[] { "formula", "neurosim_column_resistance = 10000 ohm", "ASSUMPTION", "arithmetic", "source      NeuroSim V1.4" })
            result.StandardOutput.ShouldContain(part);
    }

    [Fact]
    public async Task A_row_of_the_user_takes_the_place_of_the_program_s()
    {
        redy.Write("mine.yaml", "components: {dac: {energy: {dac_drives: {value: 0.1 * 2 ^ dac_bits, unit: pJ, node: 28, source: assumption, arithmetic: mine}}}}\n");
        redy.Write("tile.yaml", "dac: {bits: 2}\n");
        JsonElement rows = JsonDocument.Parse((await redy.RunAsync("components", "dac", "--components", "mine.yaml", "--tile", "tile.yaml", "--json")).StandardOutput).RootElement.GetProperty("rows");
        JsonElement energy = rows.EnumerateArray().Single(row => row.GetProperty("key").GetString() == "components.dac.energy.dac_drives");
        energy.GetProperty("value").GetDouble().ShouldBe(0.4);
        energy.GetProperty("file").GetString().ShouldBe("mine.yaml");
        energy.GetProperty("assumption").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Totals_that_the_user_s_rows_do_not_close_say_so()
    {
        redy.Write("mine.yaml", "components: {dac: {energy: {dac_drives: {value: 1, unit: pJ, node: 32, source: assumption, arithmetic: mine}}}}\n");
        (await redy.RunAsync("components", "--components", "mine.yaml")).StandardOutput.ShouldMatch(@"ima_power +24\.08 +30\.32 +mW +DIFFERS");
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_told_with_the_one_that_was_meant()
    {
        BufferedCommandResult result = await redy.RunAsync("components", "dca");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: there is no component 'dca'; did you mean 'dac'?\n");
    }

    [Fact]
    public async Task A_bad_table_is_told_with_file_and_line()
    {
        redy.Write("mine.yaml", "components:\n  dac: {energy: {dac_drives: {value: -1, unit: mW, node: 32, source: isaac, arithmetic: mine}}}\n");
        BufferedCommandResult result = await redy.RunAsync("components", "--components", "mine.yaml");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldStartWith("error: components.dac.energy.dac_drives.value = -1 (mine.yaml:2): a negative energy; check the sign\nerror: components.dac.energy.dac_drives.unit = mW (mine.yaml:2):");
    }

    public void Dispose() => redy.Dispose();
}
