using System.Globalization;
using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.CostModel;
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
    public void LEF_has_the_area_of_Liberty_up_to_the_grid_and_the_least_width(string name)
    {
        RtlBundle bundle = HandoffFolder.Generate(Config(name));
        foreach (string module in RtlBundle.Macros.Select(macro => Config(name).Rtl.Prefix + macro))
        {
            double area = double.Parse(Cell(bundle, module)["area"]!, CultureInfo.InvariantCulture);
            Match size = Regex.Match(LefMacro(bundle, module), @"SIZE ([\d.]+) BY ([\d.]+)");
            double width = double.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture), height = double.Parse(size.Groups[2].Value, CultureInfo.InvariantCulture);
            (width * height).ShouldBeGreaterThanOrEqualTo(area - 1e-3, module);
            ((width - 0.05) * height).ShouldBeLessThan(Math.Max(area, 1.5 * height), module);
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Pins_are_on_the_grid_and_on_the_tracks_of_the_installed_library_s_LEF(string name)
    {
        // The package has both; a library that the environment names may have its LEF elsewhere.
        string beside = Path.ChangeExtension(StandardCells.Load().LibertyPath, ".lef");
        if (!File.Exists(beside))
            return;
        string lef = File.ReadAllText(beside);
        string layer = Regex.Match(lef, @"^LAYER metal3$.*?^END metal3$", RegexOptions.Singleline | RegexOptions.Multiline).Value;
        layer.ShouldContain("HORIZONTAL");
        double grid = Value(lef, "MANUFACTURINGGRID"), pitch = Value(layer, "PITCH"), offset = Value(layer, "OFFSET");
        MacroTechnology technology = new TileMacros(new TileGeometry(Config(name)), ComponentTables.Default).Technology;
        (technology.Grid, technology.PinPitch).ShouldBe((grid, pitch));
        technology.PinSize.ShouldBeGreaterThanOrEqualTo(Value(layer, "WIDTH"));
        (pitch - technology.PinSize).ShouldBeGreaterThanOrEqualTo(Value(layer, "SPACING"));

        RtlBundle bundle = HandoffFolder.Generate(Config(name));
        string own = bundle[$"synthesis/{bundle.TopModule}_macros.lef"].Content;
        foreach (Match place in Regex.Matches(own, @"(RECT|SIZE) ([\d. BY-]+);"))
            foreach (string number in place.Groups[2].Value.Split([' ', 'B', 'Y'], StringSplitOptions.RemoveEmptyEntries))
                Steps(double.Parse(number, CultureInfo.InvariantCulture), grid).ShouldBe(0, 1e-6, place.Value);
        MatchCollection pins = Regex.Matches(own, @"LAYER metal3 ;\s+RECT \S+ (?<bottom>\S+) \S+ (?<top>\S+) ;\s+END");
        pins.Count.ShouldBeGreaterThan(100);
        foreach (Match pin in pins)
            Steps((double.Parse(pin.Groups["bottom"].Value, CultureInfo.InvariantCulture) + double.Parse(pin.Groups["top"].Value, CultureInfo.InvariantCulture)) / 2 - offset, pitch).ShouldBe(0, 1e-6, pin.Value);

        static double Value(string text, string key) => double.Parse(Regex.Match(text, $@"^\s*{key}\s+([\d.]+)\s*;", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
        static double Steps(double length, double step) => length / step - Math.Round(length / step);
    }

    [Theory]
    [InlineData("macro_cell_write: {value: 2000, unit: fJ,", "mine.yaml:1", "constants.macro_cell_write.unit = fJ", "'unit: pJ'")]
    [InlineData("macro_setup: {value: 300, unit: ps,", "mine.yaml:1", "constants.macro_setup.unit = ps", "'unit: ns'")]
    [InlineData("macro_setup: {value: -0.3, unit: ns,", "mine.yaml:1", "constants.macro_setup = -0.3", "cannot be negative", "check the sign")]
    [InlineData("macro_setup: {value: 0.1 - 0.4, unit: ns,", "mine.yaml:1", "constants.macro_setup = 0.1 - 0.4", "gives -0.3 ns", "correct the formula")]
    [InlineData("macro_pin_pitch: {value: 0, unit: um,", "mine.yaml:1", "constants.macro_pin_pitch = 0", "a length of 0 makes no layout", "give one above 0")]
    public void A_constant_in_another_unit_or_below_what_can_be_is_refused_with_its_line(string constant, params string[] told)
    {
        string message = Should.Throw<InputException>(() => HandoffFolder.Generate(
            TilePresets.Config("tiny"), ComponentTables.Parse($"constants: {{{constant} node: any, source: assumption, arithmetic: mine}}}}", "mine.yaml"))).Message;
        foreach (string part in told)
            message.ShouldContain(part);
    }

    [Fact]
    public void A_constant_in_the_program_s_unit_is_taken() =>
        new TileMacros(new TileGeometry(TilePresets.Config("tiny")), ComponentTables.Parse("constants: {macro_setup: {value: 0.2, unit: ns, node: any, source: assumption, arithmetic: mine}}", "mine.yaml"))
            .Technology.Setup.ShouldBe(0.2);

    [Fact]
    public void The_macro_library_states_its_operating_conditions_and_every_assumption()
    {
        string text = HandoffFolder.Generate(Config("tiny"))["synthesis/redy_tile_macros.lib"].Content;
        LibertyReader.Read(text, "macros").GroupsNamed("operating_conditions").ShouldHaveSingleItem();
        string[] ownRows = [.. ComponentTables.Default.Constants.Values.Where(row => row.At.FileName == "macros.yaml").Select(row => row.Name)];
        ownRows.ShouldContain("macro_setup");
        foreach (string row in ownRows.Append("bias_memory.area.tile").Append("scale_memory.energy.memory_reads"))
            text.ShouldContain($"    {row} = ");
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void The_macros_take_the_area_that_the_component_tables_give_their_components(string name)
    {
        var geometry = new TileGeometry(Config(name));
        AreaReport report = AreaReport.Of(new CostArithmetic(ComponentTables.Default, geometry, ComponentTables.DefaultNode), geometry);
        Dictionary<string, double> macros = new TileMacros(geometry, ComponentTables.Default).All.ToDictionary(macro => macro.Name[geometry.Config.Rtl.Prefix.Length..], macro => macro.AreaSquareMicrometres);
        foreach (string memory in RtlBundle.MemoryMacros)
            macros[memory].ShouldBe(report.Lines.Where(line => line.Component == memory).Sum(line => line.PerTile), 0.001, memory);
        (macros[RtlBundle.CrossbarMacro] * geometry.Crossbars)
            .ShouldBe(report.Lines.Where(line => line.Component is "adc" or "dac" or "sample_and_hold" or "cell_array").Sum(line => line.PerTile), 0.001 * geometry.Crossbars);
    }

    [Fact]
    public void A_user_s_row_changes_the_views()
    {
        ComponentTable mine = ComponentTables.Parse("components: {dac: {energy: {dac_drives: {value: 1, unit: pJ, node: 28, source: assumption, arithmetic: mine}}, area: {wordline: {value: 2, unit: um2, node: 28, source: assumption, arithmetic: mine}}}}", "mine.yaml");
        var geometry = new TileGeometry(TilePresets.Config("redy"));
        (HardMacro own, HardMacro usual) = (Crossbar(mine), Crossbar(ComponentTables.Default));
        (own.AreaSquareMicrometres - usual.AreaSquareMicrometres).ShouldBe(128 * (2 - 170.0 / 1024), 0.002);
        (own.Energies[0].Picojoules - usual.Energies[0].Picojoules).ShouldBe(128 * (1 - 0.390625), 1e-9);
        own.Node.ShouldBe("28 nm, 32 nm");
        HandoffFolder.Generate(geometry.Config, mine)["synthesis/redy_tile_macros.lib"].Content.ShouldContain("dac.energy.dac_drives = 1 pJ: mine (mine.yaml:1)");

        HardMacro Crossbar(ComponentTable table) => new TileMacros(geometry, table).All.Single(macro => macro.Name.EndsWith("crossbar_macro", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_without_a_row_that_the_views_need_is_refused_with_the_row()
    {
        ComponentTable mine = ComponentTables.Parse("adc_models: {mine: {energy: {conversions: {value: 1, unit: pJ, node: 28, source: assumption, arithmetic: mine}}}}\nextends: nothing\n", "mine.yaml");
        Should.Throw<InputException>(() => HandoffFolder.Generate(TilePresets.Config("tiny"), mine)).Message.ShouldBe(
            "components.activation_buffer.energy.memory_reads (mine.yaml): the views of the macros need this row; give it");
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
        HardMacro crossbar = new TileMacros(new TileGeometry(TilePresets.Config("redy")), ComponentTables.Default).All.Single(macro => macro.Name.EndsWith("crossbar_macro"));
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
