namespace ReDy.Architecture;

/// <summary>How signed weights become non-negative cell values.</summary>
public enum WeightEncoding
{
    /// <summary>ISAAC: 2^(bits-1) is added to every weight and X * 2^(bits-1) subtracted from every result.</summary>
    Offset,

    /// <summary>A positive and a negative bitline per slice hold max(W, 0) and max(-W, 0).</summary>
    Differential,
}

/// <summary>Which bit planes of a group are streamed. Each policy includes the ones before it.</summary>
public enum PrecisionPolicy
{
    /// <summary>Every plane, always.</summary>
    Static,

    /// <summary>Planes that are zero in every activation of the group are left out.</summary>
    Lossless,

    /// <summary>Low planes are rounded away as the group's statistic allows, then as <see cref="Lossless"/>.</summary>
    Statistical,
}

/// <summary>What the dynamic precision unit measures of a group's raw activations.</summary>
public enum GroupStatistic
{
    Sum,
    Max,

    /// <summary>Mean of the non-zero activations; compared as sum >= threshold * count, so no divider is needed.</summary>
    NonzeroMean,
}

public enum DropRounding
{
    /// <summary>Half of the dropped weight is added first; saturates at the largest representable multiple.</summary>
    Nearest,
    Truncate,
}

/// <summary>
/// One accelerator tile, as a configuration file describes it. Defaults are those of preset <c>redy</c>.
/// Immutable: a variant is made with <c>with</c>. Legality is <see cref="TileConfigRules"/>' business,
/// everything that follows from these numbers is <see cref="TileGeometry"/>'s.
/// </summary>
public sealed record TileConfig
{
    public CrossbarConfig Crossbar { get; init; } = new();
    public CellConfig Cell { get; init; } = new();
    public WeightsConfig Weights { get; init; } = new();
    public ActivationsConfig Activations { get; init; } = new();
    public DacConfig Dac { get; init; } = new();
    public AdcConfig Adc { get; init; } = new();
    public ImaConfig Ima { get; init; } = new();
    public TileArrayConfig Tile { get; init; } = new();
    public PrecisionConfig Precision { get; init; } = new();
    public OutputsConfig Outputs { get; init; } = new();
    public TimingConfig Timing { get; init; } = new();
    public RtlConfig Rtl { get; init; } = new();
}

public sealed record CrossbarConfig
{
    public int Wordlines { get; init; } = 128;
    public int Bitlines { get; init; } = 128;
}

public sealed record CellConfig
{
    public int Bits { get; init; } = 2;
}

public sealed record WeightsConfig
{
    public int Bits { get; init; } = 8;
    public WeightEncoding Encoding { get; init; } = WeightEncoding.Offset;

    /// <summary>ISAAC flip encoding per bitline; null means: true with offset, false with differential encoding.</summary>
    public bool? Flip { get; init; }
}

public sealed record ActivationsConfig
{
    public int Bits { get; init; } = 8;
}

public sealed record DacConfig
{
    public int Bits { get; init; } = 1;
}

public sealed record AdcConfig
{
    public int Bits { get; init; } = 8;
    public int LsbShift { get; init; }
    public int PerCrossbar { get; init; } = 1;
}

public sealed record ImaConfig
{
    public int RowBlocks { get; init; } = 4;
    public int ColumnBlocks { get; init; } = 2;

    /// <summary>Activations per clock into the input registers, at most; see <see cref="TileGeometry.LoadLanes"/>.</summary>
    public int LoadLanes { get; init; } = 4;
}

public sealed record TileArrayConfig
{
    public int Rows { get; init; } = 3;
    public int Columns { get; init; } = 4;
    public int BufferKib { get; init; } = 64;
    public int StreamBytes { get; init; } = 32;

    /// <summary>Vectors between acceptance and the end of their drain, at most.</summary>
    public int VectorQueue { get; init; } = 8;

    /// <summary>Beats that the output FIFO holds.</summary>
    public int OutputFifo { get; init; } = 4;
}

public sealed record PrecisionConfig
{
    public PrecisionPolicy Policy { get; init; } = PrecisionPolicy.Statistical;
    public GroupStatistic Statistic { get; init; } = GroupStatistic.Max;

    /// <summary>
    /// Ascending or not; a list longer than <see cref="MaxDrop"/> acts as its smallest <see cref="MaxDrop"/> values.
    /// Null means 8 * 2^(j+1), j = 0 .. max_drop-1, which drops bits while 2^drop is at most an eighth of a maximum.
    /// </summary>
    public IReadOnlyList<long>? Thresholds { get; init; }
    public int MaxDrop { get; init; } = 4;
    public DropRounding Rounding { get; init; } = DropRounding.Nearest;
}

public sealed record OutputsConfig
{
    public int Bits { get; init; } = 8;
    public int BiasBits { get; init; } = 31;
    public int MultiplierBits { get; init; } = 16;
}

public sealed record TimingConfig
{
    public int ClockMhz { get; init; } = 1200;
    public int SettleClocks { get; init; } = 1;
    public int ConvertClocks { get; init; } = 1;
    public int AdcLatency { get; init; } = 1;
    public int DpuLatency { get; init; } = 1;
    public int ProgramClocks { get; init; } = 4;
}

public sealed record RtlConfig
{
    /// <summary>Put before every module and file name of the bundle.</summary>
    public string Prefix { get; init; } = "redy_";
    public bool ClockGating { get; init; }
    public int CounterBits { get; init; } = 48;
}
