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
        LogicFunction.Parse(function).IsLike(other).ShouldBeTrue();

    [Fact]
    public void Functions_become_Verilog() => LogicFunction.Parse("!((A B)+C)").Verilog.ShouldBe("~((A & B) | C)");

    [Fact]
    public void Functions_that_are_cut_off_are_refused() =>
        Should.Throw<InputException>(() => LogicFunction.Parse("!(A B")).Message.ShouldContain("character");

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
}
