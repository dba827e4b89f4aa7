using System.Globalization;
using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.Rtl;
using ReDy.Synthesis.Handoff;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Macros;

namespace ReDy.Synthesis.Tests;

/// <summary>Verilog black box, Liberty and LEF of every macro, read back from the files of the hand-off folder.</summary>
public sealed partial class MacroViewTests
{
    public static TheoryData<string> Presets => ["tiny", "redy", "three ADCs, differential", "small"];

    [Theory]
    [MemberData(nameof(Presets))]
    public void All_views_have_the_same_pins_directions_and_widths(string name)
    {
        RtlBundle bundle = HandoffFolder.Generate(Config(name));
        foreach (string module in RtlBundle.Macros.Select(macro => Config(name).Rtl.Prefix + macro))
        {
            SortedDictionary<string, string> liberty = LibertyPins(bundle, module);
            VerilogPins(bundle, module).ShouldBe(liberty, module);
            LefPins(bundle, module).ShouldBe(liberty, module);
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Liberty_and_LEF_have_the_same_area(string name)
    {
        RtlBundle bundle = HandoffFolder.Generate(Config(name));
        foreach (string module in RtlBundle.Macros.Select(macro => Config(name).Rtl.Prefix + macro))
        {
            double area = double.Parse(Cell(bundle, module)["area"]!, CultureInfo.InvariantCulture);
            Match size = Regex.Match(LefMacro(bundle, module), @"SIZE ([\d.]+) BY ([\d.]+)");
            double product = double.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture) * double.Parse(size.Groups[2].Value, CultureInfo.InvariantCulture);
            product.ShouldBe(area, 0.01 * area, module);
        }
    }

    [Fact]
    public void The_macro_library_states_its_operating_conditions_and_every_assumption()
    {
        string text = HandoffFolder.Generate(Config("tiny"))["synthesis/redy_tile_macros.lib"].Content;
        LibertyReader.Read(text, "macros").GroupsNamed("operating_conditions").ShouldHaveSingleItem();
        foreach ((string row, _) in ComponentTable.Default.Assumptions)
            text.ShouldContain($"    {row} = ");
    }

    [Fact]
    public void The_crossbar_takes_energy_for_read_convert_write_and_idle()
    {
        LibertyGroup clock = Cell(HandoffFolder.Generate(Config("redy")), "redy_crossbar_macro").GroupsNamed("pin").Single(pin => pin.Argument == "aclk");
        clock.GroupsNamed("internal_power").Select(power => power["when"]).ShouldBe(["sample", "start[0]", "program_strobe", "!start[0] & !sample & !program_strobe"]);
    }

    [Fact]
    public void Published_areas_of_ISAAC_come_out_again()
    {
        HardMacro crossbar = TileMacros.Of(new TileGeometry(TilePresets.Config("redy")), ComponentTable.Default).Single(macro => macro.Name.EndsWith("crossbar_macro"));
        // Table I, per IMA of 8 crossbars: ADC 0.0096, DAC 0.00017, S+H 0.00004, arrays 0.0002 mm2.
        (8 * crossbar.AreaSquareMicrometres / 1e6).ShouldBe(0.0096 + 0.00017 + 0.00004 + 0.0002, 0.00001);
    }

    private static TileConfig Config(string name) => name switch
    {
        "small" => SmallTile.Config,
        "three ADCs, differential" => TilePresets.Config("tiny") with { Weights = new() { Encoding = WeightEncoding.Differential }, Adc = new() { PerCrossbar = 3, Bits = 6 } },
        _ => TilePresets.Config(name),
    };

    /// <summary>Pin -> direction and width, as the ports of the elaborated black box have them.</summary>
    private static SortedDictionary<string, string> VerilogPins(RtlBundle bundle, string module)
    {
        string text = bundle[$"{RtlBundle.SynthesisViews}{module}.v"].Content;
        Dictionary<string, int> parameters = Parameter().Matches(text).ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        return new(Port().Matches(text).ToDictionary(
            match => match.Groups["name"].Value,
            match => $"{match.Groups["direction"].Value} {(match.Groups["width"].Success ? match.Groups["width"].Value.Split('*').Aggregate(1, (width, factor) => width * parameters[factor.Trim()]) : 0)}"));
    }

    private static SortedDictionary<string, string> LibertyPins(RtlBundle bundle, string module)
    {
        LibertyGroup library = LibertyReader.Read(bundle[$"synthesis/{bundle.TopModule}_macros.lib"].Content, "macros");
        Dictionary<string, string> widths = library.GroupsNamed("type").ToDictionary(type => type.Argument, type => type["bit_width"]!);
        return new(Cell(bundle, module).Groups.Where(group => group.Name is "pin" or "bus")
            .ToDictionary(pin => pin.Argument, pin => $"{pin["direction"]} {(pin["bus_type"] is { } bus ? widths[bus] : "0")}"));
    }

    /// <summary>Bits of a bus together again; a bus of one bit has a [0].</summary>
    private static SortedDictionary<string, string> LefPins(RtlBundle bundle, string module) =>
        new(LefPin().Matches(LefMacro(bundle, module)).Where(match => match.Groups["use"].Value is "SIGNAL" or "CLOCK")
            .GroupBy(match => match.Groups["name"].Value.Split('[')[0])
            .ToDictionary(
                pins => pins.Key,
                pins => $"{pins.First().Groups["direction"].Value.ToLowerInvariant()} {(pins.First().Groups["name"].Value.Contains('[') ? pins.Count() : 0)}"));

    private static LibertyGroup Cell(RtlBundle bundle, string module) =>
        LibertyReader.Read(bundle[$"synthesis/{bundle.TopModule}_macros.lib"].Content, "macros").GroupsNamed("cell").Single(cell => cell.Argument == module);

    private static string LefMacro(RtlBundle bundle, string module) =>
        Regex.Match(bundle[$"synthesis/{bundle.TopModule}_macros.lef"].Content, $@"^MACRO {module}$.*?^END {module}$", RegexOptions.Singleline | RegexOptions.Multiline).Value;

    [GeneratedRegex(@"parameter (\w+) *= (\d+)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^ +(?<direction>input|output) +wire +(\[(?<width>[\w*]+)-1:0\])? *(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Port();

    [GeneratedRegex(@"PIN (?<name>\S+)\s+DIRECTION (?<direction>\w+) ;\s+USE (?<use>\w+) ;")]
    private static partial Regex LefPin();
}
