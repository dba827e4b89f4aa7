using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Tests.CycleAccurate;

/// <summary>Software and neighbours of one tile: drives its pins clock by clock and collects what comes out.</summary>
internal sealed class TileDriver
{
    private readonly record struct Beat(uint[] Data, uint[] Keep, bool Last);

    private const int HangClocks = 200_000;

    private readonly Dictionary<string, SignalSlot> inputs, outputs;
    private readonly uint[] pins;
    private readonly Queue<Beat> stream = [];
    private readonly Queue<Beat> partial = [];
    private readonly List<byte> packet = [];
    private readonly SeededRandom? stalls;
    private bool streamOffered, partialOffered;

    /// <param name="stallSeed">Null: everybody is always ready.</param>
    public TileDriver(TileConfig config, ulong? stallSeed = null)
    {
        Tile = new Tile(config);
        inputs = Tile.Ports.Inputs.ToDictionary(port => port.Name);
        outputs = Tile.Ports.Outputs.ToDictionary(port => port.Name);
        pins = new uint[Tile.Ports.InputWords];
        stalls = stallSeed is { } seed ? new SeededRandom(seed) : null;
        Reset();
    }

    public Tile Tile { get; }
    public TileGeometry Geometry => Tile.Geometry;

    /// <summary>Bytes of each output packet.</summary>
    public List<byte[]> Packets { get; } = [];

    /// <summary>The clock in which each vector's last beat left.</summary>
    public List<long> PacketClocks { get; } = [];

    /// <summary>The clock in which each vector's last beat was accepted.</summary>
    public List<long> AcceptedClocks { get; } = [];

    public int BeatsLeft => stream.Count;

    public void Reset()
    {
        Array.Clear(pins);
        stream.Clear();
        partial.Clear();
        packet.Clear();
        streamOffered = partialOffered = false;
        Tile.Clock(pins);
        Tile.Clock(pins);
        SetPin("aresetn", 1);
    }

    /// <summary>One clock with aresetn low, whatever is in flight.</summary>
    public void PulseReset()
    {
        SetPin("aresetn", 0);
        Tile.Clock(pins);
        stream.Clear();
        partial.Clear();
        packet.Clear();
        streamOffered = partialOffered = false;
        SetPin("aresetn", 1);
    }

    public void Clock()
    {
        streamOffered = Offer("s_axis", stream, streamOffered);
        partialOffered = Offer("s_axis_partial", partial, partialOffered);
        SetPin("m_axis_tready", stalls is null || stalls.OneIn(2) ? 1u : 0);
        bool takesStream = streamOffered && Output("s_axis_tready") != 0;
        bool takesPartial = partialOffered && Output("s_axis_partial_tready") != 0;
        if (Output("m_axis_tvalid") != 0 && pins[inputs["m_axis_tready"].Offset] != 0)
            Collect();
        Tile.Clock(pins);
        if (takesStream)
        {
            if (stream.Dequeue().Last)
                AcceptedClocks.Add(Tile.Clocks);
            streamOffered = false;
        }

        if (takesPartial)
        {
            partial.Dequeue();
            partialOffered = false;
        }
    }

    public void Run(int clocks)
    {
        for (int i = 0; i < clocks; i++)
            Clock();
    }

