using ReDy.Synthesis.Energy;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Tests;

/// <summary>A flip-flop that drives an inverter, priced by hand.</summary>
public sealed class NetlistEnergyTests : IDisposable
{
    private const string Library = """
        library (two_cells) {
          time_unit : "1ns"; voltage_unit : "1V"; leakage_power_unit : "1nW"; capacitive_load_unit (1, pf); nom_voltage : 2;
          lu_table_template (over_load) { variable_1 : total_output_net_capacitance; index_1 ("0, 1"); }
          power_lut_template (over_slope) { variable_1 : input_transition_time; index_1 ("0, 1"); }
          cell (INV) {
            cell_leakage_power : 3;
            pin (A) { direction : input; capacitance : 0.01; }
            pin (Y) { direction : output; function : "!A";
              internal_power () { related_pin : "A"; rise_power (over_slope) { values ("0.02, 0.12"); } fall_power (over_slope) { values ("0.04, 0.34"); } }
              timing () { related_pin : "A"; timing_sense : negative_unate; rise_transition (over_load) { values ("0.1, 0.1"); } fall_transition (over_load) { values ("0.1, 0.1"); } }
            }
          }
          cell (DFF) {
            cell_leakage_power : 4;
            ff (IQ, IQN) { next_state : "D"; clocked_on : "CLK"; }
            pin (CLK) { direction : input; clock : true; capacitance : 0.03; internal_power () { rise_power (over_slope) { values ("0.1, 0.1"); } fall_power (over_slope) { values ("0.3, 0.3"); } } }
            pin (D) { direction : input; capacitance : 0.02; internal_power () { rise_power (over_slope) { values ("0.06, 0.06"); } fall_power (over_slope) { values ("0.02, 0.02"); } } }
            pin (Q) { direction : output; function : "IQ";
              internal_power () { related_pin : "CLK"; rise_power (over_slope) { values ("0.2, 0.2"); } fall_power (over_slope) { values ("0.2, 0.2"); } }
              timing () { related_pin : "CLK"; timing_type : rising_edge; rise_transition (over_load) { values ("0.1, 10.1"); } fall_transition (over_load) { values ("0.3, 10.3"); } }
            }
          }
        }
        """;

    private readonly ScratchFolder folder = new();

    [Fact]
    public void Every_edge_costs_its_charge_and_its_internal_energy()
    {
        CellEnergy energy = Price();
        // Two edges of the clock: (0.1 + 0.3) / 2 inside, half of 0.03 pF x 4 V2 each.
        energy.Clock.ShouldBe(2 * (0.2 + 0.06), 1e-12);
        // Half an edge of Q per clock: 0.2 inside, half of 0.01 pF x 4 V2; a quarter of an edge of D: 0.04.
        energy.Registers.ShouldBe(0.5 * (0.2 + 0.02) + 0.25 * 0.04, 1e-12);
        // Half an edge of Y: half of the output's 0.05 pF x 4 V2. Y falls as Q rises, within 0.1 + 10 x 0.01 ns: 0.04 + 0.3 x 0.2 inside; it rises as Q falls, within 0.4: 0.02 + 0.1 x 0.4.
        energy.Logic.ShouldBe(0.5 * ((0.10 + 0.06) / 2 + 0.1), 1e-12);
        energy.LeakageMilliwatts.ShouldBe(7e-6, 1e-15);
    }

    [Fact]
    public void The_clock_net_is_charged_where_its_pins_are() => Price().DrivenByPorts.ShouldBe(2 * 0.06, 1e-12);

    public void Dispose() => folder.Dispose();

    private CellEnergy Price()
    {
        File.WriteAllText(folder.File("two.lib"), Library);
        LibertyLibrary library = LibertyLibrary.ReadFile(folder.File("two.lib"));
        NetBit clock = new(2), data = new(3), held = new(4), output = new(5);
        var top = new GateModule
        {
            Name = "top",
            Ports = [Port("aclk", PinDirection.Input, clock), Port("d", PinDirection.Input, data), Port("y", PinDirection.Output, output)],
            Instances =
            [
                new("held_reg", "DFF", [Pin("CLK", PinDirection.Input, clock), Pin("D", PinDirection.Input, data), Pin("Q", PinDirection.Output, held)]),
                new("inverter", "INV", [Pin("A", PinDirection.Input, held), Pin("Y", PinDirection.Output, output)]),
            ],
            NetNames = new Dictionary<NetBit, string> { [clock] = "aclk", [data] = "d", [held] = "held", [output] = "y" },
        };
        var flat = new FlatNetlist(new GateNetlist("top", [top]), library, (_, _) => null);
        var perClock = new Dictionary<string, double> { ["aclk"] = 2, ["d"] = 0.25, ["held"] = 0.5, ["y"] = 0.5 };
        return new NetlistEnergy(flat, library.Voltage, new NetTransitions(flat, balanced: true, _ => 0)).Of([.. flat.NetNames.Select(name => perClock[name])])["top"];
    }

    private static GatePort Port(string name, PinDirection direction, NetBit bit) => new(name, direction, [bit]);

    private static GatePin Pin(string name, PinDirection direction, NetBit bit) => new(name, direction, [bit]);
}
