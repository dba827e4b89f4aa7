using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Adds up <see cref="EventCounts"/> over a run, in the clocks in which the events happen; reset of the tile does not clear it.</summary>
internal sealed class EventTally(TileGeometry geometry)
{
    private readonly long[] dropHistogram = new long[geometry.MaxDrop + 1];

    public long Vectors;
    public long Groups;
    public long StepsStreamed;
    public long StepsSkipped;
    public long CrossbarSteps;
    public long Conversions;
    public long Saturations;
    public long DacDrives;

    public void CountDrop(int drop) => dropHistogram[drop]++;

    public EventCounts Counts => new()
    {
        Vectors = Vectors,
        Groups = Groups,
        StepsStreamed = StepsStreamed,
        StepsSkipped = StepsSkipped,
        CrossbarSteps = CrossbarSteps,
        Conversions = Conversions,
        Saturations = Saturations,
        DacDrives = DacDrives,
        DropHistogram = [.. dropHistogram],
    };
}
