using ReDy.Architecture;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Activity;

/// <summary>Raw counts of one side, put into <see cref="TileActivity"/>.</summary>
public static class MeasuredActivity
{
    /// <param name="clocks">Of the counting window.</param>
    /// <param name="rises">Per bit of the layout's vector: bit i of word w at 32 * w + i.</param>
    /// <param name="events">All events, clock edges behind gates among them.</param>
    public static TileActivity Of(SignalLayout layout, bool clockGating, long clocks, ReadOnlySpan<long> rises, ReadOnlySpan<long> falls, IEnumerable<EventActivity> events)
    {
        EventActivity[] counted = [.. events.OrderBy(one => one.Instance, StringComparer.Ordinal).ThenBy(one => one.Event, StringComparer.Ordinal)];
        Dictionary<string, long> edges = counted.Where(one => one.Event == TileEvents.ClockEdges).ToDictionary(one => one.Instance, one => one.Count, StringComparer.Ordinal);
        var registers = new List<SignalActivity>();
        foreach (SignalSlot slot in layout.Registers)
            registers.Add(Signal(slot, rises, falls, Edges(slot.Name)));
        var ports = new List<SignalActivity>();
        foreach (SignalSlot slot in layout.Inputs.Concat(layout.Outputs))
            ports.Add(Signal(slot, rises, falls, 0));
        return new TileActivity
        {
            Clocks = clocks,
            Registers = registers,
            Ports = ports,
            Memories = [.. layout.Memories.Select(memory => new MemoryActivity(memory.Name, memory.Depth, memory.Bits, Edges(memory.Name)))],
            Events = counted,
        };

        long Edges(string name) =>
            clockGating && ClockGates.Of(name) is { } gate ? edges[$"{HierarchicalName.Instance(name)}.{gate}"] : clocks;
    }

    private static SignalActivity Signal(SignalSlot slot, ReadOnlySpan<long> rises, ReadOnlySpan<long> falls, long edges) =>
        new(slot.Name, rises.Slice(32 * slot.Offset, slot.Bits).ToArray(), falls.Slice(32 * slot.Offset, slot.Bits).ToArray(), edges);

    /// <summary>Names of events that only one side has, in words; empty if both have the same.</summary>
    public static IReadOnlyList<string> OnOneSide(IEnumerable<string> model, IEnumerable<string> verilog)
    {
        HashSet<string> ofModel = [.. model], ofVerilog = [.. verilog];
        return
        [
            .. ofModel.Except(ofVerilog).Order(StringComparer.Ordinal).Select(name => $"{name}: counted in the golden model, not in the Verilog"),
            .. ofVerilog.Except(ofModel).Order(StringComparer.Ordinal).Select(name => $"{name}: counted in the Verilog, not in the golden model"),
        ];
    }
}
