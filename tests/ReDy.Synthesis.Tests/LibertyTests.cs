using ReDy.Architecture;
using ReDy.Synthesis.Liberty;

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
