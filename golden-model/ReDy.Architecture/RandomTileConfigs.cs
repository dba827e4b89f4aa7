namespace ReDy.Architecture;

/// <summary>One dimension of the configuration space, and how to draw a value in it that suits the dimensions before it.</summary>
/// <param name="Name">The keys that it sets.</param>
/// <param name="Vary">The configuration with the dimension drawn anew.</param>
/// <param name="Describe">The value that a configuration has in it, for coverage tables.</param>
public sealed record ConfigDimension(string Name, Func<SeededRandom, TileConfig, TileConfig> Vary, Func<TileConfig, string> Describe);

/// <summary>Random legal configurations over every dimension of the configuration space, each from one seed.</summary>
public static class RandomTileConfigs
{
    /// <summary>In the order in which they are drawn: later ones look at earlier ones.</summary>
    public static IReadOnlyList<ConfigDimension> Dimensions { get; } =
    [
        new("crossbar.wordlines",
            (random, c) => c with { Crossbar = c.Crossbar with { Wordlines = OneOf(random, 4, 512) } },
            c => $"{c.Crossbar.Wordlines}"),
        new("crossbar.bitlines",
            (random, c) => c with { Crossbar = c.Crossbar with { Bitlines = OneOf(random, 4, 512) } },
            c => $"{c.Crossbar.Bitlines}"),
        new("ima.row_blocks",
            (random, c) => c with { Ima = c.Ima with { RowBlocks = FewOf(random, 16) } },
            c => $"{c.Ima.RowBlocks}"),
        new("ima.column_blocks",
            (random, c) => c with { Ima = c.Ima with { ColumnBlocks = FewOf(random, 16) } },
            c => $"{c.Ima.ColumnBlocks}"),
        new("tile.rows",
            (random, c) => c with { Tile = c.Tile with { Rows = FewOf(random, 8) } },
            c => $"{c.Tile.Rows}"),
        new("tile.columns",
            (random, c) => c with { Tile = c.Tile with { Columns = FewOf(random, 8) } },
            c => $"{c.Tile.Columns}"),
        new("cell.bits",
            (random, c) => c with { Cell = new CellConfig { Bits = random.Between(1, 4) } },
            c => $"{c.Cell.Bits}"),
        new("weights.bits",
            (random, c) => c with { Weights = c.Weights with { Bits = random.OneIn(3) ? 8 : random.Between(2, 16) } },
            c => $"{c.Weights.Bits}"),
        new("weights.encoding",
            (random, c) => c with { Weights = c.Weights with { Encoding = random.OneIn(3) ? WeightEncoding.Differential : WeightEncoding.Offset } },
            c => $"{c.Weights.Encoding}"),
        new("weights.flip",
            (random, c) => c with { Weights = c.Weights with { Flip = c.Weights.Encoding == WeightEncoding.Differential ? random.Pick<bool?>(null, false) : random.Pick<bool?>(null, true, false) } },
            c => $"{new TileGeometry(c).Flip}"),
        new("activations.bits",
            (random, c) => c with { Activations = new ActivationsConfig { Bits = random.OneIn(3) ? 8 : random.OneIn(8) ? 16 : random.Between(1, 16) } },
            c => $"{c.Activations.Bits}"),
        new("dac.bits",
            (random, c) => c with { Dac = new DacConfig { Bits = random.OneIn(2) ? 1 : random.Between(1, 4) } },
            c => $"{c.Dac.Bits}"),
        new("adc.lsb_shift",
            (random, c) => c with { Adc = c.Adc with { LsbShift = random.OneIn(3) ? random.Between(1, random.OneIn(8) ? 15 : 4) : 0 } },
            c => $"{c.Adc.LsbShift}"),
        new("adc.bits",
            (random, c) => c with { Adc = c.Adc with { Bits = DrawAdcBits(random, c) } },
            c => $"{c.Adc.Bits}"),
        new("adc.per_crossbar",
            (random, c) => c with { Adc = c.Adc with { PerCrossbar = Math.Min(random.OneIn(2) ? 1 : random.BetweenOctaves(1, 16), Math.Max(1, new TileGeometry(c).UsedBitlines)) } },
            c => $"{c.Adc.PerCrossbar}"),
        new("ima.load_lanes",
            (random, c) => c with { Ima = c.Ima with { LoadLanes = random.BetweenOctaves(1, 32) } },
            c => $"{c.Ima.LoadLanes}"),
        new("tile.stream_bytes",
            (random, c) => c with { Tile = c.Tile with { StreamBytes = random.OneIn(3) ? random.Between(1, 128) : random.Pick(4, 8, 16, 32, 64) } },
            c => $"{c.Tile.StreamBytes}"),
        new("tile.buffer_kib",
            (random, c) => c with { Tile = c.Tile with { BufferKib = random.Pick(1, 2, 3, 8, 64) } },
            c => $"{c.Tile.BufferKib}"),
        new("tile.vector_queue",
            (random, c) => c with { Tile = c.Tile with { VectorQueue = random.Between(2, 8) } },
            c => $"{c.Tile.VectorQueue}"),
        new("tile.output_fifo",
            (random, c) => c with { Tile = c.Tile with { OutputFifo = random.Between(2, 8) } },
            c => $"{c.Tile.OutputFifo}"),
        new("precision.policy",
            (random, c) => c with { Precision = c.Precision with { Policy = random.OneIn(2) ? PrecisionPolicy.Statistical : random.Pick(PrecisionPolicy.Static, PrecisionPolicy.Lossless) } },
            c => $"{c.Precision.Policy}"),
        new("precision.statistic",
            (random, c) => c with { Precision = c.Precision with { Statistic = random.Pick(GroupStatistic.Sum, GroupStatistic.Max, GroupStatistic.NonzeroMean) } },
            c => $"{c.Precision.Statistic}"),
        new("precision.max_drop",
            (random, c) => c with { Precision = c.Precision with { MaxDrop = random.Between(0, c.Activations.Bits - 1) } },
            c => $"{c.Precision.MaxDrop}"),
        new("precision.thresholds",
            (random, c) => c with { Precision = c.Precision with { Thresholds = DrawThresholds(random, c) } },
            c => c.Precision.Thresholds is null ? "default" : $"{c.Precision.Thresholds.Count}"),
        new("precision.rounding",
            (random, c) => c with { Precision = c.Precision with { Rounding = random.Pick(DropRounding.Nearest, DropRounding.Truncate) } },
            c => $"{c.Precision.Rounding}"),
        new("outputs.bits",
            (random, c) => c with { Outputs = c.Outputs with { Bits = random.OneIn(2) ? 8 : random.Between(1, 16) } },
            c => $"{c.Outputs.Bits}"),
        new("outputs.bias_bits",
            (random, c) => c with { Outputs = c.Outputs with { BiasBits = random.Between(2, 32) } },
            c => $"{c.Outputs.BiasBits}"),
        new("outputs.multiplier_bits",
            (random, c) => c with { Outputs = c.Outputs with { MultiplierBits = random.Between(1, Math.Clamp(63 - new TileGeometry(c).BiasedBits, 1, 31)) } },
            c => $"{c.Outputs.MultiplierBits}"),
        new("timing.settle_clocks",
            (random, c) => c with { Timing = c.Timing with { SettleClocks = random.BetweenOctaves(1, 16) } },
            c => $"{c.Timing.SettleClocks}"),
        new("timing.convert_clocks",
            (random, c) => c with { Timing = c.Timing with { ConvertClocks = random.Between(1, 4) } },
            c => $"{c.Timing.ConvertClocks}"),
        new("timing.adc_latency",
            (random, c) => c with { Timing = c.Timing with { AdcLatency = random.Between(1, 4) } },
            c => $"{c.Timing.AdcLatency}"),
        new("timing.dpu_latency",
            (random, c) => c with { Timing = c.Timing with { DpuLatency = random.Between(1, 4) } },
            c => $"{c.Timing.DpuLatency}"),
        new("timing.program_clocks",
            (random, c) => c with { Timing = c.Timing with { ProgramClocks = random.Between(1, 8) } },
            c => $"{c.Timing.ProgramClocks}"),
        new("rtl.clock_gating",
            (random, c) => c with { Rtl = c.Rtl with { ClockGating = random.OneIn(2) } },
            c => $"{c.Rtl.ClockGating}"),
        new("rtl.counter_bits",
            (random, c) => c with { Rtl = c.Rtl with { CounterBits = random.Pick(8, 31, 32, 33, 48, 64) } },
            c => $"{c.Rtl.CounterBits}"),
    ];

