using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>AXI4-Lite slave <c>s_axi</c>: control, status, errors and the double-banked layer registers.</summary>
internal sealed unsafe class RegisterFile
{
    private const uint Okay = 0;
    private const uint SlaveError = 2;

    private readonly RegisterBank registers;
    private readonly TileGeometry geometry;
    private readonly bool hasThresholds;
    private readonly int awFull, awAddress, wFull, wData, wStrobe, bValid, bResponse, rValid, rData, rResponse;
    private readonly int enable, activeBank, error, window, rows0, outputs0, mode0, zeroPoint0, outputIndex, multiplier, thresholdIndex;
    private readonly int pinAwAddress, pinAwValid, pinWData, pinWStrobe, pinWValid, pinBReady, pinArAddress, pinArValid, pinRReady;
    private readonly int zeroPointBits;
    private readonly uint netlistPolicy;
    private bool execute;
    private uint refusal, acceptedAddress, errors;

    public RegisterFile(Netlist netlist, TilePorts ports)
    {
        const string path = "tile.register_file";
        registers = netlist.Registers;
        geometry = netlist.Geometry;
        netlistPolicy = (uint)geometry.Policy;
        hasThresholds = geometry.MaxDrop > 0;
        zeroPointBits = geometry.Config.Outputs.Bits;
        awFull = netlist.Register(path, "aw_full_q", 1);
        awAddress = netlist.Register(path, "aw_address_q", TilePorts.RegisterAddressBits);
        wFull = netlist.Register(path, "w_full_q", 1);
        wData = netlist.Register(path, "w_data_q", 32);
        wStrobe = netlist.Register(path, "w_strobe_q", 4);
        bValid = netlist.Register(path, "b_valid_q", 1);
        bResponse = netlist.Register(path, "b_response_q", 2);
        rValid = netlist.Register(path, "r_valid_q", 1);
        rData = netlist.Register(path, "r_data_q", 32);
        rResponse = netlist.Register(path, "r_response_q", 2);
        enable = netlist.Register(path, "enable_q", 1);
        activeBank = netlist.Register(path, "active_bank_q", 1);
        error = netlist.Register(path, "error_q", 5);
        window = netlist.Register(path, "window_q", 1);
        rows0 = netlist.CountRegister(path, "rows0_q", geometry.CapacityRows);
        netlist.CountRegister(path, "rows1_q", geometry.CapacityRows);
        outputs0 = netlist.CountRegister(path, "outputs0_q", geometry.CapacityOutputs);
        netlist.CountRegister(path, "outputs1_q", geometry.CapacityOutputs);
        mode0 = netlist.Register(path, "mode0_q", 5, netlistPolicy);
        netlist.Register(path, "mode1_q", 5, netlistPolicy);
        zeroPoint0 = netlist.Register(path, "zero_point0_q", zeroPointBits);
        netlist.Register(path, "zero_point1_q", zeroPointBits);
        outputIndex = netlist.Register(path, "output_index_q", 16);
        multiplier = netlist.Register(path, "multiplier_q", geometry.Config.Outputs.MultiplierBits);
        thresholdIndex = hasThresholds ? netlist.Register(path, "threshold_index_q", 16) : -1;
        pinAwAddress = ports.Input("s_axi_awaddr").Offset;
        pinAwValid = ports.Input("s_axi_awvalid").Offset;
        pinWData = ports.Input("s_axi_wdata").Offset;
        pinWStrobe = ports.Input("s_axi_wstrb").Offset;
        pinWValid = ports.Input("s_axi_wvalid").Offset;
        pinBReady = ports.Input("s_axi_bready").Offset;
        pinArAddress = ports.Input("s_axi_araddr").Offset;
        pinArValid = ports.Input("s_axi_arvalid").Offset;
        pinRReady = ports.Input("s_axi_rready").Offset;
    }

    public bool Enable => registers.Q[enable] != 0;
    public uint ActiveBank => registers.Q[activeBank];
    public uint Window => registers.Q[window];
    public int Rows(uint layer) => (int)registers.Q[rows0 + (int)layer];
    public int Outputs(uint layer) => (int)registers.Q[outputs0 + (int)layer];
    public bool Raw(uint layer) => (registers.Q[mode0 + (int)layer] & RegisterAddress.ModeRaw) != 0;
    public bool Relu(uint layer) => (registers.Q[mode0 + (int)layer] & RegisterAddress.ModeRelu) != 0;
    public bool Accumulate(uint layer) => (registers.Q[mode0 + (int)layer] & RegisterAddress.ModeAccumulate) != 0;
    public uint ZeroPoint(uint layer) => registers.Q[zeroPoint0 + (int)layer];
    public int OutputIndex => (int)registers.Q[outputIndex];
    public uint Multiplier => registers.Q[multiplier];
    public int ThresholdIndex => (int)registers.Q[thresholdIndex];

