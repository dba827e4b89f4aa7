namespace ReDy.Architecture;

/// <summary>One port or register as a run of 32-bit words, least significant first, in a flat array.</summary>
public readonly record struct SignalSlot(string Name, int Bits, int Offset)
{
    public int Words => (Bits + 31) / 32;
}

/// <summary>
/// The ports of the tile (clock apart) in the order of the Verilog module, and where each lies in the flat arrays that the
/// golden model, the stimulus and the simulation exchange. <c>aresetn</c> is the first input.
/// </summary>
public sealed class TilePorts
{
    public const int RegisterAddressBits = 12;

    public TilePorts(TileGeometry geometry)
    {
        int streamBytes = geometry.Config.Tile.StreamBytes;
        Inputs = Lay(
            ("aresetn", 1),
            ("s_axis_tdata", 8 * streamBytes), ("s_axis_tkeep", streamBytes), ("s_axis_tvalid", 1), ("s_axis_tlast", 1),
            ("s_axis_partial_tdata", 8 * streamBytes), ("s_axis_partial_tvalid", 1), ("s_axis_partial_tlast", 1),
            ("m_axis_tready", 1),
            ("s_axi_awaddr", RegisterAddressBits), ("s_axi_awvalid", 1),
            ("s_axi_wdata", 32), ("s_axi_wstrb", 4), ("s_axi_wvalid", 1), ("s_axi_bready", 1),
            ("s_axi_araddr", RegisterAddressBits), ("s_axi_arvalid", 1), ("s_axi_rready", 1));
        Outputs = Lay(
            ("s_axis_tready", 1), ("s_axis_partial_tready", 1),
            ("m_axis_tdata", 8 * streamBytes), ("m_axis_tkeep", streamBytes), ("m_axis_tvalid", 1), ("m_axis_tlast", 1),
            ("s_axi_awready", 1), ("s_axi_wready", 1), ("s_axi_bresp", 2), ("s_axi_bvalid", 1),
            ("s_axi_arready", 1), ("s_axi_rdata", 32), ("s_axi_rresp", 2), ("s_axi_rvalid", 1),
            ("interrupt", 1));
    }

    public IReadOnlyList<SignalSlot> Inputs { get; }
    public IReadOnlyList<SignalSlot> Outputs { get; }
    public int InputWords => Inputs[^1].Offset + Inputs[^1].Words;
    public int OutputWords => Outputs[^1].Offset + Outputs[^1].Words;

    public SignalSlot Input(string name) => Inputs.Single(port => port.Name == name);
    public SignalSlot Output(string name) => Outputs.Single(port => port.Name == name);

    private static SignalSlot[] Lay(params (string Name, int Bits)[] ports)
    {
        var slots = new SignalSlot[ports.Length];
        int offset = 0;
        for (int i = 0; i < ports.Length; i++)
        {
            slots[i] = new SignalSlot(ports[i].Name, ports[i].Bits, offset);
            offset += slots[i].Words;
        }

        return slots;
    }
}