    /// <summary>The legal configuration of at most <paramref name="maxCells"/> cells in the whole tile that belongs to <paramref name="seed"/>.</summary>
    public static TileConfig FromSeed(ulong seed, long maxCells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCells, 64);
        var random = new SeededRandom(seed);
        while (true)
        {
            TileConfig config = new();
            foreach (ConfigDimension dimension in Dimensions)
            {
                config = dimension.Vary(random, config);
                if (dimension.Name == "tile.columns" && new TileGeometry(config).Cells > maxCells)
                    break;
            }

            if (new TileGeometry(config).Cells <= maxCells && TileConfigRules.IsLegal(config))
                return config;
        }
    }

    /// <summary>A round number or any: what people build, and what breaks assumptions.</summary>
    private static int OneOf(SeededRandom random, int minimum, int maximum) =>
        random.OneIn(3) ? random.Pick(8, 16, 32, 64, 128) : random.BetweenOctaves(minimum, maximum);

    private static int FewOf(SeededRandom random, int maximum) => random.OneIn(4) ? random.BetweenOctaves(1, maximum) : random.Between(1, 3);

    /// <summary>Half of the time just wide enough for every sum, else anything, saturating ones included.</summary>
    private static int DrawAdcBits(SeededRandom random, TileConfig config)
    {
        long largest = new TileGeometry(config).StoredBitlineSumMaximum >> config.Adc.LsbShift;
        return random.OneIn(2) ? random.Between(1, 16) : Math.Min(16, TileGeometry.UnsignedBits(largest) + random.Below(2));
    }

    private static long[]? DrawThresholds(SeededRandom random, TileConfig config)
    {
        if (random.OneIn(4))
            return null;
        var geometry = new TileGeometry(config with { Precision = config.Precision with { Policy = PrecisionPolicy.Statistical } });
        int count = random.Between(0, config.Precision.MaxDrop + (random.OneIn(4) ? 1 : 0));
        return [.. Enumerable.Range(0, count).Select(_ => random.OneIn(8) ? geometry.ThresholdNever : (long)random.BetweenOctaves(1, 1 << geometry.StatisticBits) - 1)];
    }
}
