using ReDy.Architecture;

namespace ReDy.Networks.Inference;

/// <summary>What the crossbars of one matrix did for some images.</summary>
/// <param name="GroupsBySteps">Element s: groups of which s planes were streamed.</param>
/// <param name="Clocks">Of its passes one after the other, each from the first vector's start to the last one's end.</param>
/// <param name="SlowestPassClocks">Of the pass that takes longest.</param>
public sealed record PartActivity(EventCounts Events, IReadOnlyList<long> GroupsBySteps, long Clocks, long SlowestPassClocks)
{
    /// <summary>Groups that streamed no plane.</summary>
    public long EmptyGroups => GroupsBySteps.Count == 0 ? 0 : GroupsBySteps[0];

    public static PartActivity operator +(PartActivity a, PartActivity b) =>
        new(a.Events + b.Events, Added(a.GroupsBySteps, b.GroupsBySteps), a.Clocks + b.Clocks, a.SlowestPassClocks + b.SlowestPassClocks);

    internal static long[] Added(IReadOnlyList<long> a, IReadOnlyList<long> b) =>
        [.. Enumerable.Range(0, Math.Max(a.Count, b.Count)).Select(s => a.ElementAtOrDefault(s) + b.ElementAtOrDefault(s))];
}

/// <summary>What a layer's crossbars did for some images, matrix by matrix.</summary>
public sealed record LayerActivity(IReadOnlyList<PartActivity> Parts)
{
    public static LayerActivity None { get; } = new([]);

    public EventCounts Events => Parts.Aggregate(EventCounts.None, (sum, part) => sum + part.Events);
    public IReadOnlyList<long> GroupsBySteps => Parts.Aggregate((IReadOnlyList<long>)[], (sum, part) => PartActivity.Added(sum, part.GroupsBySteps));

    /// <summary>Of one tile that does all parts and passes one after the other.</summary>
    public long Clocks => Parts.Sum(part => part.Clocks);

    /// <summary>With a tile for each part and pass: the slowest one's.</summary>
    public long SlowestPassClocks => Parts.Count == 0 ? 0 : Parts.Max(part => part.SlowestPassClocks);

    public static LayerActivity operator +(LayerActivity a, LayerActivity b) =>
        a.Parts.Count == 0 ? b : b.Parts.Count == 0 ? a : new([.. a.Parts.Zip(b.Parts, (x, y) => x + y)]);
}
