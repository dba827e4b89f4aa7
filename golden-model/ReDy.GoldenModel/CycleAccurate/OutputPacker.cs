using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Packs outputs into stream beats and holds them in a FIFO before <c>m_axis</c>.</summary>
internal sealed unsafe class OutputPacker
{
    private readonly RegisterBank registers;
    private readonly Memory data, keep, last;
    private readonly int read, write, count, assembly, fill, streamBytes, rawBytes, outputBytes, beatWords, keepWords;
    private readonly uint depth;
    private readonly int pinReady, portData, portKeep, portValid, portLast;
    private bool shown;

    public OutputPacker(Netlist netlist, TilePorts ports)
    {
        const string path = "tile.output_packer";
        registers = netlist.Registers;
        TileGeometry geometry = netlist.Geometry;
        rawBytes = geometry.RawOutputBytes;
        outputBytes = geometry.OutputBytes;
        streamBytes = geometry.Config.Tile.StreamBytes;
        depth = (uint)geometry.Config.Tile.OutputFifo;
        beatWords = TileGeometry.CeilingDivide(8 * streamBytes, 32);
        keepWords = TileGeometry.CeilingDivide(streamBytes, 32);
        data = netlist.Memories.Add($"{path}.data_q", (int)depth, 8 * streamBytes);
        keep = netlist.Memories.Add($"{path}.keep_q", (int)depth, streamBytes);
        last = netlist.Memories.Add($"{path}.last_q", (int)depth, 1);
        read = netlist.IndexRegister(path, "read_q", (int)depth);
        write = netlist.IndexRegister(path, "write_q", (int)depth);
        count = netlist.CountRegister(path, "count_q", (int)depth);
        assembly = netlist.Register(path, "assembly_q", 8 * streamBytes);
        fill = netlist.IndexRegister(path, "fill_q", streamBytes);
        pinReady = ports.Input("m_axis_tready").Offset;
        portData = ports.Output("m_axis_tdata").Offset;
        portKeep = ports.Output("m_axis_tkeep").Offset;
        portValid = ports.Output("m_axis_tvalid").Offset;
        portLast = ports.Output("m_axis_tlast").Offset;
    }

    public bool Ready => registers.Q[count] != depth;
    public uint Count => registers.Q[count];

    public void Evaluate(uint* pins, OutputStage stage, Requantiser requantiser, RegisterFile registerFile)
    {
        uint* q = registers.Q, d = registers.D;
        bool pops = q[count] != 0 && pins[pinReady] != 0;
        if (pops)
            d[read] = Next(q[read]);
        bool pushes = stage.Advance && stage.Valid(6) && Take(requantiser.Value, registerFile.Raw(stage.Layer(6)), stage.Last(6));
        if (pops != pushes)
            d[count] = pushes ? q[count] + 1 : q[count] - 1;
    }

    /// <summary>Appends a value; true when that fills or ends a beat, which goes to the FIFO.</summary>
    private bool Take(ulong value, bool raw, bool isLast)
    {
        uint* q = registers.Q, d = registers.D;
        int bytes = raw ? rawBytes : outputBytes;
        int filled = (int)q[fill] + bytes;
        uint* beat = stackalloc uint[beatWords + 2];
        new Span<uint>(q + assembly, beatWords).CopyTo(new Span<uint>(beat, beatWords));
        beat[beatWords] = beat[beatWords + 1] = 0;
        PackedField.Write(beat, 8 * (int)q[fill], 8 * bytes, value);
        bool pushes = isLast || filled >= streamBytes;
        if (!pushes)
        {
            new Span<uint>(beat, beatWords).CopyTo(new Span<uint>(d + assembly, beatWords));
            d[fill] = (uint)filled;
            return false;
        }

        int entry = (int)q[write];
        data.Write(entry, (ulong*)beat);
        uint* keepBits = stackalloc uint[keepWords + 1];
        for (int w = 0; w <= keepWords; w++)
            keepBits[w] = (uint)PackedField.Mask(Math.Clamp(filled - 32 * w, 0, 32));
        keep.Write(entry, (ulong*)keepBits);
        last.Write(entry, isLast ? 1UL : 0);
        new Span<uint>(d + assembly, beatWords).Clear();
        d[fill] = 0;
        d[write] = Next(q[write]);
        return true;
    }

    /// <summary>The pins of <c>m_axis</c>: the FIFO's head, or zeros.</summary>
    public void Show(Span<uint> outputs)
    {
        bool valid = Count != 0;
        if (!valid && !shown)
            return;
        shown = valid;
        int entry = (int)registers.Q[read];
        outputs[portValid] = valid ? 1u : 0;
        outputs[portLast] = valid ? (uint)last[entry] : 0;
        Span<uint> dataPins = outputs.Slice(portData, beatWords), keepPins = outputs.Slice(portKeep, keepWords);
        if (valid)
        {
            new Span<uint>((uint*)data.Entry(entry), beatWords).CopyTo(dataPins);
            new Span<uint>((uint*)keep.Entry(entry), keepWords).CopyTo(keepPins);
        }
        else
        {
            dataPins.Clear();
            keepPins.Clear();
        }
    }

    private uint Next(uint pointer) => pointer == depth - 1 ? 0 : pointer + 1;
}
