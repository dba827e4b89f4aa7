using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>One crossbar with what belongs to it alone: the macro, flips, and per ADC a shift-and-add unit and an output register.</summary>
internal sealed class Crossbar
{
    private readonly OutputRegister[] outputRegisters;
    private readonly int[] firstAdc, lastAdc;

    public Crossbar(Netlist netlist, string columnBlockPath, StepSequencer sequencer)
    {
        string path = $"{columnBlockPath}.crossbar";
        TileGeometry geometry = netlist.Geometry;
        Sequencer = sequencer;
        Events = new CrossbarEvents(netlist, path);
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

    public CrossbarEvents Events { get; }

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
