using static ReDy.Architecture.RegisterAccess;
using static ReDy.Architecture.RegisterGuard;

namespace ReDy.Architecture;

/// <summary>
/// The registers of a tile: the one table that the Verilog's addresses, the C header, the documentation and every program
/// that drives a tile are made of.
/// </summary>
public static class RegisterMap
{
    public const uint IdValue = 0x52654479;
    public const uint VersionValue = 1;

    /// <summary>Index registers count to 65535.</summary>
    public const int IndexBits = 16;

    public static readonly TileRegister Id = new("ID", 0x000, ReadOnly, None, "Identifies a ReDy tile: ASCII \"ReDy\"", _ => Value(32)) { Reset = _ => IdValue };
    public static readonly TileRegister Version = new("VERSION", 0x004, ReadOnly, None, "Version of this register map", _ => Value(32)) { Reset = _ => VersionValue };
    public static readonly TileRegister CapacityRows = new("CAPACITY_ROWS", 0x008, ReadOnly, None, "Most rows K of a layer", _ => Value(32)) { Reset = g => (uint)g.CapacityRows };
    public static readonly TileRegister CapacityOutputs = new("CAPACITY_OUTPUTS", 0x00C, ReadOnly, None, "Most outputs N of a layer", _ => Value(32)) { Reset = g => (uint)g.CapacityOutputs };

    public static readonly TileRegister Control = new("CONTROL", 0x010, ReadWrite, None, "What the tile does with the stream", _ =>
    [
        new("ENABLE", 0, 1, "vectors may begin"),
        new("ACTIVE_BANK", 1, 1, "layer bank of the vectors that begin from now on"),
    ]);

    public static readonly TileRegister Status = new("STATUS", 0x014, ReadOnly, None, "State of the tile", _ =>
    [
        new("TILE_IDLE", 0, 1, "no vector is in the tile"),
        new("PROGRAM_BUSY", 1, 1, "the weight programmer runs a command"),
        new("BANK_0_IN_USE", 2, 1, "a vector uses layer bank 0"),
        new("BANK_1_IN_USE", 3, 1, "a vector uses layer bank 1"),
    ])
    {
        Reset = _ => 1,
    };

    public static readonly TileRegister Error = new("ERROR", 0x018, WriteOneToClear, None, "What went wrong", _ =>
    [
        new("STREAM", (int)TileError.Stream, 1, "a packet did not have its layer's length or tkeep and was dropped"),
        new("PARTIAL", (int)TileError.Partial, 1, "a packet of partial sums did not have its layer's length"),
        new("BANK", (int)TileError.Bank, 1, "a layer register was written while its bank was in use, or out of range"),
        new("PROGRAM", (int)TileError.Program, 1, "a program register or command was refused"),
        new("ACCESS", (int)TileError.Access, 1, "a write to an unknown or read-only address, or of less than 32 bits"),
    ]);

    public static readonly TileRegister InterruptMask = new("INTERRUPT_MASK", 0x01C, ReadWrite, None, "Events that raise the interrupt", _ => Interrupts());
    public static readonly TileRegister InterruptPending = new("INTERRUPT_PENDING", 0x020, WriteOneToClear, None, "Events since they were last cleared", _ => Interrupts());

    public static readonly TileRegister LayerWindow = new("LAYER_WINDOW", 0x024, ReadWrite, None, "Layer bank that the LAYER_*, OUTPUT_* and THRESHOLD registers address", _ => Value(1));
    public static readonly TileRegister LayerRows = new("LAYER_ROWS", 0x028, ReadWrite, LayerBank, "Rows K of the layer, at most CAPACITY_ROWS; 0 refuses every vector", g => Value(TileGeometry.UnsignedBits(g.CapacityRows)));
    public static readonly TileRegister LayerOutputs = new("LAYER_OUTPUTS", 0x02C, ReadWrite, LayerBank, "Outputs N of the layer, at most CAPACITY_OUTPUTS; 0 refuses every vector", g => Value(TileGeometry.UnsignedBits(g.CapacityOutputs)));

