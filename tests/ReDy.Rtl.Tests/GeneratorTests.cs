using System.Text.RegularExpressions;
using ReDy.Architecture;

namespace ReDy.Rtl.Tests;

public sealed partial class GeneratorTests
{
    public static TheoryData<string> Samples => [.. SampleTiles.All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Equal_configurations_give_equal_bytes(string sample) =>
        RtlGenerator.Generate(SampleTiles.All[sample] with { }).Files.ShouldBe(RtlGenerator.Generate(SampleTiles.All[sample]).Files);

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_module_is_instantiated_and_every_instance_is_a_module_of_the_bundle(string sample)
    {
        RtlBundle bundle = RtlGenerator.Generate(SampleTiles.All[sample]);
        foreach (IReadOnlyList<string> sources in new[] { bundle.SimulationSources, bundle.SynthesisSources })
        {
            HashSet<string> modules = [.. sources.Select(path => Path.GetFileNameWithoutExtension(path))];
            string text = string.Concat(sources.Select(path => bundle[path].Content));
            HashSet<string> instantiated = [.. modules.Where(module => Regex.IsMatch(text, $@"^ +{module} \w+ \(", RegexOptions.Multiline))];
            modules.Except(instantiated).ShouldBe([bundle.TopModule]);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_file_has_one_module_of_its_own_name_and_no_implicit_nets(string sample)
    {
        foreach (RtlFile file in RtlGenerator.Generate(SampleTiles.All[sample]).Files.Where(file => file.Path.EndsWith(".v", StringComparison.Ordinal)))
        {
            ModuleDeclaration().Matches(file.Content).Select(match => match.Groups[1].Value).ShouldBe([Path.GetFileNameWithoutExtension(file.Path)]);
            file.Content.ShouldStartWith("`default_nettype none\n");
            file.Content.ShouldEndWith("`default_nettype wire\n");
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void No_instance_overrides_a_parameter(string sample)
    {
        foreach (RtlFile file in RtlGenerator.Generate(SampleTiles.All[sample]).Files.Where(file => file.Path.EndsWith(".v", StringComparison.Ordinal)))
            file.Content.ShouldNotMatch(@"\.[A-Z][A-Z0-9_]*\s*\(", file.Path);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Text_is_tidy(string sample)
    {
        foreach (RtlFile file in RtlGenerator.Generate(SampleTiles.All[sample]).Files)
        {
            file.Content.ShouldNotContain("\r");
            file.Content.ShouldNotContain("\t");
            file.Content.ShouldNotMatch(@"[ ]\n", $"{file.Path} has blanks at the end of a line");
            file.Content.ShouldNotContain("\n\n\n", Case.Sensitive, $"{file.Path} has two empty lines");
            file.Content.ShouldEndWith("\n");
        }
    }

    [Fact]
    public void Only_statistical_tiles_have_thresholds() =>
        ModulesOf("lossless").ShouldNotContain("redy_threshold_registers");

    [Fact]
    public void Only_tiles_with_flip_encoding_have_flip_registers() =>
        ModulesOf("no flips, sum, truncate").ShouldNotContain("redy_flip_register");

    [Fact]
    public void Only_gated_tiles_have_a_test_enable()
    {
        RtlGenerator.Generate(SampleTiles.Tiny).Files.ShouldNotContain(file => file.Content.Contains("test_enable"));
        RtlGenerator.Generate(SampleTiles.All["clock gating"])["rtl/redy_tile.v"].Content.ShouldContain("test_enable");
    }

    [Fact]
    public void The_tile_has_the_ports_that_the_model_has_in_their_order()
    {
        string tile = RtlGenerator.Generate(SampleTiles.Tiny)["rtl/redy_tile.v"].Content;
        var ports = new TilePorts(new TileGeometry(SampleTiles.Tiny));
        TilePort().Matches(tile).Select(match => match.Groups[1].Value)
            .ShouldBe(["aclk", .. ports.Inputs.Concat(ports.Outputs).Select(port => port.Name)]);
    }

    [Fact]
    public void The_manifest_names_every_other_file_with_its_hash()
    {
        RtlBundle bundle = RtlGenerator.Generate(SampleTiles.Tiny);
        RtlManifest manifest = RtlManifest.Read(bundle[RtlBundle.ManifestPath].Content).ShouldNotBeNull();
        manifest.TopModule.ShouldBe("redy_tile");
        manifest.Files.ShouldBe(bundle.Files.Where(file => file.Path != RtlBundle.ManifestPath).Select(file => new ManifestEntry(file.Path, file.Sha256)));
    }

    [Fact]
    public void The_configuration_in_the_bundle_generates_the_bundle()
    {
        RtlBundle bundle = RtlGenerator.Generate(SampleTiles.All["odd numbers, long latencies"]);
        TileConfig config = TileConfigFile.Parse(bundle[RtlBundle.ConfigurationPath].Content, RtlBundle.ConfigurationPath);
        RtlGenerator.Generate(config).Files.ShouldBe(bundle.Files);
    }

    [Fact]
    public void File_lists_hold_one_view_of_the_analog_macro_each()
    {
        RtlBundle bundle = RtlGenerator.Generate(SampleTiles.Tiny);
        bundle["redy_tile_simulation.f"].Content.ShouldContain("rtl/views/simulation/redy_crossbar_macro.v\n");
        bundle["redy_tile_simulation.f"].Content.ShouldNotContain("synthesis");
        bundle["redy_tile_synthesis.f"].Content.ShouldContain("rtl/views/synthesis/redy_crossbar_macro.v\n");
        bundle["redy_tile_synthesis.f"].Content.ShouldNotContain("views/simulation");
    }

    private static IEnumerable<string> ModulesOf(string sample) =>
        RtlGenerator.Generate(SampleTiles.All[sample]).SimulationSources.Select(path => Path.GetFileNameWithoutExtension(path));

    [GeneratedRegex(@"^module (\w+)", RegexOptions.Multiline)]
    private static partial Regex ModuleDeclaration();

    [GeneratedRegex(@"^  (?:input|output) +wire +(?:\[[^]]*\])? *(\w+)", RegexOptions.Multiline)]
    private static partial Regex TilePort();
}
