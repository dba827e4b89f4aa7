using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>The tile's vector memory: a word per stream beat, one write port and one read port with an output register.</summary>
internal sealed unsafe class ActivationBuffer
{
    private readonly RegisterBank internals;
    private readonly EventTally events;
    private readonly int readData, reads;

    public ActivationBuffer(Netlist netlist)
    {
        TileGeometry geometry = netlist.Geometry;
        int bits = geometry.ActivationsPerBeat * geometry.Config.Activations.Bits;
        internals = netlist.Internals;
        events = netlist.Events;
        reads = events.Add("tile.activation_buffer", TileEvents.Reads("memory"), bits);
        Memory = netlist.Memories.Add("tile.activation_buffer.memory", geometry.BufferBeats, bits);
        readData = internals.AddUncleared("tile.activation_buffer.read_data_q", RegisterBank.WholeLongs(bits));
    }

    public Memory Memory { get; }

    /// <summary>The word that the last granted read fetched.</summary>
    public ulong* ReadData => (ulong*)(internals.Q + readData);

    public void Read(uint address)
    {
        ulong* from = Memory.Entry((int)address);
        ulong* to = (ulong*)(internals.D + readData);
        for (int i = 0; i < Memory.Stride; i++)
            to[i] = from[i];
        events.Counts[reads]++;
    }
}