    /// <summary>The policy that applies to a layer: its mode, at most what the netlist has.</summary>
    public PrecisionPolicy Policy(uint layer) =>
        (PrecisionPolicy)Math.Min(Math.Min(registers.Q[mode0 + (int)layer] & 3, 2), netlistPolicy);

    public uint WriteData => registers.Q[wData];

    /// <summary>A write to this register takes effect at the end of this clock.</summary>
    public bool Writes(uint address) => acceptedAddress == address;
    public bool CommandAccepted => Writes(RegisterAddress.ProgramCommand);

    /// <summary>ERROR bits that are set in this clock although they were 0.</summary>
    public uint NewErrors { get; private set; }

    public bool AwReady => registers.Q[awFull] == 0;
    public bool WReady => registers.Q[wFull] == 0;
    public bool ArReady => registers.Q[rValid] == 0;
    public bool BValid => registers.Q[bValid] != 0;
    public uint BResponse => registers.Q[bResponse];
    public bool RValid => registers.Q[rValid] != 0;
    public uint RData => registers.Q[rData];
    public uint RResponse => registers.Q[rResponse];

    /// <summary>Decides whether a complete write is accepted, and if not, which ERROR bit it sets.</summary>
    public void Settle(VectorQueue queue, StreamInput stream, WeightProgrammer programmer)
    {
        uint* q = registers.Q;
        execute = (q[awFull] & q[wFull] & (q[bValid] ^ 1)) != 0;
        acceptedAddress = uint.MaxValue;
        refusal = 0;
        if (!execute)
            return;
        uint address = q[awAddress] & ~3u;
        refusal = q[wStrobe] == 15 ? Refusal(address, q[wData], queue, stream, programmer) : RegisterAddress.AccessError;
        if (refusal == 0)
            acceptedAddress = address;
    }

    private uint Refusal(uint address, uint data, VectorQueue queue, StreamInput stream, WeightProgrammer programmer)
    {
        switch (address)
        {
            case RegisterAddress.Control or RegisterAddress.Error or RegisterAddress.InterruptMask or RegisterAddress.InterruptPending
                or RegisterAddress.LayerWindow or RegisterAddress.OutputIndex or RegisterAddress.CounterCommand:
                return 0;
            case RegisterAddress.ThresholdIndex:
                return hasThresholds ? 0 : RegisterAddress.AccessError;
            case RegisterAddress.Threshold when !hasThresholds:
                return RegisterAddress.AccessError;
            case RegisterAddress.LayerRows or RegisterAddress.LayerOutputs or RegisterAddress.LayerMode or RegisterAddress.LayerZeroPoint
                or RegisterAddress.OutputBias or RegisterAddress.OutputMultiplier or RegisterAddress.OutputShift or RegisterAddress.Threshold:
                return queue.BankInUse(Window, stream) || !LayerValueFits(address, data) ? RegisterAddress.BankError : 0;
            case RegisterAddress.ProgramCrossbar or RegisterAddress.ProgramRow or RegisterAddress.ProgramBitline or RegisterAddress.ProgramWord:
                return programmer.Busy ? RegisterAddress.ProgramError : 0;
            case RegisterAddress.ProgramData:
                return programmer.Busy || !programmer.WordExists ? RegisterAddress.ProgramError : 0;
            case RegisterAddress.ProgramCommand:
                return programmer.Busy || !programmer.CommandIsLegal(data) || !queue.TileIdle(stream) ? RegisterAddress.ProgramError : 0;
            default:
                return RegisterAddress.AccessError;
        }
    }

    private bool LayerValueFits(uint address, uint data) => address switch
    {
        RegisterAddress.LayerRows => data <= geometry.CapacityRows,
        RegisterAddress.LayerOutputs => data <= geometry.CapacityOutputs,
        RegisterAddress.OutputBias or RegisterAddress.OutputShift => OutputIndex < geometry.CapacityOutputs,
        RegisterAddress.Threshold => ThresholdIndex < geometry.Groups * geometry.MaxDrop,
        _ => true,
    };

