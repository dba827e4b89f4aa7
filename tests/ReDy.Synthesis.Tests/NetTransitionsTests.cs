using ReDy.Synthesis.Energy;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Tests;

/// <summary>Slopes of edges through a gated clock, a flip-flop behind it, an exclusive OR and a macro.</summary>
public sealed class NetTransitionsTests
{
    /// <summary>A buffer's edges take 0.2 and 0.6 ns; a flip-flop's rise as its clock does and fall in twice that; a gate's are those of its slowest input.</summary>
    private const string Library = """
        library (slopes) {
          time_unit : "1ns"; voltage_unit : "1V"; capacitive_load_unit (1, pf); nom_voltage : 2;
          lu_table_template (over_slope) { variable_1 : input_net_transition; index_1 ("0, 1"); }
          power_lut_template (energy_over_slope) { variable_1 : input_transition_time; index_1 ("0, 1"); }
          cell (BUF) {
            pin (A) { direction : input; }
            pin (Y) { direction : output; function : "A";
              timing () { related_pin : "A"; timing_sense : positive_unate; rise_transition (scalar) { values ("0.2"); } fall_transition (scalar) { values ("0.6"); } }
            }
          }
          cell (DFF) {
            ff (IQ, IQN) { next_state : "D"; clocked_on : "CLK"; }
            pin (CLK) { direction : input; clock : true; }
            pin (D) { direction : input; }
            pin (Q) { direction : output; function : "IQ";
              timing () { related_pin : "CLK"; timing_type : rising_edge; timing_sense : non_unate; rise_transition (over_slope) { values ("0, 1"); } fall_transition (over_slope) { values ("0, 2"); } }
            }
          }
          cell (LATCH) {
            latch (IQ, IQN) { data_in : "D"; enable : "G"; }
            pin (G) { direction : input; clock : true; }
            pin (D) { direction : input; }
            pin (Q) { direction : output; function : "IQ";
              timing () { related_pin : "G"; timing_type : rising_edge; rise_transition (over_slope) { values ("0, 1"); } fall_transition (over_slope) { values ("0, 1"); } }
              timing () { related_pin : "D"; timing_sense : positive_unate; rise_transition (over_slope) { values ("0, 9"); } fall_transition (over_slope) { values ("0, 9"); } }
            }
          }
          cell (AND) {
            pin (A) { direction : input; }
            pin (B) { direction : input; }
            pin (Y) { direction : output; function : "A B";
              timing () { related_pin : "A B"; timing_sense : positive_unate; rise_transition (over_slope) { values ("0, 1"); } fall_transition (over_slope) { values ("0, 1"); } }
            }
          }
          cell (XOR) {
            pin (A) { direction : input; capacitance : 0.03; }
            pin (B) { direction : input; }
            pin (Y) { direction : output; function : "A^B";
              internal_power () { related_pin : "A"; power (energy_over_slope) { values ("0, 1"); } }
              timing () { related_pin : "A B"; timing_sense : non_unate; rise_transition (over_slope) { values ("0, 1"); } fall_transition (over_slope) { values ("0, 1"); } }
            }
          }
        }
        """;

    private static readonly string[] Nets = ["aclk", "buffered", "kept", "gated", "stored", "held", "result", "b"];

    private static readonly LibertyLibrary Cells = LibertyLibrary.Of(LibertyReader.Read(Library, "slopes.lib"), "slopes.lib");

    /// <summary>The flip-flop stands before the gate of its clock, whose latch takes data that comes from the flip-flop.</summary>
    private static readonly GateInstance[] Instances =
    [
        Instance("held_reg", "DFF", ("CLK", "gated"), ("D", "stored"), ("Q", "held")),
        Instance("open_latch", "LATCH", ("G", "buffered"), ("D", "result"), ("Q", "kept")),
        Instance("gate", "XOR", ("A", "stored"), ("B", "held"), ("Y", "result")),
        Instance("clock_and", "AND", ("A", "buffered"), ("B", "kept"), ("Y", "gated")),
        Instance("memory", "MACRO", ("address", "held"), ("read_data", "stored")),
        Instance("clock_buffer", "BUF", ("A", "aclk"), ("Y", "buffered")),
    ];

    [Fact]
    public void A_flip_flop_s_edges_come_of_its_clock_s_active_edge_wherever_the_clock_s_gate_stands()
    {
        (Func<string, double> rise, Func<string, double> fall) = Slopes(balanced: false);
        rise("gated").ShouldBe(0.2, 1e-12);
        fall("gated").ShouldBe(0.6, 1e-12);
        rise("held").ShouldBe(0.2, 1e-12);
        fall("held").ShouldBe(0.4, 1e-12);
    }

    [Fact]
    public void A_balanced_clock_has_no_slope() => Slopes(balanced: true).Rise("held").ShouldBe(0);

    [Fact]
    public void A_latch_s_edges_come_of_its_enable() => Slopes(balanced: false).Rise("kept").ShouldBe(0.2, 1e-12);

    [Fact]
    public void A_macro_s_edges_are_as_its_views_say_and_go_on_through_gates()
    {
        // 0.5 ns and 10 ns/pF; the exclusive OR's input has 0.03 pF, and either of its edges makes either of the output's.
        (Func<string, double> rise, Func<string, double> fall) = Slopes(balanced: false);
        rise("stored").ShouldBe(0.8, 1e-12);
        rise("result").ShouldBe(0.8, 1e-12);
        fall("result").ShouldBe(0.8, 1e-12);
    }

    [Fact]
    public void An_input_that_may_cause_either_edge_is_priced_by_the_mean_of_its_edges()
    {
        FlatNetlist flat = Flat([Instance("clock_buffer", "BUF", ("A", "aclk"), ("Y", "buffered")), Instance("gate", "XOR", ("A", "buffered"), ("B", "b"), ("Y", "result"))]);
        double[] perClock = [.. flat.NetNames.Select(name => name is "result" or "buffered" ? 1.0 : 0)];
        new NetlistEnergy(flat, 0, new NetTransitions(flat, balanced: false, _ => 0)).Of(perClock)["top"].Internal.ShouldBe((0.2 + 0.6) / 2, 1e-12);
    }

    private static (Func<string, double> Rise, Func<string, double> Fall) Slopes(bool balanced)
    {
        FlatNetlist flat = Flat(Instances);
        var slopes = new NetTransitions(flat, balanced, load => 0.5 + 10 * load);
        return (net => slopes.Rise[flat.NetNames.ToList().IndexOf(net)], net => slopes.Fall[flat.NetNames.ToList().IndexOf(net)]);
    }

    private static FlatNetlist Flat(GateInstance[] instances)
    {
        var top = new GateModule
        {
            Name = "top",
            Ports = [new GatePort("aclk", PinDirection.Input, [Net("aclk")])],
            Instances = instances,
            NetNames = Nets.ToDictionary(Net),
        };
        return new FlatNetlist(new GateNetlist("top", [top]), Cells, (_, _) => null);
    }

    private static NetBit Net(string name) => new(2 + Array.IndexOf(Nets, name));

    private static GateInstance Instance(string name, string type, params (string Name, string Net)[] pins) =>
        new(name, type, [.. pins.Select(pin => new GatePin(pin.Name, pin.Name is "Y" or "Q" or "read_data" ? PinDirection.Output : PinDirection.Input, [Net(pin.Net)]))]);
}
