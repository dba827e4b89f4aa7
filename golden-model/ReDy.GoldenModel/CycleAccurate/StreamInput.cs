using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Takes vectors from <c>s_axis</c> into the activation buffer, one packet each; a packet of the wrong length is dropped.</summary>
internal sealed unsafe class StreamInput
{
    private readonly RegisterBank registers;
    private readonly Memory buffer;
    private readonly ulong[] beat;
    private readonly uint[] expectedKeep;
    private readonly int first, dropping, received, bank, writePointer, startPointer;
    private readonly int data, keep, valid, last, activationsPerBeat, activationBytes, activationBits;
    private readonly uint lastAddress;
    private bool fires, good, lastBeat;
    private uint nextPointer;
    private int position;

    public StreamInput(Netlist netlist, TilePorts ports, ActivationBuffer buffer)
    {
        const string path = "tile.stream_input";
        registers = netlist.Registers;
        TileGeometry geometry = netlist.Geometry;
        activationsPerBeat = geometry.ActivationsPerBeat;
        activationBytes = geometry.ActivationBytes;
        activationBits = geometry.Config.Activations.Bits;
        lastAddress = (uint)geometry.BufferBeats - 1;
        this.buffer = buffer.Memory;
        beat = new ulong[this.buffer.Stride];
        first = netlist.Register(path, "first_q", 1, 1);
        dropping = netlist.Register(path, "dropping_q", 1);
        received = netlist.CountRegister(path, "received_q", geometry.CapacityRows + geometry.ActivationsPerBeat);
        bank = netlist.Register(path, "bank_q", 1);
        writePointer = netlist.IndexRegister(path, "write_pointer_q", geometry.BufferBeats);
        startPointer = netlist.IndexRegister(path, "start_pointer_q", geometry.BufferBeats);
        data = ports.Input("s_axis_tdata").Offset;
        keep = ports.Input("s_axis_tkeep").Offset;
        valid = ports.Input("s_axis_tvalid").Offset;
        last = ports.Input("s_axis_tlast").Offset;
        expectedKeep = new uint[ports.Input("s_axis_tkeep").Words];
    }

    public bool Ready { get; private set; }

    /// <summary>A vector is committed in this clock.</summary>
    public bool Pushes => fires && good && lastBeat;
    public uint PushBank { get; private set; }
    public uint PushEnd => nextPointer;
    public bool Error { get; private set; }

    /// <summary>A packet of this layer bank has begun and not ended.</summary>
    public bool IsMidPacket(uint layerBank) => registers.Q[first] == 0 && registers.Q[bank] == layerBank;
    public bool MidPacket => registers.Q[first] == 0;

    public uint Next(uint pointer) => pointer == lastAddress ? 0 : pointer + 1;

    public void Settle(RegisterFile registerFile, VectorQueue queue, LoadSequencer loadSequencer, WeightProgrammer programmer)
    {
        uint* q = registers.Q;
        nextPointer = Next(q[writePointer]);
        bool full = nextPointer == loadSequencer.Base;
        bool begin = registerFile.Enable && !queue.Full && !programmer.Busy && !registerFile.CommandAccepted;
        Ready = q[dropping] != 0 || (!full && (q[first] == 0 || begin));
    }

    /// <summary>What this clock's pins bring.</summary>
    public void Observe(uint* pins, RegisterFile registerFile)
    {
        uint* q = registers.Q;
        fires = Ready && pins[valid] != 0;
        good = Error = false;
        if (!fires || q[dropping] != 0)
            return;
        lastBeat = pins[last] != 0;
        PushBank = q[first] != 0 ? registerFile.ActiveBank : q[bank];
        position = q[first] != 0 ? 0 : (int)q[received];
        int rows = registerFile.Rows(PushBank);
        int activations = Math.Min(activationsPerBeat, rows - position);
        good = rows != 0 && registerFile.Outputs(PushBank) != 0
            && lastBeat == position + activationsPerBeat >= rows
            && KeepIsExpected(pins + keep, activations * activationBytes);
        Error = !good;
    }

    public void Evaluate(uint* pins)
    {
        if (!fires)
            return;
        uint* q = registers.Q, d = registers.D;
        if (q[dropping] != 0)
        {
            d[dropping] = pins[last] ^ 1;
            return;
        }

        if (good)
        {
            WriteBeat(pins + data, q[writePointer], Math.Min(activationsPerBeat, RowsLeft(pins + keep)));
            d[writePointer] = nextPointer;
            d[received] = (uint)(position + activationsPerBeat);
            d[bank] = PushBank;
            d[first] = lastBeat ? 1u : 0;
            if (lastBeat)
                d[startPointer] = nextPointer;
        }
        else
        {
            d[writePointer] = q[startPointer];
            d[first] = 1;
            d[received] = 0;
            d[dropping] = lastBeat ? 0u : 1;
        }
    }

    private bool KeepIsExpected(uint* keepPins, int bytes)
    {
        for (int w = 0; w < expectedKeep.Length; w++)
        {
            int here = Math.Clamp(bytes - 32 * w, 0, 32);
            if (keepPins[w] != (uint)PackedField.Mask(here))
                return false;
        }

        return true;
    }

    /// <summary>Activations that a good beat's tkeep covers.</summary>
    private int RowsLeft(uint* keepPins)
    {
        int bytes = 0;
        for (int w = 0; w < expectedKeep.Length; w++)
            bytes += System.Numerics.BitOperations.PopCount(keepPins[w]);
        return bytes / activationBytes;
    }

    private void WriteBeat(uint* dataPins, uint address, int activations)
    {
        fixed (ulong* word = beat)
        {
            beat.AsSpan().Clear();
            for (int i = 0; i < activations; i++)
                PackedField.Write((uint*)word, i * activationBits, activationBits, PackedField.Read(dataPins, 8 * activationBytes * i, activationBits));
            buffer.Write((int)address, word);
        }
    }
}
