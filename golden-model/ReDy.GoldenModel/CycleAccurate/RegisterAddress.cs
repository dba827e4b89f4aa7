namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Byte addresses of the registers behind <c>s_axi</c> as the tile decodes them. Kept apart from <see cref="ReDy.Architecture.RegisterMap"/>, from which drivers and Verilog take them, so that neither can hide a slip in the other.</summary>
internal static class RegisterAddress
{
    public const uint Id = 0x000;
    public const uint Version = 0x004;
    public const uint CapacityRows = 0x008;
    public const uint CapacityOutputs = 0x00C;
    public const uint Control = 0x010;
    public const uint Status = 0x014;
    public const uint Error = 0x018;
    public const uint InterruptMask = 0x01C;
    public const uint InterruptPending = 0x020;
    public const uint LayerWindow = 0x024;
    public const uint LayerRows = 0x028;
    public const uint LayerOutputs = 0x02C;
    public const uint LayerMode = 0x030;
    public const uint LayerZeroPoint = 0x034;
    public const uint OutputIndex = 0x038;
    public const uint OutputBias = 0x03C;
    public const uint OutputMultiplier = 0x040;
    public const uint OutputShift = 0x044;
    public const uint ThresholdIndex = 0x048;
    public const uint Threshold = 0x04C;
    public const uint ProgramCrossbar = 0x050;
    public const uint ProgramRow = 0x054;
    public const uint ProgramBitline = 0x058;
    public const uint ProgramWord = 0x05C;
    public const uint ProgramData = 0x060;
    public const uint ProgramCommand = 0x064;
    public const uint Readback = 0x068;
    public const uint CounterCommand = 0x080;
    public const uint Counters = 0x090;

    /// <summary>Bits of <see cref="Error"/>.</summary>
    public const uint StreamError = 1 << 0;
    public const uint PartialError = 1 << 1;
    public const uint BankError = 1 << 2;
    public const uint ProgramError = 1 << 3;
    public const uint AccessError = 1 << 4;

    /// <summary>Bits of <see cref="InterruptPending"/> and <see cref="InterruptMask"/>.</summary>
    public const uint VectorDone = 1 << 0;
    public const uint BecameIdle = 1 << 1;
    public const uint ProgramDone = 1 << 2;
    public const uint NewError = 1 << 3;

    /// <summary>Bits of <see cref="LayerMode"/> above the policy.</summary>
    public const uint ModeRaw = 1 << 2;
    public const uint ModeRelu = 1 << 3;
    public const uint ModeAccumulate = 1 << 4;

    /// <summary>Values of <see cref="ProgramCommand"/>.</summary>
    public const uint WriteRow = 1;
    public const uint WriteFlips = 2;
    public const uint ReadCell = 3;
}
