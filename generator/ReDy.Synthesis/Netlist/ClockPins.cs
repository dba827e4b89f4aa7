using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Netlist;

/// <summary>Which pins of library cells are clocks. Libraries mark them with <c>clock : true</c>, or only by the flip-flop's state.</summary>
internal sealed class ClockPins
{
    private readonly Dictionary<string, HashSet<string>> known = [];

    /// <summary>Whether the pin is what a flip-flop takes its data by, or what a latch is open by, or the clock of a clock gating cell.</summary>
    public bool Contain(LibertyCell cell, string pin)
    {
        if (!known.TryGetValue(cell.Name, out HashSet<string>? pins))
        {
            IReadOnlyList<string> ofState = cell.State is { } state ? LogicFunction.Parse(state.Clock, $"cell {cell.Name}").Inputs : [];
            pins = [.. cell.Inputs.Where(one => one.IsClock || one.ClockGateRole == "clock_gate_clock_pin" || ofState.Contains(one.Name)).Select(one => one.Name)];
            known.Add(cell.Name, pins);
        }

        return pins.Contains(pin);
    }
}
