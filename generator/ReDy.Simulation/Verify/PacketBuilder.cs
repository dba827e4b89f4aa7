using System.Runtime.InteropServices;
using ReDy.Architecture;

namespace ReDy.Simulation.Verify;

/// <summary>Turns activations and partial sums into AXI4-Stream packets as docs/timing.md lays them out.</summary>
internal sealed class PacketBuilder(TileGeometry geometry, SeededRandom random)
{
    private readonly int streamBytes = geometry.Config.Tile.StreamBytes;
    private readonly int dataWords = TileGeometry.CeilingDivide(geometry.Config.Tile.StreamBytes, 4);
    private readonly int keepWords = TileGeometry.CeilingDivide(geometry.Config.Tile.StreamBytes, 32);

    private int PartialLanes => streamBytes / geometry.RawOutputBytes;

    private int PartialBeats(int values) => TileGeometry.CeilingDivide(values, PartialLanes);

    /// <summary>One vector. Bits above activations.bits and bytes outside tkeep carry noise: the tile must not look at them.</summary>
    public StreamPacket Activations(ReadOnlySpan<ushort> values)
    {
        int perBeat = geometry.ActivationsPerBeat;
        int bytes = geometry.ActivationBytes;
        int bits = geometry.Config.Activations.Bits;
        var beats = new StreamBeat[TileGeometry.CeilingDivide(values.Length, perBeat)];
        for (int b = 0; b < beats.Length; b++)
        {
            ReadOnlySpan<ushort> part = values.Slice(b * perBeat, Math.Min(perBeat, values.Length - b * perBeat));
            uint[] data = Noise();
            Span<byte> raw = MemoryMarshal.AsBytes(data.AsSpan());
            for (int i = 0; i < part.Length; i++)
            {
                uint value = part[i];
                if (bits != 8 * bytes)
                    value |= (uint)random.NextUInt64() << bits;
                for (int k = 0; k < bytes; k++)
                    raw[i * bytes + k] = (byte)(value >> (8 * k));
            }

            beats[b] = new StreamBeat(data, Keep(part.Length * bytes), b == beats.Length - 1);
        }

        return new StreamPacket(beats, Malformed: false);
    }

    /// <summary>One beat that ends a packet and keeps no byte. No layer takes it.</summary>
    public StreamPacket Empty() => new([new StreamBeat(Noise(), Keep(0), true)], Malformed: true);

    /// <summary>A packet derived from a good one that the tile must drop with one stream error.</summary>
    public StreamPacket Malform(StreamPacket good)
    {
        List<StreamBeat> beats = [.. good.Beats];
        int at = random.Below(beats.Count);
        switch (random.Below(3))
        {
            case 0 when beats.Count > 1: // ends early
                at = random.Below(beats.Count - 1);
                beats[at] = beats[at] with { Last = true };
                beats.RemoveRange(at + 1, beats.Count - at - 1);
                break;
            case 1: // ends late
                beats[^1] = beats[^1] with { Last = false };
                for (int extra = random.Below(3); extra >= 0; extra--)
                    beats.Add(new StreamBeat(Noise(), Keep(random.Between(1, streamBytes)), extra == 0));
                break;
            default: // a byte missing or too many
                uint[] keep = [.. beats[at].Keep];
                int bit = random.Below(streamBytes);
                keep[bit / 32] ^= 1u << (bit % 32);
                beats[at] = beats[at] with { Keep = keep };
                break;
        }

        return new StreamPacket([.. beats], Malformed: true);
    }

    /// <summary>Partial sums of one vector that needs <paramref name="outputs"/> of them.</summary>
    public StreamPacket Partials(ReadOnlySpan<long> values, int outputs)
    {
        int lanes = PartialLanes;
        int bytes = geometry.RawOutputBytes;
        var beats = new StreamBeat[Math.Max(1, PartialBeats(values.Length))];
        bool malformed = beats.Length != PartialBeats(outputs);
        for (int b = 0; b < beats.Length; b++)
        {
            // A packet that ends early counts as zeros from where its values end; then its last lanes must be zero, too.
            uint[] data = values.Length < outputs ? new uint[dataWords] : Noise();
            Span<byte> raw = MemoryMarshal.AsBytes(data.AsSpan());
            for (int i = 0; i < Math.Min(lanes, values.Length - b * lanes); i++)
            {
                long value = values[b * lanes + i];
                for (int k = 0; k < bytes; k++)
                    raw[i * bytes + k] = (byte)(value >> (8 * k));
            }

            beats[b] = new StreamBeat(data, [], b == beats.Length - 1);
        }

        return new StreamPacket(beats, malformed);
    }

    private uint[] Keep(int bytes)
    {
        var keep = new uint[keepWords];
        for (int i = 0; i < keep.Length; i++)
        {
            int ones = Math.Clamp(bytes - 32 * i, 0, 32);
            keep[i] = ones == 32 ? uint.MaxValue : (1u << ones) - 1;
        }

        return keep;
    }

    private uint[] Noise()
    {
        var words = new uint[dataWords];
        foreach (ref uint word in words.AsSpan())
            word = (uint)random.NextUInt64();
        if (streamBytes % 4 != 0)
            words[^1] &= (1u << (8 * (streamBytes % 4))) - 1;
        return words;
    }
}
