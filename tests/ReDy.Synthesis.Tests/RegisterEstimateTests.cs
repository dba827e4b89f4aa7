using ReDy.Architecture;
using ReDy.Simulation.Activity;
using ReDy.Synthesis.Energy;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Tests;

/// <summary>What registers alone cost, and whether a record's flip-flops toggle as they do.</summary>
public sealed class RegisterEstimateTests : IDisposable
{
    private static readonly TileActivity Activity = new()
    {
        Clocks = 10,
        Registers = [new SignalActivity("tile.requantiser.product_q", [3, 0], [2, 0], 10)],
        Ports = [],
        Memories = [],
        Events = [],
    };

    private readonly ScratchFolder folder = new();

    [Fact]
    public void A_clock_pin_is_one_whether_the_library_marks_it_or_the_flip_flops_state_names_it()
    {
        string marked = StandardCells.Load().LibertyPath, unmarked = folder.LibraryWithoutClockMarks("unmarked.lib");
        StandardCells.Load(unmarked).FlipFlop.Pins.ShouldAllBe(pin => !pin.IsClock);
        ClockEnergy energy = RegisterEstimate.ByLibrary(StandardCells.Load(marked), Activity);
        RegisterEstimate.ByLibrary(StandardCells.Load(unmarked), Activity).ShouldBe(energy);
        energy.ClockPins.ShouldBePositive();
    }

    [Theory]
    [InlineData(5, 0, 2, "")]
    [InlineData(4, 0, 1, "tile.requantiser.product_q[0] 5 4")]
    [InlineData(5, 1, 1, "tile.requantiser.product_q[1] 0 1")]
    public void A_flip_flop_that_toggles_otherwise_than_its_register_is_named(long bit0, long bit1, long equal, string difference)
    {
        StandardCells cells = StandardCells.Load();
        NetBit clock = new(2), data = new(3);
        NetBit[] held = [new(4), new(5)];
        var top = new GateModule
        {
            Name = "top",
            Ports = [new GatePort("aclk", PinDirection.Input, [clock]), new GatePort("d", PinDirection.Input, [data])],
            Instances = [.. held.Select((bit, i) => new GateInstance($"requantiser/product_q_reg[{i}]", cells.FlipFlop.Name,
                [new GatePin("CLK", PinDirection.Input, [clock]), new GatePin("D", PinDirection.Input, [data]), new GatePin("Q", PinDirection.Output, [bit])]))],
            NetNames = new Dictionary<NetBit, string> { [clock] = "aclk", [data] = "d", [held[0]] = "q0", [held[1]] = "q1" },
        };
        var flat = new FlatNetlist(new GateNetlist("top", [top]), cells.Library, (_, _) => null);
        RegisterAgreement agreement = RegisterAgreement.Of(Activity, flat, new Dictionary<string, BitSwitching> { ["q0"] = new(0, bit0), ["q1"] = new(0, bit1) });
        (agreement.Bits, agreement.Equal, agreement.Absent).ShouldBe((2, equal, 0));
        string.Join(' ', agreement.Differences.Select(one => $"{one.Name} {one.Expected} {one.Actual}")).ShouldBe(difference);
    }

    public void Dispose() => folder.Dispose();
}
