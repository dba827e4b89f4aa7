using System.Text.Json;
using ReDy.Architecture;
using ReDy.Rtl;
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

    [Fact]
    public void Constraints_hold_every_port_but_the_clock()
    {
        string sdc = Bundle["synthesis/redy_tile.sdc"].Content;
        var ports = new TilePorts(new TileGeometry(TilePresets.Config("tiny")));
        foreach (SignalSlot port in ports.Inputs.Concat(ports.Outputs))
            sdc.ShouldContain($" {port.Name}{(port.Bits == 1 ? "" : "[*]")} ");
    }

    [Fact]
    public void The_manifest_names_the_files_of_the_hand_off() =>
        RtlManifest.Read(Bundle[RtlBundle.ManifestPath].Content)!.Files.Select(file => file.Path).ShouldContain("synthesis/yosys.tcl");
}
