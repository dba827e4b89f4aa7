using System.Runtime.CompilerServices;
using System.Text.Json;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

public sealed class EnergyTests : IDisposable
{
    private readonly RedyProgram redy = new();

    [Fact]
    public async Task A_layer_s_policies_are_priced_side_by_side_under_each_ADC_model()
    {
        BufferedCommandResult result = await Conv3("--digital", "published");
        result.ExitCode.ShouldBe(0, result.StandardError);

        // The conversions are those that the Verilog was seen to make (README), the clocks theirs without programming.
        result.StandardOutput.ShouldMatch(@"adc +published +conversions +1\.563 +6,291,456 +9\.83 .* 4,623,104 +7\.224 .* 3,024,128 +4\.725 ");
        result.StandardOutput.ShouldMatch(@"saved +0\.0 % +2\d\.\d % +[34]\d\.\d % +of static");
        result.StandardOutput.ShouldMatch(@"clocks +1,048,762 +823,458 +530,842");
        result.StandardOutput.ShouldMatch(@"isaac-sar +published +1\.563");
        result.StandardOutput.ShouldMatch(@"survey-fit +published +1\.849");
        result.StandardOutput.ShouldMatch(@"neurosim-sar +published +0\.2345");
        result.StandardOutput.ShouldContain("neurosim-sar reaches no 1.2 GS/s: 11 converters are interleaved");
    }

