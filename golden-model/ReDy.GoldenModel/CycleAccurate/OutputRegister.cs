using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>OR of one ADC: finished results of two groups, one being written and one being drained.</summary>
internal sealed class OutputRegister
{
    private readonly Memory results;
    private readonly EventTally events;
    private readonly int entries, firstOutput, reads;

    /// <param name="firstOutput">First output of the crossbar that the ADC's range touches.</param>
    public OutputRegister(Netlist netlist, string adcPath, int firstOutput)
    {
        entries = netlist.Geometry.OutputsPerAdc;
        this.firstOutput = firstOutput;
        events = netlist.Events;
        reads = events.Add($"{adcPath}.output_register", TileEvents.Reads("results"), netlist.Geometry.GroupResultBits);
        results = netlist.Memories.Add($"{adcPath}.output_register.results", 2 * entries, netlist.Geometry.GroupResultBits);
    }

    public void Write(uint slot, int entry, ulong value) => results.Write((int)slot * entries + entry, value);

    /// <summary>The read port is addressed, whether the result is used or not.</summary>
    public unsafe void CountRead() => events.Counts[reads]++;

    /// <summary>This ADC's part of local output n.</summary>
    public ulong Read(uint slot, int n) => results[(int)slot * entries + n - firstOutput];
}
