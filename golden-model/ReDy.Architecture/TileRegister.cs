namespace ReDy.Architecture;

public enum RegisterAccess
{
    ReadOnly,
    ReadWrite,
    WriteOnly,

    /// <summary>Reads show sticky bits; writing a one clears the bit.</summary>
    WriteOneToClear,
}

/// <summary>When the tile refuses a write to a register.</summary>
public enum RegisterGuard
{
    None,

    /// <summary>While a vector uses the layer bank of the window.</summary>
    LayerBank,

    /// <summary>While the weight programmer is busy.</summary>
    Programmer,
}

/// <summary>Some bits of a register.</summary>
public sealed record RegisterField(string Name, int LowBit, int Bits, string Meaning)
{
    public uint Mask => (Bits == 32 ? uint.MaxValue : (1u << Bits) - 1) << LowBit;
}

/// <summary>A 32-bit register of the tile behind AXI4-Lite.</summary>
/// <param name="Offset">Byte address.</param>
/// <param name="Meaning">What it is, as a sentence without final stop.</param>
/// <param name="Fields">Its bits in a given tile, lowest first; all others read as zero and ignore writes.</param>
public sealed record TileRegister(
    string Name, int Offset, RegisterAccess Access, RegisterGuard Guard, string Meaning, Func<TileGeometry, IReadOnlyList<RegisterField>> Fields)
{
    /// <summary>Value after reset.</summary>
    public Func<TileGeometry, uint> Reset { get; init; } = _ => 0;

    /// <summary>Whether a tile has it at all.</summary>
    public Func<TileGeometry, bool> Exists { get; init; } = _ => true;

    public bool IsReadable => Access != RegisterAccess.WriteOnly;
    public bool IsWritable => Access != RegisterAccess.ReadOnly;
}

/// <summary>Bits of the register ERROR.</summary>
public enum TileError
{
    /// <summary>A packet on s_axis did not have the length or the tkeep that its layer asks for, and was dropped.</summary>
    Stream,

    /// <summary>A packet on s_axis_partial had not as many values as the layer has outputs.</summary>
    Partial,

    /// <summary>A layer register was written while its bank was in use, or with a value or index out of range.</summary>
    Bank,

    /// <summary>A program register or command was refused.</summary>
    Program,

    /// <summary>A write to an unknown or read-only address, or of less than 32 bits.</summary>
    Access,
}

/// <summary>Bits of the registers INTERRUPT_MASK and INTERRUPT_PENDING.</summary>
public enum TileInterrupt
{
    VectorDone,
    TileIdle,
    ProgramDone,
    Error,
}

/// <summary>Values of the register PROGRAM_COMMAND.</summary>
public enum ProgramCommand
{
    /// <summary>The row buffer goes to the addressed wordline's cells.</summary>
    WriteRow = 1,

    /// <summary>The low bits of the row buffer, one per bitline, go to the crossbar's flip register.</summary>
    WriteFlips = 2,

    /// <summary>The cell's code comes into READBACK.</summary>
    ReadBack = 3,
}

/// <summary>The performance counters in the order of their registers.</summary>
public enum TileCounter
{
    Clocks,
    LoadBoundClocks,
    Vectors,
    Steps,
    Conversions,
    PlanesStreamed,
    PlanesSkipped,
    Saturations,
}
