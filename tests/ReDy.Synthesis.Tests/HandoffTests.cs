using System.Text.Json;
using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.Rtl;
using ReDy.Simulation.Activity;
using ReDy.Synthesis.Handoff;
using YamlDotNet.Serialization;

namespace ReDy.Synthesis.Tests;

public sealed class HandoffTests
{
    private static readonly RtlBundle Bundle = HandoffFolder.Generate(TilePresets.Config("tiny"));
    private static readonly HashSet<string> Paths = [.. Bundle.Files.Select(file => file.Path)];

    [Fact]
    public void The_FuseSoC_core_names_files_of_the_bundle_and_every_Verilog_file()
    {
        string text = Bundle["redy_tile.core"].Content;
        text.ShouldStartWith("CAPI=2:\n");
        var core = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<Dictionary<string, object>>(text[(text.IndexOf('\n') + 1)..]);
        var sets = (Dictionary<object, object>)core["filesets"];
        string[] named = [.. sets.Values.Cast<Dictionary<object, object>>().SelectMany(set => (List<object>)set["files"]).Cast<string>()];
        named.ShouldAllBe(path => Paths.Contains(path));
        Bundle.SimulationSources.Concat(Bundle.SynthesisSources).ShouldAllBe(path => named.Contains(path));
    }

    [Fact]
    public void The_OpenLane_configuration_names_files_of_the_bundle()
    {
        const string Folder = "synthesis/openlane";
        using JsonDocument config = JsonDocument.Parse(Bundle[$"{Folder}/config.json"].Content);
        config.RootElement.GetProperty("DESIGN_NAME").GetString().ShouldBe("redy_tile");
        string[] named =
        [
            .. config.RootElement.EnumerateObject()
                .SelectMany(property => property.Value.ValueKind == JsonValueKind.Array ? property.Value.EnumerateArray().ToArray() : [property.Value])
                .Where(value => value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith("dir::", StringComparison.Ordinal))
                .Select(value => Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Folder, value.GetString()!["dir::".Length..])))),
        ];
        named.ShouldNotBeEmpty();
        named.ShouldAllBe(path => Paths.Contains(path));
    }

    /// <summary>Names of variables as flow/scripts/variables.yaml of OpenROAD-flow-scripts and the steps of OpenLane 2.3 have them; a new one is looked up there first.</summary>
    [Fact]
    public void Flow_configurations_use_variables_that_were_looked_up()
    {
        Regex.Matches(Bundle["synthesis/openroad/config.mk"].Content, @"^export (\w+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ShouldBe(
        [
            "DESIGN_NAME", "DESIGN_NICKNAME", "PLATFORM", "VERILOG_FILES", "SDC_FILE", "ADDITIONAL_LEFS", "ADDITIONAL_LIBS", "GDS_ALLOW_EMPTY", "SYNTH_HIERARCHICAL", "CORE_UTILIZATION", "PLACE_DENSITY",
        ]);
        using JsonDocument config = JsonDocument.Parse(Bundle["synthesis/openlane/config.json"].Content);
        config.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(
        [
            "meta", "DESIGN_NAME", "VERILOG_FILES", "CLOCK_PORT", "CLOCK_PERIOD", "PNR_SDC_FILE", "SIGNOFF_SDC_FILE", "EXTRA_VERILOG_MODELS", "EXTRA_LEFS", "EXTRA_LIBS", "SYNTH_HIERARCHY_MODE", "FP_CORE_UTIL", "RUN_LINTER",
        ]);
        Bundle.SynthesisSources.Where(path => path.StartsWith(RtlBundle.SynthesisViews, StringComparison.Ordinal)).ShouldAllBe(path => Bundle[path].Content.Contains("\n/// sta-blackbox\n"));
    }

    [Fact]
    public void Constraints_hold_every_port_but_the_clock()
    {
        string sdc = Bundle["synthesis/redy_tile.sdc"].Content;
        var ports = new TilePorts(new TileGeometry(TilePresets.Config("tiny")));
        foreach (SignalSlot port in ports.Inputs.Concat(ports.Outputs))
            sdc.ShouldContain($" {port.Name}{(port.Bits == 1 ? "" : "[*]")} ");
    }

    [Fact]
    public void Recorded_switching_goes_along_with_its_scope_and_configuration()
    {
        using var folder = new ScratchFolder();
        TileConfig config = TilePresets.Config("tiny");
        RtlBundle bundle = HandoffFolder.Generate(config, activity: HandoffActivity.Load(Saif(folder, config), config));
        bundle[HandoffActivity.Path].Content.ShouldContain($"(INSTANCE {bundle.TopModule}\n");
        RtlManifest manifest = RtlManifest.Read(bundle[RtlBundle.ManifestPath].Content)!;
        manifest.Activity.ShouldBe(new ManifestActivity("synthesis/activity.saif", "redy_tile", "netlist", bundle[RtlBundle.ConfigurationPath].Sha256));
        manifest.Files.ShouldContain(new ManifestEntry(HandoffActivity.Path, bundle[HandoffActivity.Path].Sha256));
        bundle["synthesis/opensta_power.tcl"].Content.ShouldContain("read_saif -scope [setting SCOPE redy_tile] $saif");
        Bundle["manifest.json"].Content.ShouldNotContain("activity.saif");
    }

    [Fact]
    public void Switching_of_another_configuration_is_refused()
    {
        using var folder = new ScratchFolder();
        string saif = Saif(folder, TilePresets.Config("redy"));
        string message = Should.Throw<InputException>(() => HandoffActivity.Load(saif, TilePresets.Config("tiny"))).Message;
        message.ShouldStartWith($"--saif {saif}: was recorded on another configuration (SHA-256 ");
        message.ShouldEndWith($"record it again: redy verify --netlist --saif {saif}");
    }

    [Fact]
    public void Switching_that_does_not_say_what_it_was_recorded_on_is_refused()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.File("other.saif"), "(SAIFILE (SAIFVERSION \"2.0\") (INSTANCE redy_tile (NET (n (TC 1)))))");
        Should.Throw<InputException>(() => HandoffActivity.Load(folder.File("other.saif"), TilePresets.Config("tiny"))).Message.ShouldContain("does not say which configuration");
    }

    private static string Saif(ScratchFolder folder, TileConfig config)
    {
        using (StreamWriter file = File.CreateText(folder.File("run.saif")))
            SaifFile.Write(file, [new NetSwitching("TOP.redy_tile", "n1", null, [new BitSwitching(5, 1)])], "redy_tile", SaifOrigin.Of(config, netlist: true), 1, 1000);
        return folder.File("run.saif");
    }

    [Fact]
    public void The_manifest_names_the_files_of_the_hand_off() =>
        RtlManifest.Read(Bundle[RtlBundle.ManifestPath].Content)!.Files.Select(file => file.Path).ShouldContain("synthesis/yosys.tcl");
}
