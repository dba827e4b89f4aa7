using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Bias, multiplier and shift of every output for both layer banks, with the memories' output registers.</summary>
internal sealed unsafe class OutputParameters
{
    private readonly RegisterBank internals;
    private readonly Memory biasMemory, scaleMemory;
    private readonly EventTally events;
    private readonly int biasReads, scaleReads, bias, scale, capacity, biasBits, multiplierBits;

    public OutputParameters(Netlist netlist)
    {
        const string path = "tile.output_parameters";
        internals = netlist.Internals;
        events = netlist.Events;
        capacity = netlist.Geometry.CapacityOutputs;
        biasBits = netlist.Geometry.Config.Outputs.BiasBits;
        multiplierBits = netlist.Geometry.Config.Outputs.MultiplierBits;
        biasMemory = netlist.Memories.Add($"{path}.bias_memory.memory", 2 * capacity, biasBits);
        scaleMemory = netlist.Memories.Add($"{path}.scale_memory.memory", 2 * capacity, TileGeometry.ShiftBits + multiplierBits);
        bias = internals.AddUncleared($"{path}.bias_memory.read_data_q", RegisterBank.WholeLongs(biasBits));
        scale = internals.AddUncleared($"{path}.scale_memory.read_data_q", RegisterBank.WholeLongs(TileGeometry.ShiftBits + multiplierBits));
        biasReads = events.Add($"{path}.bias_memory", TileEvents.Reads("memory"), biasBits);
        scaleReads = events.Add($"{path}.scale_memory", TileEvents.Reads("memory"), TileGeometry.ShiftBits + multiplierBits);
    }

    public long Bias => PackedField.ReadSigned(internals.Q + bias, 0, biasBits);
    public long Multiplier => (long)PackedField.Read(internals.Q + scale, 0, multiplierBits);
    public uint Shift => (uint)PackedField.Read(internals.Q + scale, multiplierBits, TileGeometry.ShiftBits);

    public void ReadBias(uint layer, uint index)
    {
        *(ulong*)(internals.D + bias) = biasMemory[(int)layer * capacity + (int)index];
        events.Counts[biasReads]++;
    }

    public void ReadScale(uint layer, uint index)
    {
        *(ulong*)(internals.D + scale) = scaleMemory[(int)layer * capacity + (int)index];
        events.Counts[scaleReads]++;
    }

    public void Evaluate(RegisterFile registerFile)
    {
        int address = (int)registerFile.Window * capacity + registerFile.OutputIndex;
        if (registerFile.Writes(RegisterAddress.OutputBias))
            biasMemory.Write(address, (ulong)(int)registerFile.WriteData & PackedField.Mask(biasBits));
        if (registerFile.Writes(RegisterAddress.OutputShift))
        {
            ulong shift = registerFile.WriteData & PackedField.Mask(TileGeometry.ShiftBits);
            scaleMemory.Write(address, (shift << multiplierBits) | registerFile.Multiplier);
        }
    }
}
