using ReDy.Architecture;

namespace ReDy.Simulation.Verify;

/// <summary>What a register access must be answered with.</summary>
internal enum ExpectedResponse
{
    Okay,
    SlaveError,

    /// <summary>Depends on what the tile is doing at that moment.</summary>
    Either,
}

/// <summary>One read or write of a 32-bit register.</summary>
internal sealed class RegisterAccess
{
    public required TileRegister Register { get; init; }
    public required bool Write { get; init; }
    public uint Data { get; set; }
    public uint Strobe { get; init; } = 0xF;
    public ExpectedResponse Expected { get; init; }
    public bool Done { get; set; }
    public bool Refused { get; set; }

    public override string ToString() =>
        Write ? $"write 0x{Data:X} to {Register.Describe()}" : $"read of {Register.Describe()}";
}

/// <summary>
/// Drives the tile's AXI4-Lite slave. Address and data of a write come in either order, responses may wait, and a few writes
/// may be under way at once. Reads go their own way.
/// </summary>
internal sealed class AxiLiteMaster(
    PortAccess ports, ChannelThrottle addressThrottle, ChannelThrottle dataThrottle, ChannelThrottle responseThrottle,
    ChannelThrottle readThrottle, ChannelThrottle readDataThrottle, SeededRandom random, Action<string> fail)
{
    private const uint NotStalled = uint.MaxValue;

    private readonly List<RegisterAccess> writes = [];
    private readonly Queue<RegisterAccess> reads = new();
    private int addressed;
    private int supplied;
    private bool addressOffered;
    private bool dataOffered;
    private bool readOffered;
    private bool readAddressed;
    private uint stalledWriteResponse = NotStalled;
    private uint stalledReadData;
    private uint stalledReadResponse = NotStalled;

    public bool Idle => writes.Count == 0 && reads.Count == 0;
    public int WritesUnderWay => writes.Count;
    public RegisterAccess? Current => writes.Count != 0 ? writes[0] : reads.TryPeek(out RegisterAccess? read) ? read : null;

    public void Post(RegisterAccess access)
    {
        if (access.Write)
            writes.Add(access);
        else
            reads.Enqueue(access);
    }

    public void Reset()
    {
        writes.Clear();
        reads.Clear();
        addressed = supplied = 0;
        addressOffered = dataOffered = readOffered = readAddressed = false;
        stalledWriteResponse = stalledReadResponse = NotStalled;
    }

    public void Drive(ReadOnlySpan<uint> outputs, Span<uint> inputs)
    {
        DriveWrite(outputs, inputs);
        DriveRead(outputs, inputs);
    }

    private void DriveWrite(ReadOnlySpan<uint> outputs, Span<uint> inputs)
    {
        bool addressOpen = addressThrottle.Open();
        if (!addressOffered && addressOpen && addressed < writes.Count)
        {
            // The two low address bits are ignored.
            inputs[ports.WriteAddress] = (uint)writes[addressed].Register | (uint)random.Below(4);
            inputs[ports.WriteAddressValid] = 1;
            addressOffered = true;
        }
        else if (!addressOffered)
        {
            inputs[ports.WriteAddressValid] = 0;
        }

        bool dataOpen = dataThrottle.Open();
        if (!dataOffered && dataOpen && supplied < writes.Count)
        {
            inputs[ports.WriteData] = writes[supplied].Data;
            inputs[ports.WriteStrobe] = writes[supplied].Strobe;
            inputs[ports.WriteDataValid] = 1;
            dataOffered = true;
        }
        else if (!dataOffered)
        {
            inputs[ports.WriteDataValid] = 0;
        }

        bool responseReady = responseThrottle.Open();
        inputs[ports.WriteResponseReady] = responseReady ? 1u : 0;

        if (addressOffered && outputs[ports.WriteAddressReady] != 0)
        {
            addressOffered = false;
            addressed++;
        }

        if (dataOffered && outputs[ports.WriteDataReady] != 0)
        {
            dataOffered = false;
            supplied++;
        }

        if (outputs[ports.WriteResponseValid] == 0)
        {
            if (stalledWriteResponse != NotStalled)
                fail("s_axi_bvalid fell before s_axi_bready");
            return;
        }

        uint response = outputs[ports.WriteResponse];
        if (stalledWriteResponse != NotStalled && stalledWriteResponse != response)
            fail($"s_axi_bresp changed from {stalledWriteResponse} to {response} while it waited for s_axi_bready");
        stalledWriteResponse = responseReady ? NotStalled : response;
        if (!responseReady)
            return;
        if (addressed == 0 || supplied == 0)
        {
            fail("s_axi_bvalid without a write under way");
            return;
        }

        Finish(writes[0], response);
        writes.RemoveAt(0);
        addressed--;
        supplied--;
    }

    private void DriveRead(ReadOnlySpan<uint> outputs, Span<uint> inputs)
    {
        bool open = readThrottle.Open();
        if (!readOffered && !readAddressed && open && reads.Count != 0)
        {
            inputs[ports.ReadAddress] = (uint)reads.Peek().Register | (uint)random.Below(4);
            inputs[ports.ReadAddressValid] = 1;
            readOffered = true;
        }
        else if (!readOffered)
        {
            inputs[ports.ReadAddressValid] = 0;
        }

        bool dataReady = readDataThrottle.Open();
        inputs[ports.ReadDataReady] = dataReady ? 1u : 0;

        bool addressed = readAddressed;
        if (readOffered && outputs[ports.ReadAddressReady] != 0)
        {
            readOffered = false;
            readAddressed = true;
        }

        if (outputs[ports.ReadDataValid] == 0)
        {
            if (stalledReadResponse != NotStalled)
                fail("s_axi_rvalid fell before s_axi_rready");
            return;
        }

        uint data = outputs[ports.ReadData];
        uint response = outputs[ports.ReadResponse];
        if (stalledReadResponse != NotStalled && (stalledReadResponse != response || stalledReadData != data))
            fail($"s_axi_rdata or s_axi_rresp changed while they waited for s_axi_rready (0x{stalledReadData:X} to 0x{data:X})");
        stalledReadResponse = dataReady ? NotStalled : response;
        stalledReadData = data;
        if (!dataReady)
            return;
        if (!addressed)
        {
            fail("s_axi_rvalid without a read under way");
            return;
        }

        RegisterAccess access = reads.Dequeue();
        access.Data = data;
        readAddressed = false;
        Finish(access, response);
    }

    private void Finish(RegisterAccess access, uint response)
    {
        access.Done = true;
        access.Refused = response != 0;
        if (response is not (0 or 2))
            fail($"{access} was answered with response {response}, neither OKAY (0) nor SLVERR (2)");
        else if (access.Expected != ExpectedResponse.Either && access.Refused != (access.Expected == ExpectedResponse.SlaveError))
            fail($"{access} was answered with {(access.Refused ? "SLVERR" : "OKAY")}, expected {(access.Refused ? "OKAY" : "SLVERR")}");
    }
}
