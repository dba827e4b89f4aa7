using ReDy.Architecture;
using ReDy.Synthesis.Energy;
using ReDy.Synthesis.Flow;

namespace ReDy.Synthesis.Tests;

/// <summary>What OpenSTA prints is only taken when it is complete and without an error: it ends with exit code 0 in any case.</summary>
public sealed class StaReportTests
{
    private const string Power = """
        === tool
        read_saif 0
        === power: 0.1 transitions per clock of every net
        Group                    Internal    Switching      Leakage        Total
        Sequential           6.000000e-03 1.000000e-03 1.000000e-06 7.001000e-03  70.0%
        Total                8.000000e-03 2.000000e-03 3.000000e-06 1.000300e-02 100.0%
        === macros
             Internal    Switching      Leakage        Total
         1.000000e-03 5.000000e-04 1.000000e-06 1.501000e-03 activation_buffer
         2.000000e-03 5.000000e-04 1.000000e-06 2.501000e-03 g_row\[0\].g_column\[0\].ima/crossbar_macro
        === end

        """;

    [Fact]
    public void Standard_cells_are_all_cells_less_the_macros()
    {
        OpenStaPower power = OpenStaPower.Read(StaReport.Read(Power, "opensta_power.tcl"), ["activation_buffer", "g_row[0].g_column[0].ima/crossbar_macro"]);
        (power.Internal, power.Switching).ShouldBe((5, 1));
        power.Leakage.ShouldBe(0.001, 1e-12);
    }

    [Theory]
    [InlineData("Error: redy_tile.sdc, 14 set_load requires two positional arguments.")]
    [InlineData("[ERROR STA-0562] set_load requires two positional arguments.")]
    public void An_error_is_told_although_reports_follow_it(string error) =>
        Should.Throw<InputException>(() => StaReport.Read(Power + error + "\n", "opensta_power.tcl")).Message.ShouldContain(error);

    [Fact]
    public void A_report_that_stops_early_is_told_with_its_last_lines() =>
        Should.Throw<InputException>(() => StaReport.Read(Power[..Power.IndexOf("=== macros", StringComparison.Ordinal)], "opensta_power.tcl")).Message
            .ShouldMatch(@"stopped early, after: Group .*\n +Sequential .*\n +Total ");

    [Fact]
    public void No_output_at_all_is_told() => Should.Throw<InputException>(() => StaReport.Read("", "opensta.tcl")).Message.ShouldContain("it stopped early, after: nothing");

    [Fact]
    public void A_macro_that_is_not_in_the_report_is_told_and_not_counted_as_standard_cells() =>
        Should.Throw<InputException>(() => OpenStaPower.Read(StaReport.Read(Power, "opensta_power.tcl"), ["activation_buffer", "bias_memory"])).Message
            .ShouldContain("lacks the macro bias_memory");

    [Theory]
    [InlineData("read_saif 0", false)]
    [InlineData("read_saif 1", true)]
    public void The_script_says_whether_the_tool_takes_activity(string line, bool takes) =>
        OpenStaPower.TakesSaif(StaReport.Read(Power.Replace("read_saif 0", line, StringComparison.Ordinal), "opensta_power.tcl")).ShouldBe(takes);
}
