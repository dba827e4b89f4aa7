using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Tests;

public sealed class LibertyTests
{
    private const string Small = """
        library (small) {
          /* units */ time_unit : "1ns"; voltage_unit : "1V"; capacitive_load_unit (1, ff); leakage_power_unit : 1nW;
          nom_voltage : 1.2;
          cell (NAND) {
            area : 3;
            pin (A) { direction : input; capacitance : 2; }
            pin (B) { direction : input; capacitance : 2; }
            pin (Y) { direction : output; function : "(!(A B))"; }
          }
        }
        """;

    [Theory]
    [InlineData("!(A B)", "!(A*B)")]
    [InlineData("A' + B'", "!(A & B)")]
    [InlineData("!((A B)+C)", "(!A+!B) !C")]
    [InlineData("A^B", "(A !B)+(!A B)")]
    [InlineData("(S&B)|((!S)&A)", "S B + S' A")]
    public void Functions_in_every_notation_have_the_same_truth_table(string function, string other) =>
        LogicFunction.Parse(function, "small.lib").IsLike(other).ShouldBeTrue();

    [Fact]
    public void Functions_become_Verilog() => LogicFunction.Parse("!((A B)+C)", "small.lib").Verilog.ShouldBe("~((A & B) | C)");

    [Fact]
    public void Functions_that_are_cut_off_are_refused() =>
        Should.Throw<InputException>(() => LogicFunction.Parse("!(A B", "small.lib")).Message.ShouldContain("character");

    [Fact]
    public void Cells_pins_and_units_are_read()
    {
        LibertyLibrary library = LibertyLibrary.Of(LibertyReader.Read(Small, "small.lib"), "small.lib");
        library.Voltage.ShouldBe(1.2);
        library.Cells["NAND"].Area.ShouldBe(3);
        library.Cells["NAND"].Pin("A")!.Capacitance.ShouldBe(0.002, 1e-9);
        library.Cells["NAND"].Function!.IsLike("!(A B)").ShouldBeTrue();
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        string text = LibertyReader.Read(Small, "small.lib").ToString();
        LibertyReader.Read(text, "again.lib").ToString().ShouldBe(text);
    }

    [Fact]
    public void A_file_that_is_cut_off_is_told_with_its_line() =>
        Should.Throw<InputException>(() => LibertyReader.Read(Small[..^30], "small.lib")).Message.ShouldStartWith("small.lib:");

    [Fact]
    public void A_file_that_is_no_library_is_refused() =>
        Should.Throw<InputException>(() => LibertyReader.Read("version: 1", "tile.yaml")).Message.ShouldContain("tile.yaml:1");