    public static readonly TileRegister LayerMode = new("LAYER_MODE", 0x030, ReadWrite, LayerBank, "How the layer is computed", _ =>
    [
        new("POLICY", 0, 2, "0 static, 1 lossless, 2 statistical; a tile does at most what it was generated for"),
        new("RAW", 2, 1, "outputs are raw accumulators with bias, not requantised"),
        new("RELU", 3, 1, "negative y + bias becomes 0 (not with RAW)"),
        new("ACCUMULATE", 4, 1, "partial sums from s_axis_partial are added"),
    ])
    {
        Reset = g => (uint)g.Policy,
    };

    public static readonly TileRegister LayerZeroPoint = new("LAYER_ZERO_POINT", 0x034, ReadWrite, LayerBank, "Added to requantised outputs", g => Value(g.Config.Outputs.Bits));
    public static readonly TileRegister OutputIndex = new("OUTPUT_INDEX", 0x038, ReadWrite, None, "Output that OUTPUT_BIAS and OUTPUT_SHIFT address", _ => Value(IndexBits));
    public static readonly TileRegister OutputBias = new("OUTPUT_BIAS", 0x03C, WriteOnly, LayerBank, "Signed bias of the output at OUTPUT_INDEX, written at once", g => Value(g.Config.Outputs.BiasBits));
    public static readonly TileRegister OutputMultiplier = new("OUTPUT_MULTIPLIER", 0x040, WriteOnly, LayerBank, "Multiplier, held until OUTPUT_SHIFT is written", g => Value(g.Config.Outputs.MultiplierBits));
    public static readonly TileRegister OutputShift = new("OUTPUT_SHIFT", 0x044, WriteOnly, LayerBank, "Shift; writes multiplier and shift of the output at OUTPUT_INDEX, then adds 1 to OUTPUT_INDEX", _ => Value(TileGeometry.ShiftBits));

    public static readonly TileRegister ThresholdIndex = new("THRESHOLD_INDEX", 0x048, ReadWrite, None, "Threshold that THRESHOLD addresses: group * max_drop + j, group = tile row * row_blocks + row block", _ => Value(IndexBits)) { Exists = HasThresholds };
    public static readonly TileRegister Threshold = new("THRESHOLD", 0x04C, WriteOnly, LayerBank, "Threshold at THRESHOLD_INDEX, all ones means never; then adds 1 to THRESHOLD_INDEX", g => Value(g.ThresholdBits)) { Exists = HasThresholds };

    public static readonly TileRegister ProgramCrossbar = new("PROGRAM_CROSSBAR", 0x050, ReadWrite, Programmer, "Crossbar: ((tile row * columns + tile column) * row_blocks + row block) * column_blocks + column block", _ => Value(IndexBits));
    public static readonly TileRegister ProgramRow = new("PROGRAM_ROW", 0x054, ReadWrite, Programmer, "Wordline", _ => Value(IndexBits));
    public static readonly TileRegister ProgramBitline = new("PROGRAM_BITLINE", 0x058, ReadWrite, Programmer, "Bitline to read back", _ => Value(IndexBits));
    public static readonly TileRegister ProgramWord = new("PROGRAM_WORD", 0x05C, ReadWrite, Programmer, "Word of the row buffer that PROGRAM_DATA goes to", _ => Value(IndexBits));
    public static readonly TileRegister ProgramData = new("PROGRAM_DATA", 0x060, WriteOnly, Programmer, "32 bits of the row buffer (cell c at bit c * cell.bits), then adds 1 to PROGRAM_WORD", _ => Value(32));
    public static readonly TileRegister Command = new("PROGRAM_COMMAND", 0x064, WriteOnly, Programmer, "1 writes the row buffer to the row, 2 its low bits (bit c is bitline c) to the flip register, 3 reads one cell back; only while the tile is idle", _ => Value(32));
    public static readonly TileRegister Readback = new("READBACK", 0x068, ReadOnly, None, "ADC code of the last read-back", g => Value(g.Config.Adc.Bits));