    [Fact]
    public async Task Components_add_up_to_the_total_in_JSON_and_CSV()
    {
        BufferedCommandResult result = await Conv3("--digital", "published", "--json", "--csv", "lines.csv");
        result.ExitCode.ShouldBe(0, result.StandardError);
        JsonElement layer = JsonDocument.Parse(result.StandardOutput).RootElement.GetProperty("layers")[0];
        double csv = redy.Read("lines.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Sum(line => double.Parse(line.Split(',')[12], System.Globalization.CultureInfo.InvariantCulture));
        double json = 0;
        layer.GetProperty("reports").GetArrayLength().ShouldBe(9);
        foreach (JsonElement report in layer.GetProperty("reports").EnumerateArray())
        {
            double total = report.GetProperty("picojoules").GetDouble();
            report.GetProperty("components").EnumerateArray().Sum(line => line.GetProperty("picojoules").GetDouble()).ShouldBe(total, total * 1e-12);
            json += total;
        }

        csv.ShouldBe(json, json * 1e-12);
    }

    [Fact]
    public async Task Measured_logic_is_priced_by_toggles_beside_the_published_rows_and_the_rates_that_NeuroSim_assumes()
    {
        BufferedCommandResult result = await Conv3("--simulate", "2");
        result.ExitCode.ShouldBe(0, result.StandardError);
        result.StandardOutput.ShouldMatch(@"adc +published +conversions");
        result.StandardOutput.ShouldMatch(@"input_register +measured +clock_edges +0\.00514");
        result.StandardOutput.ShouldMatch(@"isaac-sar +measured +1\.563");
        result.StandardOutput.ShouldMatch(@"isaac-sar +published +1\.563");
        result.StandardOutput.ShouldMatch(@"all registers +0\.0\d+ +0\.0\d+ +0\.0\d+ +0\.5 ");
        result.StandardOutput.ShouldMatch(@"control, without digits .* 0\.05 ");
        result.StandardOutput.ShouldContain("clock gating is off");
    }

    [Fact]
    public async Task Arrays_are_priced_like_a_model_s_layer()
    {
        redy.Write("tile.yaml", "tile: {rows: 1, columns: 1, buffer_kib: 16}\n");
        BufferedCommandResult arrays = await redy.RunAsync(
            "energy", "tile.yaml", "--weights", Model("quantised", "dense2.weights.npy"), "--inputs", Model("activations", "dense2.inputs.npy"), "--adc", "isaac-sar", "--simulate", "4", "--json");
        arrays.ExitCode.ShouldBe(0, arrays.StandardError);
        BufferedCommandResult layer = await redy.RunAsync("energy", "tile.yaml", "--model", Model(), "--layer", "dense2", "--adc", "isaac-sar", "--simulate", "4", "--json");
        Reports(arrays).ShouldBe(Reports(layer));

        static string Reports(BufferedCommandResult result) => JsonDocument.Parse(result.StandardOutput).RootElement.GetProperty("layers")[0].GetProperty("reports").GetRawText();
    }

    [Fact]
    public async Task A_component_is_explained_for_this_tile()
    {
        redy.Write("tile.yaml", "adc: {bits: 6}\n");
        BufferedCommandResult result = await redy.RunAsync("energy", "tile.yaml", "--explain", "isaac-sar");
        result.StandardOutput.ShouldStartWith("isaac-sar.energy.conversions = 1.121 pJ\n");
        result.StandardOutput.ShouldContain("adc_bits = 6 (of the tile)");
    }

    [Fact]
    public async Task A_model_outside_its_domain_is_not_priced_and_says_why()
    {
        redy.Write("tile.yaml", "tile: {rows: 1, columns: 1, buffer_kib: 16}\nadc: {bits: 3}\n");
        BufferedCommandResult all = await redy.RunAsync("energy", "tile.yaml", "--model", Model(), "--layer", "dense2", "--digital", "published");
        all.ExitCode.ShouldBe(0, all.StandardError);
        all.StandardOutput.ShouldContain("not priced: survey-fit holds for adc_bits >= 4 only");
        BufferedCommandResult alone = await redy.RunAsync("energy", "tile.yaml", "--model", Model(), "--layer", "dense2", "--adc", "survey-fit");
        alone.ExitCode.ShouldBe(2);
        alone.StandardError.ShouldStartWith("error: no ADC model prices this tile: survey-fit holds for");
    }

    [Theory]
    [InlineData("error: nothing to price: give --model FOLDER, or --weights and --inputs\n")]
    [InlineData("error: --layer conv5: MODEL has no such layer; did you mean 'conv1'?\n", "--model", "MODEL", "--layer", "conv5")]
    [InlineData("error: --model .: holds no quantised/model.json; give a folder like models/fashion-small, or a layer by --weights and --inputs\n", "--model", ".")]
    [InlineData("error: there is no ADC model 'isaac'; models are isaac-sar, survey-fit, neurosim-sar\n", "--model", "MODEL", "--adc", "isaac")]
    [InlineData("error: --simulate 0: at least one vector must be simulated\n", "--model", "MODEL", "--simulate", "0")]
    [InlineData("error: --node -3: a technology node is a positive number of nm; leave it out for 32\n", "--node", "-3")]
    [InlineData("error: --components none.yaml: no such file; 'redy components' shows the tables that come with the program, docs/energy.md how to write one\n", "--components", "none.yaml")]
    public async Task Wrong_use_is_told_with_the_remedy(string message, params string[] options)
    {
        redy.Write("tile.yaml", "");
        BufferedCommandResult result = await redy.RunAsync(["energy", "tile.yaml", .. options.Select(option => option == "MODEL" ? Model() : option)]);
        result.ExitCode.ShouldBe(2);
        result.StandardError.Replace(Path.GetRelativePath(redy.Folder, Model("quantised", "model.json")), "MODEL").Replace(Model("quantised", "model.json"), "MODEL").ShouldBe(message);
    }

    [Theory]
    [InlineData("energy")]
    [InlineData("power")]
    public async Task A_requantisation_without_its_layer_s_arrays_is_refused(string verb)
    {
        redy.Write("tile.yaml", "");
        string requantise = Model("quantised", "dense1.requantise.npz");
        BufferedCommandResult alone = await redy.RunAsync(verb, "tile.yaml", "--requantise", requantise);
        (alone.ExitCode, alone.StandardError).ShouldBe((2, $"error: --requantise {requantise}: belongs to a layer and none is given; give its --weights and --inputs too, or leave --requantise out\n"));
        BufferedCommandResult model = await redy.RunAsync(verb, "tile.yaml", "--model", Model(), "--layer", "dense1", "--requantise", requantise);
        (model.ExitCode, model.StandardError).ShouldBe((2, $"error: --requantise {requantise}: layers of --model {Model()} bring their own requantisation; leave --requantise out, or give the layer by --weights and --inputs\n"));
    }

    [Fact]
    public async Task Area_is_listed_by_component_and_level_with_the_DPU_s_share()
    {
        redy.Write("tile.yaml", "");
        BufferedCommandResult result = await redy.RunAsync("area", "tile.yaml");
        result.ExitCode.ShouldBe(0, result.StandardError);
        result.StandardOutput.ShouldMatch(@"adc +adc +1 +1200 +1,200\.0 +9,600\.0 +0\.11520");
        result.StandardOutput.ShouldContain("of it the DPU");
        result.StandardOutput.ShouldMatch(@"neurosim-sar +no row +11 +0\.\d+ \+ ADCs");
    }

    public void Dispose() => redy.Dispose();

    private Task<BufferedCommandResult> Conv3(params string[] options)
    {
        redy.Write("tile.yaml", "tile: {rows: 1, columns: 1, buffer_kib: 16}\n");
        return redy.RunAsync(["energy", "tile.yaml", "--model", Model(), "--layer", "conv3", .. options]);
    }

    private static string Model(params string[] parts) => Path.Combine([RepositoryRoot(), "models", "fashion-small", .. parts]);

    private static string RepositoryRoot([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