    public void RunUntil(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            if (i == HangClocks)
                throw new InvalidOperationException($"the tile hangs: {Tile.DescribeState()}");
            Clock();
        }
    }

    public void RunUntilPackets(int count) => RunUntil(() => Packets.Count >= count);

    /// <summary>A register write over the bus; true if the tile accepted it.</summary>
    public bool TryWrite(TileRegister register, uint data, uint strobe = 15) => TryWrite((uint)register.Offset, data, strobe);

    public bool TryWrite(uint address, uint data, uint strobe = 15)
    {
        SetPin("s_axi_awaddr", address);
        SetPin("s_axi_awvalid", 1);
        SetPin("s_axi_wdata", data);
        SetPin("s_axi_wstrb", strobe);
        SetPin("s_axi_wvalid", 1);
        SetPin("s_axi_bready", 1);
        Clock();
        SetPin("s_axi_awvalid", 0);
        SetPin("s_axi_wvalid", 0);
        RunUntil(() => Output("s_axi_bvalid") != 0);
        bool accepted = Output("s_axi_bresp") == 0;
        Clock();
        SetPin("s_axi_bready", 0);
        return accepted;
    }

    public void Write(TileRegister register, uint data) => TryWrite(register, data).ShouldBeTrue($"{register.Name} <= {data}");

    public bool TryRead(uint address, out uint data)
    {
        SetPin("s_axi_araddr", address);
        SetPin("s_axi_arvalid", 1);
        SetPin("s_axi_rready", 1);
        Clock();
        SetPin("s_axi_arvalid", 0);
        RunUntil(() => Output("s_axi_rvalid") != 0);
        data = Output("s_axi_rdata");
        bool known = Output("s_axi_rresp") == 0;
        Clock();
        SetPin("s_axi_rready", 0);
        return known;
    }

    public uint Read(TileRegister register)
    {
        TryRead((uint)register.Offset, out uint data).ShouldBeTrue(register.Name);
        return data;
    }

    public ulong ReadCounter(TileCounter counter)
    {
        uint offset = (uint)RegisterMap.CounterOffset(counter);
        TryRead(offset, out uint low).ShouldBeTrue();
        TryRead(offset + 4, out uint high).ShouldBeTrue();
        return low | ((ulong)high << 32);
    }

    /// <summary>Layer registers of one bank, and weights: over the bus, by the backdoor, or as they are.</summary>
    public void Program(LayerProgram program, uint bank = 0, bool overBus = false, bool backdoor = true)
    {
        Write(RegisterMap.LayerWindow, bank);
        Write(RegisterMap.LayerRows, (uint)program.Rows);
        Write(RegisterMap.LayerOutputs, (uint)program.Outputs);
        Write(RegisterMap.LayerMode, (uint)program.Policy | (program.Raw ? 4u : 0) | (program.Relu ? 8u : 0) | (program.Accumulate ? 16u : 0));
        Write(RegisterMap.LayerZeroPoint, (uint)program.ZeroPoint);
        Write(RegisterMap.OutputIndex, 0);
        for (int n = 0; n < program.Outputs; n++)
        {
            Write(RegisterMap.OutputBias, (uint)program.Bias[n]);
            Write(RegisterMap.OutputMultiplier, (uint)program.Multiplier[n]);
            Write(RegisterMap.OutputShift, (uint)program.Shift[n]);
        }

        for (int g = 0; g < program.Thresholds.Count; g++)
        {
            Write(RegisterMap.ThresholdIndex, (uint)(g * Geometry.MaxDrop));
            for (int j = 0; j < Geometry.MaxDrop; j++)
                Write(RegisterMap.Threshold, (uint)(j < program.Thresholds[g].Count ? program.Thresholds[g][j] : Geometry.ThresholdNever));
        }

        if (overBus)
            ProgramWeights(program.Images);
        else if (backdoor)
            Tile.LoadImages(program.Images);
    }

    public void Enable(uint bank = 0) => Write(RegisterMap.Control, 1 | (bank << 1));

    private void ProgramWeights(IReadOnlyList<CrossbarImage> images)
    {
        for (int i = 0; i < images.Count; i++)
        {
            Write(RegisterMap.ProgramCrossbar, (uint)i);
            for (int r = 0; r < Geometry.Wordlines; r++)
            {
                WriteRowBuffer(images[i].Bitlines, Geometry.Config.Cell.Bits, c => images[i].Code(r, c));
                Write(RegisterMap.ProgramRow, (uint)r);
                Command(ProgramCommand.WriteRow);
            }

            if (!Geometry.Flip)
                continue;
            WriteRowBuffer(images[i].Bitlines, 1, c => images[i].Flips[c] ? 1u : 0);
            Command(ProgramCommand.WriteFlips);
        }
    }

    public void Command(ProgramCommand command)
    {
        Write(RegisterMap.Command, (uint)command);
        RunUntil(() => (Read(RegisterMap.Status) & 2) == 0);
    }

    private void WriteRowBuffer(int bitlines, int bits, Func<int, uint> value)
    {
        uint[] words = new uint[TileGeometry.CeilingDivide(bitlines * bits, 32) + 1];
        for (int c = 0; c < bitlines; c++)
        {
            ulong field = (ulong)value(c) << (c * bits % 32);
            words[c * bits / 32] |= (uint)field;
            words[c * bits / 32 + 1] |= (uint)(field >> 32);
        }

        Write(RegisterMap.ProgramWord, 0);
        foreach (uint word in words[..^1])
            Write(RegisterMap.ProgramData, word);
    }

    /// <summary>Queues a vector as one packet.</summary>
    public void Send(ReadOnlySpan<ushort> activations) => Queue(stream, Bytes(activations, Geometry.ActivationBytes));

    /// <summary>Queues a packet of any bytes.</summary>
    public void SendBytes(byte[] bytes) => Queue(stream, bytes);

    /// <summary>Queues one vector's partial sums.</summary>
    public void SendPartial(ReadOnlySpan<long> values)
    {
        byte[] bytes = new byte[values.Length * Geometry.RawOutputBytes];
        for (int i = 0; i < values.Length; i++)
            BitConverter.GetBytes(values[i]).AsSpan(0, Geometry.RawOutputBytes).CopyTo(bytes.AsSpan(i * Geometry.RawOutputBytes));
        Queue(partial, bytes);
    }

    private void Queue(Queue<Beat> beats, byte[] bytes)
    {
        int width = Geometry.Config.Tile.StreamBytes;
        for (int at = 0; at < bytes.Length; at += width)
        {
            int count = Math.Min(width, bytes.Length - at);
            uint[] data = new uint[width / 4], keep = new uint[TileGeometry.CeilingDivide(width, 32)];
            for (int i = 0; i < count; i++)
            {
                data[i / 4] |= (uint)bytes[at + i] << (8 * (i % 4));
                keep[i / 32] |= 1u << (i % 32);
            }

            beats.Enqueue(new Beat(data, keep, at + width >= bytes.Length));
        }
    }

    private static byte[] Bytes(ReadOnlySpan<ushort> values, int width)
    {
        byte[] bytes = new byte[values.Length * width];
        for (int i = 0; i < values.Length; i++)
        {
            for (int b = 0; b < width; b++)
                bytes[i * width + b] = (byte)(values[i] >> (8 * b));
        }

        return bytes;
    }

    /// <summary>Output packet as raw accumulators.</summary>
    public long[] RawPacket(int index)
    {
        int width = Geometry.RawOutputBytes;
        byte[] bytes = Packets[index];
        return [.. Enumerable.Range(0, bytes.Length / width).Select(i => width == 4 ? BitConverter.ToInt32(bytes, 4 * i) : BitConverter.ToInt64(bytes, 8 * i))];
    }

    /// <summary>Output packet as requantised outputs.</summary>
    public int[] Packet(int index)
    {
        byte[] bytes = Packets[index];
        return Geometry.OutputBytes == 1
            ? [.. bytes.Select(value => (int)value)]
            : [.. Enumerable.Range(0, bytes.Length / 2).Select(i => (int)BitConverter.ToUInt16(bytes, 2 * i))];
    }

    private bool Offer(string port, Queue<Beat> beats, bool offered)
    {
        offered = beats.Count != 0 && (offered || stalls is null || stalls.OneIn(2));
        SetPin($"{port}_tvalid", offered ? 1u : 0);
        if (!offered)
            return false;
        Beat beat = beats.Peek();
        SetPin($"{port}_tlast", beat.Last ? 1u : 0);
        beat.Data.CopyTo(pins, inputs[$"{port}_tdata"].Offset);
        if (port == "s_axis")
            beat.Keep.CopyTo(pins, inputs["s_axis_tkeep"].Offset);
        return true;
    }

    private void Collect()
    {
        SignalSlot data = outputs["m_axis_tdata"], keep = outputs["m_axis_tkeep"];
        for (int i = 0; i < Geometry.Config.Tile.StreamBytes; i++)
        {
            if (((Tile.Outputs[keep.Offset + i / 32] >> (i % 32)) & 1) != 0)
                packet.Add((byte)(Tile.Outputs[data.Offset + i / 4] >> (8 * (i % 4))));
        }

        if (Output("m_axis_tlast") == 0)
            return;
        Packets.Add([.. packet]);
        PacketClocks.Add(Tile.Clocks);
        packet.Clear();
    }

    public uint Output(string port) => Tile.Outputs[outputs[port].Offset];

    private void SetPin(string port, uint value) => pins[inputs[port].Offset] = value;

    /// <summary>Value of a register of up to 64 bits by hierarchical name.</summary>
    public ulong Register(string name)
    {
        SignalSlot slot = Tile.Probes.Single(probe => probe.Name == name);
        return Tile.Registers[slot.Offset] | (slot.Words > 1 ? (ulong)Tile.Registers[slot.Offset + 1] << 32 : 0);
    }
}
