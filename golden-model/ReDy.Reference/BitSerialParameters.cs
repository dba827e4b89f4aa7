namespace ReDy.Reference;

/// <summary>The numbers of one configuration that the arithmetic depends on, as plain integers.</summary>
public sealed record BitSerialParameters
{
    public required int Wordlines { get; init; }
    public required int Bitlines { get; init; }
    public required int CellBits { get; init; }
    public required int WeightBits { get; init; }
    public required bool Differential { get; init; }
    public required bool Flip { get; init; }
    public required int ActivationBits { get; init; }
    public required int DacBits { get; init; }
    public required int AdcBits { get; init; }
    public required int AdcLsbShift { get; init; }
    public required int AdcsPerCrossbar { get; init; }

    /// <summary>"static", "lossless" or "statistical".</summary>
    public required string Policy { get; init; }

    /// <summary>"sum", "max" or "nonzero_mean".</summary>
    public required string Statistic { get; init; }

    /// <summary>"nearest" or "truncate".</summary>
    public required string Rounding { get; init; }
    public required int MaxDrop { get; init; }

    /// <summary>[group][j]</summary>
    public required long[][] Thresholds { get; init; }
}

/// <summary>What the hardware must deliver and count.</summary>
public sealed record BitSerialResult
{
    /// <summary>[M, N], row after row.</summary>
    public required long[] Outputs { get; init; }

    /// <summary>Planes streamed, [M, groups], row after row.</summary>
    public required int[] Planes { get; init; }

    /// <summary>Dropped bits, [M, groups], row after row.</summary>
    public required int[] Drops { get; init; }
    public required long Conversions { get; init; }
    public required long Saturations { get; init; }

    /// <summary>Bits that differ between each conversion of an ADC and the one before it; the first is compared with 0.</summary>
    public required long AdcToggles { get; init; }
    public required long CrossbarSteps { get; init; }
    public required long DacDrives { get; init; }
}
