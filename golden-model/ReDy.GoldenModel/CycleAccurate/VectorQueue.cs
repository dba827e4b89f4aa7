using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>The vectors between their acceptance and the end of their drain, in order, and how many vectors use each layer bank.</summary>
internal sealed unsafe class VectorQueue
{
    private readonly RegisterBank registers;
    private readonly Memory bank, end;
    private readonly int pushPointer, loadPointer, drainPointer, waiting, inFlight, bank0Use;
    private readonly uint depth;

    public VectorQueue(Netlist netlist)
    {
        const string path = "tile.vector_queue";
        registers = netlist.Registers;
        int entries = netlist.Geometry.Config.Tile.VectorQueue;
        depth = (uint)entries;
        bank = netlist.Memories.Add($"{path}.bank_q", entries, 1);
        end = netlist.Memories.Add($"{path}.end_q", entries, TileGeometry.IndexBits(netlist.Geometry.BufferBeats));
        pushPointer = netlist.IndexRegister(path, "push_pointer_q", entries);
        loadPointer = netlist.IndexRegister(path, "load_pointer_q", entries);
        drainPointer = netlist.IndexRegister(path, "drain_pointer_q", entries);
        waiting = netlist.CountRegister(path, "waiting_q", entries);
        inFlight = netlist.CountRegister(path, "in_flight_q", entries);
        bank0Use = netlist.CountRegister(path, "bank0_use_q", entries + 16);
        netlist.CountRegister(path, "bank1_use_q", entries + 16);
    }

    public bool Full => registers.Q[inFlight] == depth;
    public bool HasWaiting => registers.Q[waiting] != 0;
    public uint Waiting => registers.Q[waiting];
    public uint InFlight => registers.Q[inFlight];
    public uint LoadBank => (uint)bank[(int)registers.Q[loadPointer]];
    public uint LoadEnd => (uint)end[(int)registers.Q[loadPointer]];
    public uint DrainBank => (uint)bank[(int)registers.Q[drainPointer]];

    public bool BankInUse(uint layerBank, StreamInput stream) => registers.Q[bank0Use + (int)layerBank] != 0 || stream.IsMidPacket(layerBank);

    public bool TileIdle(StreamInput stream) => (registers.Q[bank0Use] | registers.Q[bank0Use + 1]) == 0 && !stream.MidPacket;

    public void Evaluate(StreamInput stream, LoadSequencer loadSequencer, OutputStage outputStage)
    {
        bool push = stream.Pushes, loadDone = loadSequencer.Done, drainDone = outputStage.ReadsLast, vectorDone = outputStage.VectorDone;
        if (!(push | loadDone | drainDone | vectorDone))
            return;
        uint* q = registers.Q, d = registers.D;
        if (push)
        {
            bank.Write((int)q[pushPointer], stream.PushBank);
            end.Write((int)q[pushPointer], stream.PushEnd);
            d[pushPointer] = Next(q[pushPointer]);
            d[bank0Use + (int)stream.PushBank]++;
        }

        if (loadDone)
            d[loadPointer] = Next(q[loadPointer]);
        if (drainDone)
            d[drainPointer] = Next(q[drainPointer]);
        if (vectorDone)
            d[bank0Use + (int)outputStage.DoneBank]--;
        d[waiting] = q[waiting] + (push ? 1u : 0) - (loadDone ? 1u : 0);
        d[inFlight] = q[inFlight] + (push ? 1u : 0) - (drainDone ? 1u : 0);
    }

    private uint Next(uint pointer) => pointer == depth - 1 ? 0 : pointer + 1;
}
