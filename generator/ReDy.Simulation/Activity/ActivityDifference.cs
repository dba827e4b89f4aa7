using ReDy.Architecture;

namespace ReDy.Simulation.Activity;

/// <summary>A count that is not the same on the two sides.</summary>
/// <param name="Name">Hierarchical name of an event's instance, or of a register or port with its bit: <c>…step_sequencer.offset_q[3]</c>.</param>
/// <param name="What">The event, <c>rises</c>, <c>falls</c> or <c>clock_edges</c>.</param>
/// <param name="Expected">The golden model's.</param>
/// <param name="Actual">The Verilog's.</param>
public sealed record ActivityDifference(string Name, string What, long Expected, long Actual)
{
    /// <summary>The instance that the count belongs to.</summary>
    public string Instance { get; init; } = Name;

    /// <summary>All differences: events first, which say more than the registers behind them.</summary>
    public static IReadOnlyList<ActivityDifference> Between(TileActivity expected, TileActivity actual)
    {
        var differences = new List<ActivityDifference>();
        if (expected.Clocks != actual.Clocks)
            differences.Add(new ActivityDifference("tile", "clocks", expected.Clocks, actual.Clocks));
        foreach ((EventActivity? e, EventActivity? a) in Pairs(expected.Events, actual.Events, one => $"{one.Instance}.{one.Event}"))
            if (e?.Count != a?.Count)
                differences.Add(new ActivityDifference((e ?? a)!.Instance, (e ?? a)!.Event, e?.Count ?? -1, a?.Count ?? -1));
        foreach ((SignalActivity? e, SignalActivity? a) in Pairs([.. expected.Registers, .. expected.Ports], [.. actual.Registers, .. actual.Ports], one => one.Name))
            Compare(differences, e, a);
        foreach ((MemoryActivity? e, MemoryActivity? a) in Pairs(expected.Memories, actual.Memories, one => one.Name))
            if (e?.ClockEdges != a?.ClockEdges)
                differences.Add(new ActivityDifference((e ?? a)!.Name, TileEvents.ClockEdges, e?.ClockEdges ?? -1, a?.ClockEdges ?? -1) { Instance = (e ?? a)!.Instance });
        return differences;
    }

    private static void Compare(List<ActivityDifference> differences, SignalActivity? expected, SignalActivity? actual)
    {
        SignalActivity either = (expected ?? actual)!;
        if (expected?.ClockEdges != actual?.ClockEdges)
            Add(either.Name, TileEvents.ClockEdges, expected?.ClockEdges, actual?.ClockEdges);
        for (int bit = 0; bit < either.Bits; bit++)
        {
            string name = either.Bits == 1 ? either.Name : $"{either.Name}[{bit}]";
            if (expected?.Rises[bit] != actual?.Rises[bit])
                Add(name, "rises", expected?.Rises[bit], actual?.Rises[bit]);
            if (expected?.Falls[bit] != actual?.Falls[bit])
                Add(name, "falls", expected?.Falls[bit], actual?.Falls[bit]);
        }

        void Add(string name, string what, long? e, long? a) =>
            differences.Add(new ActivityDifference(name, what, e ?? -1, a ?? -1) { Instance = either.Instance });
    }

    /// <summary>What has the same name on both sides, in the order of the first; what one side lacks is null there.</summary>
    private static IEnumerable<(T? Expected, T? Actual)> Pairs<T>(IReadOnlyList<T> expected, IReadOnlyList<T> actual, Func<T, string> name)
        where T : class
    {
        Dictionary<string, T> left = actual.ToDictionary(name, StringComparer.Ordinal);
        foreach (T one in expected)
            yield return (one, left.Remove(name(one), out T? other) ? other : null);
        foreach (T other in left.Values)
            yield return (null, other);
    }
}
