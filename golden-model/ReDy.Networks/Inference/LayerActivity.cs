using ReDy.Architecture;

namespace ReDy.Networks.Inference;

/// <summary>What one layer's crossbars did for some images.</summary>
/// <param name="GroupsBySteps">Element s: groups of which s planes were streamed.</param>
public sealed record LayerActivity(EventCounts Events, IReadOnlyList<long> GroupsBySteps)
{
    public static LayerActivity None { get; } = new(EventCounts.None, []);

    public static LayerActivity operator +(LayerActivity a, LayerActivity b) => new(
        a.Events + b.Events,
        [.. Enumerable.Range(0, Math.Max(a.GroupsBySteps.Count, b.GroupsBySteps.Count)).Select(s => a.GroupsBySteps.ElementAtOrDefault(s) + b.GroupsBySteps.ElementAtOrDefault(s))]);
}
