using CliWrap;
using CliWrap.Buffered;
using ReDy.Architecture;
using ReDy.Simulation.Tools;

namespace ReDy.Rtl.Tests;

/// <summary>What Verilator, Icarus Verilog and Yosys say about bundles: nothing.</summary>
public sealed class LintTests : IDisposable
{
    private const ulong Seed = 2026;
    private const int RandomConfigurations = 6;
    private const long MaximumCells = 1 << 13;

    private readonly BundleScratch scratch = new();

    public static TheoryData<string> Samples => [.. SampleTiles.All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public Task Three_tools_have_no_warning_about_the_sample_tile(string sample) => ShouldLint(SampleTiles.All[sample], sample);

    [Theory]
    [InlineData("redy")]
    [InlineData("isaac")]
    public Task Three_tools_have_no_warning_about_the_full_tile(string preset) => ShouldLint(TilePresets.Config(preset), preset);

    [Fact]
    public async Task Three_tools_have_no_warning_about_random_configurations()
    {
        for (ulong seed = Seed; seed < Seed + RandomConfigurations; seed++)
            await ShouldLint(RandomTileConfigs.FromSeed(seed, MaximumCells), $"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Verilator_has_no_warning_about_the_assertions(string sample)
    {
        RtlBundle bundle = RtlGenerator.Generate(SampleTiles.All[sample]);
        BufferedCommandResult result = await Run(
            "verilator", scratch.Write(bundle),
            ["--lint-only", "-Wall", "--assert", "+define+REDY_ASSERTIONS", "--top-module", bundle.TopModule, RtlBundle.LintWaiversPath, .. bundle.SimulationSources]);
        result.StandardError.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_warning_is_seen()
    {
        RtlBundle bundle = RtlGenerator.Generate(SampleTiles.Tiny);
        RtlFile tile = bundle["rtl/redy_tile.v"];
        string folder = scratch.Write(bundle);
        File.WriteAllText(Path.Combine(folder, tile.Path), tile.Content.Replace(".active          (load_active),", ".active          (load_activ),"));
        IReadOnlyList<LintFinding> findings = await RtlLint.RunAsync(bundle, folder);
        findings.Select(finding => finding.Tool.Name).Distinct().Count().ShouldBe(3, "implicit nets stop every tool");
    }

    /// <summary>A parameter and a value that breaks a rule or differs from the configuration, and the name of the module that stops the tools.</summary>
    public static TheoryData<string, int, string> IllegalOverrides => new()
    {
        { "BITLINES", 3, "crossbar_bitlines_out_of_range" },
        { "WEIGHT_BITS", 99, "weights_bits_out_of_range" },
        { "MAX_DROP", 8, "max_drop_leaves_no_activation_bit" },
        { "CELL_BITS", 1, "cell_bits_was_overridden_generate_the_tile_again" },
        { "ADC_LATENCY", 2, "adc_latency_was_overridden_generate_the_tile_again" },
    };

    [Theory]
    [MemberData(nameof(IllegalOverrides))]
    public async Task An_illegal_override_of_a_parameter_stops_every_tool_by_name(string parameter, int value, string reason)
    {
        RtlBundle bundle = RtlGenerator.Generate(SampleTiles.Tiny);
        string folder = scratch.Write(bundle);
        string top = bundle.TopModule;

        BufferedCommandResult verilator = await Run("verilator", folder, ["--lint-only", $"-G{parameter}={value}", "--top-module", top, .. bundle.SimulationSources]);
        verilator.ExitCode.ShouldNotBe(0);
        verilator.StandardError.ShouldContain(reason);

        BufferedCommandResult icarus = await Run("iverilog", folder, ["-g2005", "-tnull", $"-P{top}.{parameter}={value}", "-s", top, .. bundle.SimulationSources]);
        icarus.ExitCode.ShouldNotBe(0);
        (icarus.StandardOutput + icarus.StandardError).ShouldContain(reason);

        string script = $"read_verilog {string.Join(' ', bundle.SynthesisSources)}; hierarchy -check -top {top} -chparam {parameter} {value}";
        BufferedCommandResult yosys = await Run("yosys", folder, ["-q", "-p", script]);
        yosys.ExitCode.ShouldNotBe(0);
        (yosys.StandardOutput + yosys.StandardError).ShouldContain(reason);
    }

    public void Dispose() => scratch.Dispose();

    private async Task ShouldLint(TileConfig config, string name)
    {
        RtlBundle bundle = RtlGenerator.Generate(config);
        IReadOnlyList<LintFinding> findings = await RtlLint.RunAsync(bundle, scratch.Write(bundle, name));
        string.Join('\n', findings.Select(finding => $"{finding.Tool.Name}: {finding.Text}")).ShouldBeEmpty(name);
    }

    private static async Task<BufferedCommandResult> Run(string tool, string folder, IEnumerable<string> arguments) =>
        await Cli.Wrap(tool).WithWorkingDirectory(folder).WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
}
