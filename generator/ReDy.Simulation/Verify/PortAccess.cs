using System.Runtime.CompilerServices;
using ReDy.Architecture;

namespace ReDy.Simulation.Verify;

/// <summary>Where the tile's ports lie in the flat arrays, by their AXI names.</summary>
internal sealed class PortAccess(TilePorts ports)
{
    public readonly int Reset = ports.Input("aresetn").Offset;
    public readonly SignalSlot StreamData = ports.Input("s_axis_tdata");
    public readonly SignalSlot StreamKeep = ports.Input("s_axis_tkeep");
    public readonly int StreamValid = ports.Input("s_axis_tvalid").Offset;
    public readonly int StreamLast = ports.Input("s_axis_tlast").Offset;
    public readonly int StreamReady = ports.Output("s_axis_tready").Offset;
    public readonly SignalSlot PartialData = ports.Input("s_axis_partial_tdata");
    public readonly int PartialValid = ports.Input("s_axis_partial_tvalid").Offset;
    public readonly int PartialLast = ports.Input("s_axis_partial_tlast").Offset;
    public readonly int PartialReady = ports.Output("s_axis_partial_tready").Offset;
    public readonly SignalSlot ResultData = ports.Output("m_axis_tdata");
    public readonly SignalSlot ResultKeep = ports.Output("m_axis_tkeep");
    public readonly int ResultValid = ports.Output("m_axis_tvalid").Offset;
    public readonly int ResultLast = ports.Output("m_axis_tlast").Offset;
    public readonly int ResultReady = ports.Input("m_axis_tready").Offset;
    public readonly int WriteAddress = ports.Input("s_axi_awaddr").Offset;
    public readonly int WriteAddressValid = ports.Input("s_axi_awvalid").Offset;
    public readonly int WriteAddressReady = ports.Output("s_axi_awready").Offset;
    public readonly int WriteData = ports.Input("s_axi_wdata").Offset;
    public readonly int WriteStrobe = ports.Input("s_axi_wstrb").Offset;
    public readonly int WriteDataValid = ports.Input("s_axi_wvalid").Offset;
    public readonly int WriteDataReady = ports.Output("s_axi_wready").Offset;
    public readonly int WriteResponse = ports.Output("s_axi_bresp").Offset;
    public readonly int WriteResponseValid = ports.Output("s_axi_bvalid").Offset;
    public readonly int WriteResponseReady = ports.Input("s_axi_bready").Offset;
    public readonly int ReadAddress = ports.Input("s_axi_araddr").Offset;
    public readonly int ReadAddressValid = ports.Input("s_axi_arvalid").Offset;
    public readonly int ReadAddressReady = ports.Output("s_axi_arready").Offset;
    public readonly int ReadData = ports.Output("s_axi_rdata").Offset;
    public readonly int ReadResponse = ports.Output("s_axi_rresp").Offset;
    public readonly int ReadDataValid = ports.Output("s_axi_rvalid").Offset;
    public readonly int ReadDataReady = ports.Input("s_axi_rready").Offset;
    public readonly int Interrupt = ports.Output("interrupt").Offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<uint> Words(Span<uint> all, SignalSlot slot) => all.Slice(slot.Offset, slot.Words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<uint> Words(ReadOnlySpan<uint> all, SignalSlot slot) => all.Slice(slot.Offset, slot.Words);
}