    [Fact]
    public void A_library_without_the_cells_that_are_needed_is_told_what_is_missing_and_what_to_do()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.File("small.lib"), Small);
        string message = Should.Throw<InputException>(() => StandardCells.Load(folder.File("small.lib"))).Message;
        message.ShouldContain("lacks an inverter");
        message.ShouldContain("--liberty");
    }

    [Theory]
    [InlineData("NAND2", "a 2-input NAND gate (the gate equivalent that areas are counted in)")]
    [InlineData("INV", "an inverter (every mapping needs one)")]
    [InlineData("BUF|CLKBUF", "a buffer (nets with many sinks need one)")]
    [InlineData("DFF", "a D flip-flop that takes its data at the rising edge, without reset and scan (every register of the tile is one)")]
    public void A_library_that_lacks_a_cell_is_refused_with_what_it_lacks(string cells, string lacks)
    {
        using var folder = new ScratchFolder();
        string path = folder.InstalledLibrary("part.lib", new Regex($"^({cells})"));
        Should.Throw<InputException>(() => StandardCells.Load(path)).Message.ShouldBe(
            $"{path}: the library osu018_stdcells lacks {lacks}. Give a complete standard-cell library with --liberty, or install one: apt install qflow-tech-osu018");
    }

    [Theory]
    [InlineData("LATCH")]
    [InlineData("AND2")]
    public void A_library_without_what_clock_gates_are_made_of_serves_until_gates_are_needed(string cells)
    {
        using var folder = new ScratchFolder();
        StandardCells library = StandardCells.Load(folder.InstalledLibrary("part.lib", new Regex($"^({cells})")));
        string message = Should.Throw<InputException>(() => ClockGateView.Of("redy_clock_gate", library)).Message;
        message.ShouldContain("lacks an integrated clock gating cell (clock_gating_integrated_cell : latch_posedge…), or a latch and an AND gate to make one");
        message.ShouldContain("rtl.clock_gating = true needs it; set it to false");
    }

    [Fact]
    public void The_installed_library_has_all_cells()
    {
        StandardCells cells = StandardCells.Load();
        cells.Nand2.Name.ShouldBe("NAND2X1");
        cells.FlipFlop.Name.ShouldBe("DFFPOSX1");
        cells.Buffer.Name.ShouldBe("BUFX4");
        Should.NotThrow(cells.RequireClockGating);
    }

    [Theory]
    [InlineData("voltage_unit : \"1V\"; nom_voltage : 1.8;", 1.8)]
    [InlineData("voltage_unit : \"1mV\"; nom_voltage : 1800;", 1.8)]
    [InlineData("voltage_unit : \"100mV\"; operating_conditions (typical) { voltage : 18; }", 1.8)]
    public void Volts_are_counted_in_the_library_s_unit(string voltage, double volts) => Priced(voltage: voltage).Voltage.ShouldBe(volts, 1e-12);

    [Theory]
    [InlineData("1V", "(1, pf)", 2.0)]
    [InlineData("1mV", "(1, pf)", 2e-6)]
    [InlineData("1V", "(1, ff)", 2e-3)]
    [InlineData("1V", "(0.5, pf)", 1.0)]
    public void Internal_energies_are_counted_in_square_volts_and_capacitance(string volt, string farad, double picojoules) =>
        Energy(Priced($"voltage_unit : \"{volt}\"; nom_voltage : 1;", farad, internalPower: "internal_power () { power (scalar) { values (\"2\"); } }")).ShouldBe(picojoules, 1e-15);

    [Theory]
    [InlineData("1ns", "(1, pf)", 0.5)]
    [InlineData("10ps", "(1, pf)", 0.005)]
    [InlineData("1ns", "(10, ff)", 0.5)]
    public void Times_and_loads_are_counted_in_the_library_s_units(string second, string farad, double nanoseconds)
    {
        // Half of the unit of time at one unit of load, twice that at two.
        LibertyLibrary library = Priced(capacitance: farad, time: second);
        double load = library.Cells["BUF"].Pin("A")!.Capacitance;
        TransitionArc arc = library.Cells["BUF"].Pin("Y")!.Transitions.ShouldHaveSingleItem();
        arc.Rise.At(load, 0).ShouldBe(nanoseconds, 1e-12);
        arc.Rise.At(2 * load, 0).ShouldBe(2 * nanoseconds, 1e-12);
    }

    [Theory]
    [InlineData("1nW", 3)]
    [InlineData("100pW", 0.3)]
    [InlineData("1uW", 3000)]
    public void Leakage_is_counted_in_the_library_s_unit(string watt, double nanowatts) => Priced(leakage: watt).Cells["BUF"].LeakageNanowatts.ShouldBe(nanowatts, 1e-9);

    [Theory]
    [InlineData("voltage_unit : \"1kV\"; nom_voltage : 1;", "(1, pf)", "1ns", "1nW", "units.lib: voltage_unit : \"1kV\" is no such unit; write for example \"1V\"")]
    [InlineData("nom_voltage : 1;", "(1, nf)", "1ns", "1nW", "units.lib: capacitive_load_unit (1, nf); is no unit of capacitance; write for example capacitive_load_unit (1, pf)")]
    [InlineData("nom_voltage : 1;", "(1, pf)", "ns", "1nW", "units.lib: time_unit : \"ns\" is no such unit; write for example \"1ns\"")]
    [InlineData("nom_voltage : 1;", "(1, pf)", "1ns", "1pA", "units.lib: leakage_power_unit : \"1pA\" is no such unit; write for example \"1nW\"")]
    public void A_unit_that_cannot_be_understood_is_refused(string voltage, string capacitance, string time, string leakage, string message) =>
        Should.Throw<InputException>(() => Priced(voltage, capacitance, time, leakage)).Message.ShouldBe(message);

    [Theory]
    [InlineData("nom_voltage : 1.8x;", "", "units.lib:1: library (units) has nom_voltage : 1.8x, which is no number; write a decimal number")]
    [InlineData("nom_voltage : 1;", "cell_leakage_power : none;", "units.lib:5: cell (BUF) has cell_leakage_power : none, which is no number; write a decimal number")]
    public void A_number_that_is_none_is_refused(string voltage, string leakage, string message) =>
        Should.Throw<InputException>(() => Priced(voltage, ownLeakage: leakage)).Message.ShouldBe(message);

    [Fact]
    public void Energies_of_several_states_count_alike_and_those_of_several_supplies_add_up()
    {
        // (2 + 4) / 2 of VDD, whatever the conditions read, and 10 of VDDL; 7 go into ground.
        const string Groups = """
            internal_power () { when : "a & b & c & d & e & f & g & h"; related_pg_pin : VDD; power (scalar) { values ("2"); } }
            internal_power () { when : "!a"; related_pg_pin : VDD; power (scalar) { values ("4"); } }
            internal_power () { related_pg_pin : VDDL; power (scalar) { values ("10"); } }
            internal_power () { related_pg_pin : VSS; power (scalar) { values ("7"); } }
            """;
        Energy(Priced(internalPower: Groups)).ShouldBe(13);
    }

    [Fact]
    public void Rise_and_fall_may_stand_in_groups_of_their_own()
    {
        InternalPower power = Priced(internalPower: """
            internal_power () { rise_power (scalar) { values ("2"); } }
            internal_power () { fall_power (scalar) { values ("6"); } }
            """).Cells["BUF"].Pin("A")!.Power.ShouldHaveSingleItem();
        power.OfRise(0, 0).ShouldBe(2);
        power.OfFall(0, 0).ShouldBe(6);
    }

    [Fact]
    public void Leakage_of_several_states_counts_alike_and_that_of_several_supplies_adds_up()
    {
        const string Groups = """
            leakage_power () { when : "A"; related_pg_pin : VDD; value : 2; }
            leakage_power () { when : "!A"; related_pg_pin : VDD; value : 4; }
            leakage_power () { related_pg_pin : VDD; value : 100; }
            leakage_power () { related_pg_pin : VDDL; value : 10; }
            leakage_power () { related_pg_pin : VSS; value : 7; }
            """;
        Priced(ownLeakage: Groups).Cells["BUF"].LeakageNanowatts.ShouldBe(13);
    }

    [Theory]
    [InlineData("power (scalar) { values (\"0.1x\"); }", "power (scalar) has '0.1x' among its values; write a decimal number")]
    [InlineData("power (by_load) { index_1 (\"0, ?\"); values (\"1, 2\"); }", "power (by_load) has '?' among its index_1; write a decimal number")]
    [InlineData("power (by_load) { values (\"1, 2, 3\"); }", "power (by_load) has 3 values for 2 points; give as many values as its indices have points")]
    [InlineData("power (by_load) { index_1 (\"1, 1\"); values (\"1, 2\"); }", "power (by_load) has an index_1 that does not rise; list its points from the least on, each once")]
    [InlineData("power (by_lode) { index_1 (\"0, 1\"); values (\"1, 2\"); }", "power (by_lode) is over the template 'by_lode', which the library does not declare; correct the name, or declare it by lu_table_template or power_lut_template in the library")]
    [InlineData("power (by_three) { values (\"1, 2\"); }", "power (by_three) has three variables by its template 'by_three'; give tables over output load and input transition")]
    [InlineData("power (scalar) { }", "power (scalar) has no values; give values (\"…\"), or leave the table out")]
    [InlineData("power (scalar) { values (\"1, 2\"); }", "power (scalar) has 2 values and no template that says of what; name a template, or give one value")]
    public void A_table_that_cannot_be_understood_is_refused_with_its_line(string table, string why) =>
        Should.Throw<InputException>(() => Priced(internalPower: $"internal_power () {{ related_pin : \"Y\";\n {table} }}")).Message.ShouldBe($"units.lib:10: {why}");

    [Fact]
    public void A_cell_of_more_inputs_than_a_truth_table_has_is_only_refused_where_it_is_needed()
    {
        string wide = string.Concat("ABCDEFGH".Select(pin => $"pin ({pin}) {{ direction : input; }}"));
        LibertyLibrary library = LibertyLibrary.Of(LibertyReader.Read($"library (wide) {{ nom_voltage : 1; cell (AND8) {{ {wide} pin (Y) {{ direction : output; function : \"A B C D E F G H\"; }} }} }}", "wide.lib"), "wide.lib");
        library.Cells["AND8"].Function.ShouldBeNull();
    }

    [Fact]
    public void A_function_that_cannot_be_understood_is_refused_with_file_line_and_cell() =>
        Should.Throw<InputException>(() => LibertyLibrary.Of(LibertyReader.Read(Small.Replace("(!(A B))", "!(A", StringComparison.Ordinal), "small.lib"), "small.lib")).Message
            .ShouldBe("small.lib:4: cell NAND: the function \"!(A\" cannot be understood at character 4; correct it, or leave the cell out of the library");

    /// <summary>One buffer: an input of one unit of capacitance, 3 units of leakage, slopes of half a unit of time for each unit of load.</summary>
    private static LibertyLibrary Priced(
        string voltage = "nom_voltage : 1;", string capacitance = "(1, pf)", string time = "1ns", string leakage = "1nW", string internalPower = "", string ownLeakage = "cell_leakage_power : 3;") =>
        LibertyLibrary.Of(LibertyReader.Read($$"""
            library (units) {
              {{voltage}} capacitive_load_unit {{capacitance}}; time_unit : "{{time}}"; leakage_power_unit : "{{leakage}}";
              lu_table_template (by_load) { variable_1 : total_output_net_capacitance; index_1 ("0, 2"); }
              lu_table_template (by_three) { variable_1 : input_transition_time; variable_2 : total_output_net_capacitance; variable_3 : equal_or_opposite_output_net_capacitance; }
              cell (BUF) {
                pg_pin (VDD) { pg_type : primary_power; } pg_pin (VDDL) { pg_type : primary_power; } pg_pin (VSS) { pg_type : primary_ground; }
                {{ownLeakage}}
                pin (A) { direction : input; capacitance : 1;
                  {{internalPower}} }
                pin (Y) { direction : output; function : "A";
                  timing () { related_pin : "A"; timing_sense : positive_unate; rise_transition (by_load) { values ("0, 1"); } fall_transition (by_load) { values ("0, 1"); } } }
              }
            }
            """, "units.lib"), "units.lib");

    /// <summary>Of a rising edge at the input, pJ.</summary>
    private static double Energy(LibertyLibrary library) => library.Cells["BUF"].Pin("A")!.Power.ShouldHaveSingleItem().OfRise(0, 0);
}
