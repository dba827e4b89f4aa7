using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Places of a crossbar's events in the tally. A value, so that those of a row block lie side by side.</summary>
internal readonly struct CrossbarEvents
{
    public readonly int Reads, DacDrives, Samples, Conversions, Saturations, ReadbackConversions, ShiftAndAdds, RowWrites;

    public CrossbarEvents(Netlist netlist, string crossbarPath)
    {
        EventTally events = netlist.Events;
        TileConfig config = netlist.Geometry.Config;
        Reads = events.Add(crossbarPath, TileEvents.CrossbarReads);
        DacDrives = events.Add(crossbarPath, TileEvents.DacDrives);
        Samples = events.Add(crossbarPath, TileEvents.Samples);
        Conversions = events.Add(crossbarPath, TileEvents.Conversions);
        Saturations = events.Add(crossbarPath, TileEvents.Saturations);
        ReadbackConversions = events.Add(crossbarPath, TileEvents.ReadbackConversions);
        ShiftAndAdds = events.Add(crossbarPath, TileEvents.ShiftAndAdds);
        RowWrites = events.Add(crossbarPath, TileEvents.RowWrites, config.Crossbar.Bitlines * config.Cell.Bits);
    }
}
