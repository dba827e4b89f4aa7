using ReDy.Architecture;

namespace ReDy.Simulation.Verify;

/// <summary>A layer under way: what it must deliver, and what it has delivered.</summary>
internal sealed class LayerRun(TileLayer layer, int index)
{
    public TileLayer Layer { get; } = layer;
    public int Index { get; } = index;
    public long[] Received { get; } = new long[layer.Expected.Length];
    public int VectorsReceived { get; set; }
    public bool Released { get; set; }
    public bool Complete => VectorsReceived == Layer.Vectors;
    public override string ToString() => $"layer {Index} ({Layer.Name})";
}

/// <summary>Takes what the tile sends on m_axis, with random readiness, and compares it beat by beat with what must come.</summary>
internal sealed class ResultSink(TileGeometry geometry, PortAccess ports, ChannelThrottle throttle, Action<string> fail)
{
    private readonly Queue<LayerRun> runs = new();
    private readonly uint[] stalledData = new uint[ports.ResultData.Words];
    private readonly uint[] stalledKeep = new uint[ports.ResultKeep.Words];
    private uint stalledLast;
    private bool stalled;
    private int output;

    /// <summary>Takes nothing, as long as it is set.</summary>
    public bool Hold { get; set; }
    public long BeatsTaken { get; private set; }

    /// <summary>Vectors received since the last reset.</summary>
    public long VectorsSinceReset { get; private set; }
    public long VectorsReceived { get; private set; }
    public LayerRun? Current => runs.TryPeek(out LayerRun? run) ? run : null;
    public int CurrentOutput => output;

    /// <summary>Everything expected has arrived.</summary>
    public bool Idle => runs.Count == 0;

    public void Expect(LayerRun run)
    {
        if (!run.Complete)
            runs.Enqueue(run);
    }

    public void Reset()
    {
        runs.Clear();
        stalled = false;
        output = 0;
        Hold = false;
        VectorsSinceReset = 0;
    }

    public void Drive(ReadOnlySpan<uint> outputs, Span<uint> inputs)
    {
        bool ready = throttle.Open() && !Hold;
        inputs[ports.ResultReady] = ready ? 1u : 0;
        if (outputs[ports.ResultValid] == 0)
        {
            if (stalled)
                fail("m_axis_tvalid fell before m_axis_tready");
            return;
        }

        ReadOnlySpan<uint> data = PortAccess.Words(outputs, ports.ResultData);
        ReadOnlySpan<uint> keep = PortAccess.Words(outputs, ports.ResultKeep);
        uint last = outputs[ports.ResultLast];
        if (stalled && (!data.SequenceEqual(stalledData) || !keep.SequenceEqual(stalledKeep) || last != stalledLast))
            fail("the m_axis payload changed while it waited for m_axis_tready");
        stalled = !ready;
        if (ready)
        {
            BeatsTaken++;
            Take(data, keep, last != 0);
            return;
        }

        data.CopyTo(stalledData);
        keep.CopyTo(stalledKeep);
        stalledLast = last;
    }

    private void Take(ReadOnlySpan<uint> data, ReadOnlySpan<uint> keep, bool last)
    {
        if (!runs.TryPeek(out LayerRun? run))
        {
            fail("m_axis delivers a beat although no result is due");
            return;
        }

        TileLayer layer = run.Layer;
        int outputs = layer.Program.Outputs;
        int bytes = layer.Program.Raw ? geometry.RawOutputBytes : geometry.OutputBytes;
        int count = Math.Min(geometry.Config.Tile.StreamBytes / bytes, outputs - output);
        int first = run.VectorsReceived * outputs + output;
        for (int i = 0; i < count; i++)
        {
            long value = Value(data, i * bytes, bytes, layer.Program.Raw);
            run.Received[first + i] = value;
            if (value != layer.Expected[first + i])
            {
                fail($"{run}, vector {run.VectorsReceived}, output {output + i}: the tile delivers {value}, the functional model {layer.Expected[first + i]}");
                return;
            }
        }

        if (!IsLowOnes(keep, count * bytes))
            fail($"{run}, vector {run.VectorsReceived}: m_axis_tkeep does not mark the {count * bytes} bytes of outputs {output}..{output + count - 1}");
        output += count;
        if (last != (output == outputs))
            fail($"{run}, vector {run.VectorsReceived}: m_axis_tlast is {(last ? 1 : 0)} with output {output - 1} of {outputs}");
        if (output != outputs)
            return;
        output = 0;
        VectorsReceived++;
        VectorsSinceReset++;
        run.VectorsReceived++;
        if (run.Complete)
            runs.Dequeue();
    }

    private static long Value(ReadOnlySpan<uint> words, int firstByte, int bytes, bool signed)
    {
        ulong value = 0;
        for (int k = 0; k < bytes; k++)
            value |= (ulong)(byte)(words[(firstByte + k) / 4] >> (8 * ((firstByte + k) % 4))) << (8 * k);
        int unused = 64 - 8 * bytes;
        return signed ? (long)(value << unused) >> unused : (long)value;
    }

    private static bool IsLowOnes(ReadOnlySpan<uint> keep, int ones)
    {
        for (int i = 0; i < keep.Length; i++)
        {
            int here = Math.Clamp(ones - 32 * i, 0, 32);
            if (keep[i] != (here == 32 ? uint.MaxValue : (1u << here) - 1))
                return false;
        }

        return true;
    }
}
