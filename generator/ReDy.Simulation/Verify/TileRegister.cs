namespace ReDy.Simulation.Verify;

/// <summary>Byte addresses of the tile's registers, from docs/timing.md and independent of the generator's register map.</summary>
internal enum TileRegister
{
    Id = 0x000,
    Version = 0x004,
    CapacityRows = 0x008,
    CapacityOutputs = 0x00C,
    Control = 0x010,
    Status = 0x014,
    Error = 0x018,
    InterruptMask = 0x01C,
    InterruptPending = 0x020,
    LayerWindow = 0x024,
    LayerRows = 0x028,
    LayerOutputs = 0x02C,
    LayerMode = 0x030,
    LayerZeroPoint = 0x034,
    OutputIndex = 0x038,
    OutputBias = 0x03C,
    OutputMultiplier = 0x040,
    OutputShift = 0x044,
    ThresholdIndex = 0x048,
    Threshold = 0x04C,
    ProgramCrossbar = 0x050,
    ProgramRow = 0x054,
    ProgramBitline = 0x058,
    ProgramWord = 0x05C,
    ProgramData = 0x060,
    ProgramCommand = 0x064,
    Readback = 0x068,
    CounterCommand = 0x080,
    Counters = 0x090,
}

/// <summary>Bits of the ERROR register.</summary>
[Flags]
internal enum TileErrors
{
    None = 0,
    Stream = 1,
    Partial = 2,
    Bank = 4,
    Program = 8,
    Access = 16,
}

internal static class TileRegisterText
{
    public static string Describe(this TileRegister register) =>
        Enum.IsDefined(register) ? $"{register} (0x{(int)register:X3})" : $"address 0x{(int)register:X3}";
}