    public static readonly TileRegister CounterCommand = new("COUNTER_COMMAND", 0x080, WriteOnly, None, "Acts on all counters at once; with both bits the snapshot comes first", _ =>
    [
        new("SNAPSHOT", 0, 1, "copy the counters to where they are read"),
        new("CLEAR", 1, 1, "set the counters to 0"),
    ]);

    public const int FirstCounterOffset = 0x090;

    /// <summary>Low and high halves of every counter's snapshot, low first.</summary>
    public static IReadOnlyList<TileRegister> Counters { get; } =
    [
        .. Enum.GetValues<TileCounter>().SelectMany(counter => new[] { CounterHalf(counter, "LOW", 0), CounterHalf(counter, "HIGH", 1) }),
    ];

    /// <summary>Every register that any tile has, by ascending offset.</summary>
    public static IReadOnlyList<TileRegister> All { get; } =
    [
        Id, Version, CapacityRows, CapacityOutputs, Control, Status, Error, InterruptMask, InterruptPending,
        LayerWindow, LayerRows, LayerOutputs, LayerMode, LayerZeroPoint,
        OutputIndex, OutputBias, OutputMultiplier, OutputShift, ThresholdIndex, Threshold,
        ProgramCrossbar, ProgramRow, ProgramBitline, ProgramWord, ProgramData, Command, Readback,
        CounterCommand, .. Counters,
    ];

    /// <summary>Registers of one tile, by ascending offset.</summary>
    public static IReadOnlyList<TileRegister> Of(TileGeometry geometry) => [.. All.Where(register => register.Exists(geometry))];

    /// <summary>Offset of the low half of a counter's snapshot; the high half is 4 bytes on.</summary>
    public static int CounterOffset(TileCounter counter) => FirstCounterOffset + 8 * (int)counter;

    private static IReadOnlyList<RegisterField> Interrupts() =>
    [
        new("VECTOR_DONE", (int)TileInterrupt.VectorDone, 1, "the last output of a vector has left the requantiser"),
        new("TILE_IDLE", (int)TileInterrupt.TileIdle, 1, "the tile became idle"),
        new("PROGRAM_DONE", (int)TileInterrupt.ProgramDone, 1, "a program command has ended"),
        new("ERROR", (int)TileInterrupt.Error, 1, "a bit of ERROR was newly set"),
    ];

    private static bool HasThresholds(TileGeometry geometry) => geometry.MaxDrop > 0;

    private static IReadOnlyList<RegisterField> Value(int bits) => [new("VALUE", 0, bits, "")];

    private static TileRegister CounterHalf(TileCounter counter, string half, int index) =>
        new($"COUNTER_{TileParameters.Spell(counter).ToUpperInvariant()}_{half}", CounterOffset(counter) + 4 * index, ReadOnly, None,
            $"{(index == 0 ? "Low" : "High")} half of the snapshot: {MeaningOf(counter)}",
            g => Math.Clamp(g.Config.Rtl.CounterBits - 32 * index, 0, 32) is > 0 and int bits ? Value(bits) : []);

    private static string MeaningOf(TileCounter counter) => counter switch
    {
        TileCounter.Clocks => "clocks",
        TileCounter.LoadBoundClocks => "clocks in which a vector is being loaded and no IMA of column 0 works",
        TileCounter.Vectors => "vectors done",
        TileCounter.Steps => "planes applied to crossbars, over all used crossbars",
        TileCounter.Conversions => "conversions started, over all ADCs",
        TileCounter.PlanesStreamed => "planes streamed, once per group",
        TileCounter.PlanesSkipped => "planes not streamed, once per group",
        _ => "conversions that saturated, over all ADCs",
    };
}
