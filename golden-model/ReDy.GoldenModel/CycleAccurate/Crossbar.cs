using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>One crossbar with what belongs to it alone: the macro, flips, and per ADC a shift-and-add unit and an output register.</summary>
internal sealed class Crossbar
{
    private readonly OutputRegister[] outputRegisters;
    private readonly int[] firstAdc, lastAdc;
    private readonly EventTally events;

    public Crossbar(Netlist netlist, string columnBlockPath, StepSequencer sequencer)
    {
        string path = $"{columnBlockPath}.crossbar";
        TileGeometry geometry = netlist.Geometry;
        Sequencer = sequencer;
        events = netlist.Events;
        Reads = events.Add(path, TileEvents.CrossbarReads);
        DacDrives = events.Add(path, TileEvents.DacDrives);
        Samples = events.Add(path, TileEvents.Samples);
        Conversions = events.Add(path, TileEvents.Conversions);
        Saturations = events.Add(path, TileEvents.Saturations);
        ReadbackConversions = events.Add(path, TileEvents.ReadbackConversions);
        ShiftAndAddOperations = events.Add(path, TileEvents.ShiftAndAdds);
        RowWrites = events.Add(path, TileEvents.RowWrites, geometry.Config.Crossbar.Bitlines * geometry.Config.Cell.Bits);
        int bitlinesPerAdc = geometry.BitlinesPerAdc;
        int adcs = geometry.Config.Adc.PerCrossbar;
        Macro = new CrossbarMacro(netlist, path);
        if (geometry.Flip)
            FlipRegister = new FlipRegister(netlist, path);
        ShiftAndAdds = [.. Enumerable.Range(0, adcs).Select(a => new ShiftAndAdd(netlist, $"{path}.g_adc[{a}]", a, FlipRegister))];
        outputRegisters = [.. ShiftAndAdds.Select(unit => unit.OutputRegister)];
        firstAdc = new int[geometry.OutputsPerCrossbar];
        lastAdc = new int[geometry.OutputsPerCrossbar];
        for (int n = 0; n < geometry.OutputsPerCrossbar; n++)
        {
            firstAdc[n] = n * geometry.BitlinesPerOutput / bitlinesPerAdc;
            lastAdc[n] = ((n + 1) * geometry.BitlinesPerOutput - 1) / bitlinesPerAdc;
        }
    }

    // Places of its events in the tally.
    public int Reads { get; }
    public int DacDrives { get; }
    public int Samples { get; }
    public int Conversions { get; }
    public int Saturations { get; }
    public int ReadbackConversions { get; }
    public int ShiftAndAddOperations { get; }
    public int RowWrites { get; }

    /// <summary>The step sequencer of the crossbar's row block.</summary>
    public StepSequencer Sequencer { get; }
    public CrossbarMacro Macro { get; }

    /// <summary>Per ADC.</summary>
    public IReadOnlyList<ShiftAndAdd> ShiftAndAdds { get; }
    public FlipRegister? FlipRegister { get; }

    /// <summary>Result of local output n in an output register bank, cut to the width of a group's result.</summary>
    public ulong Result(uint slot, int n)
    {
        ulong result = 0;
        for (int a = firstAdc[n]; a <= lastAdc[n]; a++)
            result += outputRegisters[a].Read(slot, n);
        return result;
    }

    /// <summary>The drain addresses local output n.</summary>
    public void CountRead(int n)
    {
        for (int a = firstAdc[n]; a <= lastAdc[n]; a++)
            outputRegisters[a].CountRead();
    }

    public void LoadImage(Mapping.CrossbarImage image)
    {
        Macro.LoadCells(image);
        FlipRegister?.LoadFlips(image);
    }
}
