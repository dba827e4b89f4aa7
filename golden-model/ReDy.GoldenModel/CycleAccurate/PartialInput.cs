using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Takes raw partial sums from <c>s_axis_partial</c>, one packet per vector, one per output.</summary>
internal sealed unsafe class PartialInput
{
    private readonly RegisterBank registers;
    private readonly int data, last, valid, lane, ended, skipping, lanes, laneBits, valueBits, dataWords;
    private readonly uint laneMask;
    private readonly int pinData, pinValid, pinLast;
    private bool takes, takesLast;

    public PartialInput(Netlist netlist, TilePorts ports)
    {
        const string path = "tile.partial_input";
        registers = netlist.Registers;
        TileGeometry geometry = netlist.Geometry;
        laneBits = geometry.RawOutputBits;
        valueBits = geometry.BiasedBits;
        int beatBits = 8 * geometry.Config.Tile.StreamBytes;
        lanes = geometry.Config.Tile.StreamBytes / geometry.RawOutputBytes;
        laneMask = (uint)PackedField.Mask(TileGeometry.IndexBits(lanes));
        dataWords = TileGeometry.CeilingDivide(beatBits, 32);
        data = netlist.Register(path, "data_q", beatBits);
        last = netlist.Register(path, "last_q", 1);
        valid = netlist.Register(path, "valid_q", 1);
        lane = netlist.IndexRegister(path, "lane_q", lanes);
        ended = netlist.Register(path, "ended_q", 1);
        skipping = netlist.Register(path, "skipping_q", 1);
        pinData = ports.Input("s_axis_partial_tdata").Offset;
        pinValid = ports.Input("s_axis_partial_tvalid").Offset;
        pinLast = ports.Input("s_axis_partial_tlast").Offset;
    }

    public bool Ready => registers.Q[valid] == 0;
    public bool Valid => (registers.Q[valid] | registers.Q[ended]) != 0;
    public long Value => registers.Q[ended] != 0 ? 0
        : PackedField.ReadSigned(registers.Q + data, (int)registers.Q[lane] * laneBits, valueBits);

    /// <summary>The packet's length differs from the layer's outputs; seen in this clock.</summary>
    public bool Error { get; private set; }

    public void Settle(OutputStage stage, RegisterFile registerFile)
    {
        uint* q = registers.Q;
        takes = stage.Advance && stage.Valid(3) && registerFile.Accumulate(stage.Layer(3));
        takesLast = takes && stage.Last(3);
        bool beatEnds = q[lane] == lanes - 1;
        Error = takes && q[ended] == 0 && (takesLast ? q[last] == 0 : beatEnds && q[last] != 0);
    }

    public void Evaluate(uint* pins)
    {
        uint* q = registers.Q, d = registers.D;
        if (Ready && pins[pinValid] != 0)
            AcceptBeat(pins);
        if (takesLast)
        {
            d[ended] = 0;
            if (q[ended] == 0)
            {
                d[valid] = 0;
                if (q[last] == 0)
                    d[skipping] = 1;
            }
        }
        else if (takes && q[ended] == 0)
        {
            d[lane] = (q[lane] + 1) & laneMask;
            if (q[lane] == lanes - 1)
            {
                d[valid] = 0;
                if (q[last] != 0)
                    d[ended] = 1;
            }
        }
    }

    private void AcceptBeat(uint* pins)
    {
        uint* q = registers.Q, d = registers.D;
        if (q[skipping] != 0)
        {
            d[skipping] = pins[pinLast] ^ 1;
            return;
        }

        new Span<uint>(pins + pinData, dataWords).CopyTo(new Span<uint>(d + data, dataWords));
        d[last] = pins[pinLast];
        d[valid] = 1;
        d[lane] = 0;
    }
}
