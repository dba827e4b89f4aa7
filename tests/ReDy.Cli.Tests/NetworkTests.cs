using System.Runtime.CompilerServices;
using System.Text.Json;
using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

/// <summary><c>redy network</c> as its users call it, on the network that is committed.</summary>
public sealed class NetworkTests : IDisposable
{
    private static readonly string Models = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "models"));
    private static readonly string Small = Path.Combine(Models, "fashion-small", "fashion-small.onnx"), Tile = Path.Combine(Models, "fashion-small", "tile.yaml");
    private readonly RedyProgram redy = new();

    [Theory]
    [InlineData("import")]
    [InlineData("map")]
    [InlineData("calibrate")]
    [InlineData("run")]
    [InlineData("verify")]
    public async Task Every_verb_of_networks_has_help_with_examples(string verb)
    {
        BufferedCommandResult result = await redy.RunAsync("network", verb, "--help");
        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldContain("Examples:\n  redy network " + verb);
    }

    [Fact]
    public async Task Import_lists_layers_and_agrees_with_ONNX_Runtime()
    {
        BufferedCommandResult result = await redy.RunAsync("network", "import", Small, "--reference", "--json");
        result.StandardError.ShouldBeEmpty();
        result.ExitCode.ShouldBe(0);
        JsonElement report = JsonDocument.Parse(result.StandardOutput).RootElement;
        report.GetProperty("layers").EnumerateArray().Where(layer => layer.GetProperty("on_tile").GetBoolean()).Select(layer => layer.GetProperty("name").GetString())
            .ShouldBe(["conv1", "conv2", "conv3", "conv4", "dense1", "dense2"]);
        report.GetProperty("onnx_runtime").GetProperty("agrees").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_wrong_network_is_told_without_a_stack_trace()
    {
        redy.Write("net.onnx", "weights: 8\n");
        BufferedCommandResult result = await redy.RunAsync("network", "import", "net.onnx");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldStartWith("error: net.onnx is not an ONNX file");
        result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("error: --images 0: give at least one image\n", "run", "--images", "0")]
    [InlineData("error: --calibration-images 0: the calibration set is empty; scales come from the values that tensors take on real images: give at least one\n", "run", "--calibration-images", "0")]
    [InlineData("error: --data nowhere: no such folder; give one with the files of the MNIST format (Debian's dataset-fashion-mnist installs /usr/share/datasets/fashion-mnist)\n", "verify", "--data", "nowhere")]
    [InlineData("error: --plan plan.json: no such file; 'redy network calibrate' writes one\n", "run", "--plan", "plan.json")]
    [InlineData("error: --budget -1: give percentage points of at least 0\n", "calibrate", "--output", "p.json", "--budget", "-1")]
    [InlineData("error: unknown option '--jsn' of 'redy network run'; did you mean '--json'?\n", "run", "--jsn")]
    public async Task A_wrong_option_is_told_with_the_remedy(string message, string verb, params string[] options)
    {
        BufferedCommandResult result = await redy.RunAsync(["network", verb, Tile, Small, .. options]);
        result.StandardError.ShouldBe(message);
        result.ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Run_counts_and_prices_every_policy()
    {
        BufferedCommandResult result = await redy.RunAsync("network", "run", Tile, Small, "--images", "8", "--calibration-images", "8", "--json", "--csv", "layers.csv");
        result.StandardError.ShouldBeEmpty();
        result.ExitCode.ShouldBe(0);
        JsonElement[] policies = [.. JsonDocument.Parse(result.StandardOutput).RootElement.GetProperty("policies").EnumerateArray()];
        policies.Select(policy => policy.GetProperty("policy").GetString()).ShouldBe(["static", "lossless", "statistical"]);
        policies[0].GetProperty("steps_skipped").GetInt64().ShouldBe(0);
        policies[1].GetProperty("accuracy").GetDouble().ShouldBe(policies[0].GetProperty("accuracy").GetDouble());
        foreach (string adc in new[] { "isaac-sar", "survey-fit", "neurosim-sar" })
        {
            double[] energies = [.. policies.Select(policy => policy.GetProperty("picojoules_per_image").GetProperty(adc).GetDouble())];
            energies.SequenceEqual(energies.OrderDescending()).ShouldBeTrue(adc);
        }

        // A line for every layer, policy and ADC model, and the titles.
        redy.Read("layers.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1 + 6 * 3 * 3);
    }

    [Fact]
    public async Task Verify_samples_layers_that_take_too_long_and_says_so()
    {
        BufferedCommandResult result = await redy.RunAsync("network", "verify", Tile, Small, "--calibration-images", "4", "--layer-clocks", "4096", "--output", "proof");
        result.StandardOutput.ShouldContain("PASSED: golden model, Verilog and functional model agree in every layer");
        result.StandardOutput.ShouldContain("conv1 4 of 784 vectors, conv2 4 of 196 vectors, conv3 4 of 196 vectors, conv4 2 of 16 vectors");
        result.StandardOutput.ShouldContain("from sampled layers, the rest of them by the functional model");
        result.ExitCode.ShouldBe(0);
        JsonDocument.Parse(redy.Read("proof/result.json")).RootElement.GetProperty("mismatches").GetInt32().ShouldBe(0);
        File.Exists(Path.Combine(redy.Folder, "proof", "run.sh")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_fault_in_the_Verilog_is_found_in_the_layer_that_meets_it_first()
    {
        string fault = Path.Combine(Models, "..", "testbenches", "faults", "relu_missing.yaml");
        BufferedCommandResult result = await redy.RunAsync("network", "verify", Tile, Small, "--calibration-images", "4", "--layer-clocks", "4096", "--output", "proof", "--inject", fault);
        result.ExitCode.ShouldBe(1);
        result.StandardOutput.ShouldStartWith("layer conv1: MISMATCH in clock ");
        result.StandardOutput.ShouldContain("replay:   redy network verify");
        result.StandardOutput.ShouldContain("FAILED");
    }

    public void Dispose() => redy.Dispose();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
