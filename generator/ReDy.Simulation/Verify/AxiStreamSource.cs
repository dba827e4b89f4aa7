using ReDy.Architecture;

namespace ReDy.Simulation.Verify;

/// <summary>A beat of an AXI4-Stream: data and, where the stream has them, byte enables as little-endian 32-bit words.</summary>
internal sealed record StreamBeat(uint[] Data, uint[] Keep, bool Last);

/// <summary>Beats up to one with tlast. A malformed packet is one that the tile must notice and drop or complete.</summary>
internal sealed record StreamPacket(StreamBeat[] Beats, bool Malformed)
{
    /// <summary>Clocks that the source waits before it offers the first beat.</summary>
    public int Delay { get; init; }
}

/// <summary>
/// Drives an AXI4-Stream slave of the tile with packets. Valid never waits for ready; a beat that is offered stays as it is
/// until it is taken.
/// </summary>
internal sealed class AxiStreamSource(SignalSlot data, SignalSlot? keep, int valid, int last, int ready, ChannelThrottle throttle, SeededRandom random)
{
    private readonly Queue<StreamPacket> packets = new();
    private StreamPacket? packet;
    private int beat;
    private bool offered;
    private int delay;

    /// <summary>All packets are taken to their last beat.</summary>
    public bool Idle => packet is null && packets.Count == 0;

    /// <summary>Holds back the rest of the first well-formed packet of which a beat is taken.</summary>
    public bool HoldMidPacket { get; set; }

    /// <summary>Such a packet is being held.</summary>
    public bool HeldMidPacket => HoldMidPacket && MidPacket && !offered;
    private bool MidPacket => packet is { Malformed: false } && beat != 0;
    public long BeatsTaken { get; private set; }

    /// <summary>Well-formed packets taken to their last beat since the last reset.</summary>
    public long PacketsSinceReset { get; private set; }
    public int PacketsWaiting => packets.Count + (packet is null ? 0 : 1);

    public void Enqueue(StreamPacket packet) => packets.Enqueue(packet);

    public void Reset()
    {
        packets.Clear();
        packet = null;
        offered = false;
        beat = 0;
        HoldMidPacket = false;
        PacketsSinceReset = 0;
    }

    public void Drive(ReadOnlySpan<uint> outputs, Span<uint> inputs)
    {
        bool open = throttle.Open();
        if (!offered && open && NextBeat() is { } next)
        {
            next.Data.CopyTo(PortAccess.Words(inputs, data));
            if (keep is { } slot)
                next.Keep.CopyTo(PortAccess.Words(inputs, slot));
            inputs[last] = next.Last ? 1u : 0;
            inputs[valid] = 1;
            offered = true;
        }
        else if (!offered && inputs[valid] != 0)
        {
            // Nothing is on offer: the payload means nothing, so let it be anything.
            inputs[valid] = 0;
            inputs[last] = (uint)random.Below(2);
            Scramble(PortAccess.Words(inputs, data), data.Bits);
            if (keep is { } slot)
                Scramble(PortAccess.Words(inputs, slot), slot.Bits);
        }

        if (!offered || outputs[ready] == 0)
            return;
        offered = false;
        BeatsTaken++;
        if (++beat != packet!.Beats.Length)
            return;
        PacketsSinceReset += packet.Malformed ? 0 : 1;
        packet = null;
    }

    private StreamBeat? NextBeat()
    {
        if (packet is null)
        {
            if (!packets.TryDequeue(out packet))
                return null;
            beat = 0;
            delay = packet.Delay;
        }

        if (delay > 0)
        {
            delay--;
            return null;
        }

        return HoldMidPacket && MidPacket ? null : packet.Beats[beat];
    }

    private void Scramble(Span<uint> words, int bits)
    {
        foreach (ref uint word in words)
            word = (uint)random.NextUInt64();
        if (bits % 32 != 0)
            words[^1] &= (1u << (bits % 32)) - 1;
    }
}