    /// <param name="pulses">STREAM and PARTIAL error pulses of this clock.</param>
    public void Observe(uint pulses)
    {
        errors = pulses | refusal;
        NewErrors = errors & ~registers.Q[error];
    }

    public void Evaluate(uint* pins, Tile tile)
    {
        uint* q = registers.Q, d = registers.D;
        if (q[awFull] == 0 && pins[pinAwValid] != 0)
        {
            d[awFull] = 1;
            d[awAddress] = pins[pinAwAddress];
        }

        if (q[wFull] == 0 && pins[pinWValid] != 0)
        {
            d[wFull] = 1;
            d[wData] = pins[pinWData];
            d[wStrobe] = pins[pinWStrobe];
        }

        if (q[bValid] != 0 && pins[pinBReady] != 0)
            d[bValid] = 0;
        if (q[rValid] != 0 && pins[pinRReady] != 0)
            d[rValid] = 0;
        if (q[rValid] == 0 && pins[pinArValid] != 0)
        {
            d[rValid] = 1;
            bool known = tile.TryRead(pins[pinArAddress] & ~3u, out d[rData]);
            d[rResponse] = known ? Okay : SlaveError;
        }

        if (execute)
        {
            d[awFull] = d[wFull] = 0;
            d[bValid] = 1;
            d[bResponse] = refusal == 0 ? Okay : SlaveError;
            WriteOwnRegisters(q[wData]);
        }

        d[error] |= errors;
    }

    private void WriteOwnRegisters(uint data)
    {
        uint* q = registers.Q, d = registers.D;
        int layer = (int)Window;
        switch (acceptedAddress)
        {
            case RegisterAddress.Control:
                d[enable] = data & 1;
                d[activeBank] = (data >> 1) & 1;
                break;
            case RegisterAddress.Error:
                d[error] = q[error] & ~data;
                break;
            case RegisterAddress.LayerWindow:
                d[window] = data & 1;
                break;
            case RegisterAddress.LayerRows:
                d[rows0 + layer] = data;
                break;
            case RegisterAddress.LayerOutputs:
                d[outputs0 + layer] = data;
                break;
            case RegisterAddress.LayerMode:
                d[mode0 + layer] = data & 31;
                break;
            case RegisterAddress.LayerZeroPoint:
                d[zeroPoint0 + layer] = data & (uint)PackedField.Mask(zeroPointBits);
                break;
            case RegisterAddress.OutputIndex:
                d[outputIndex] = data & 0xFFFF;
                break;
            case RegisterAddress.OutputMultiplier:
                d[multiplier] = data & (uint)PackedField.Mask(geometry.Config.Outputs.MultiplierBits);
                break;
            case RegisterAddress.OutputShift:
                d[outputIndex] = (q[outputIndex] + 1) & 0xFFFF;
                break;
            case RegisterAddress.ThresholdIndex:
                d[thresholdIndex] = data & 0xFFFF;
                break;
            case RegisterAddress.Threshold:
                d[thresholdIndex] = (q[thresholdIndex] + 1) & 0xFFFF;
                break;
        }
    }

    /// <summary>Value of one of this block's registers during this clock.</summary>
    public bool TryRead(uint address, out uint value)
    {
        uint* q = registers.Q;
        int layer = (int)Window;
        value = 0;
        switch (address)
        {
            case RegisterAddress.Id:
                value = 0x52654479;
                return true;
            case RegisterAddress.Version:
                value = 1;
                return true;
            case RegisterAddress.CapacityRows:
                value = (uint)geometry.CapacityRows;
                return true;
            case RegisterAddress.CapacityOutputs:
                value = (uint)geometry.CapacityOutputs;
                return true;
            case RegisterAddress.Control:
                value = q[enable] | (q[activeBank] << 1);
                return true;
            case RegisterAddress.Error:
                value = q[error];
                return true;
            case RegisterAddress.LayerWindow:
                value = q[window];
                return true;
            case RegisterAddress.LayerRows:
                value = q[rows0 + layer];
                return true;
            case RegisterAddress.LayerOutputs:
                value = q[outputs0 + layer];
                return true;
            case RegisterAddress.LayerMode:
                value = q[mode0 + layer];
                return true;
            case RegisterAddress.LayerZeroPoint:
                value = q[zeroPoint0 + layer];
                return true;
            case RegisterAddress.OutputIndex:
                value = q[outputIndex];
                return true;
            case RegisterAddress.ThresholdIndex when hasThresholds:
                value = q[thresholdIndex];
                return true;
            default:
                return false;
        }
    }
}
