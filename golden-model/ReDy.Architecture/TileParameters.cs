namespace ReDy.Architecture;

/// <summary>Every key of a configuration file, in the order of the file.</summary>
public static class TileParameters
{
    public static IReadOnlyList<TileParameter> All { get; } =
    [
        Integer("crossbar.wordlines", 4, 512, "Rows of a crossbar: activations of one group", "WORDLINES",
            c => c.Crossbar.Wordlines, (c, v) => c with { Crossbar = c.Crossbar with { Wordlines = v } }),
        Integer("crossbar.bitlines", 4, 512, "Columns of a crossbar; an output takes one per weight slice (two with differential encoding)", "BITLINES",
            c => c.Crossbar.Bitlines, (c, v) => c with { Crossbar = c.Crossbar with { Bitlines = v } }),
        Integer("cell.bits", 1, 4, "Bits of a weight slice, which one ReRAM cell holds", "CELL_BITS",
            c => c.Cell.Bits, (c, v) => c with { Cell = c.Cell with { Bits = v } }, "bits"),
        Integer("weights.bits", 2, 16, "Bits of a signed weight", "WEIGHT_BITS",
            c => c.Weights.Bits, (c, v) => c with { Weights = c.Weights with { Bits = v } }, "bits"),
        Choice<WeightEncoding>("weights.encoding", "How signed weights become cells: offset adds half the range (ISAAC), differential uses a positive and a negative bitline per slice",
            c => c.Weights.Encoding, (c, v) => c with { Weights = c.Weights with { Encoding = v } }),
        new()
        {
            Key = "weights.flip",
            Kind = TileParameterKind.Boolean,
            Description = "Flip encoding: a bitline whose cells sum to more than half stores complements (offset encoding only)",
            DefaultText = "true with offset, false with differential encoding",
            Get = c => c.Weights.Flip,
            With = (c, v) => c with { Weights = c.Weights with { Flip = (bool)v } },
        },
        Integer("activations.bits", 1, 16, "Bits of an unsigned activation", "ACTIVATION_BITS",
            c => c.Activations.Bits, (c, v) => c with { Activations = c.Activations with { Bits = v } }, "bits"),
        Integer("dac.bits", 1, 4, "Activation bits that a DAC drives per step; 1 is a plain wordline driver", "DAC_BITS",
            c => c.Dac.Bits, (c, v) => c with { Dac = c.Dac with { Bits = v } }, "bits"),
        Integer("adc.bits", 1, 16, "Resolution of an ADC; larger sums saturate", "ADC_BITS",
            c => c.Adc.Bits, (c, v) => c with { Adc = c.Adc with { Bits = v } }, "bits"),
        Integer("adc.lsb_shift", 0, 15, "Low bits of a bitline sum that the ADC does not resolve", "LSB_SHIFT",
            c => c.Adc.LsbShift, (c, v) => c with { Adc = c.Adc with { LsbShift = v } }, "bits"),
        Integer("adc.per_crossbar", 1, 16, "ADCs of a crossbar; each converts a contiguous range of its bitlines in turn", "ADCS_PER_CROSSBAR",
            c => c.Adc.PerCrossbar, (c, v) => c with { Adc = c.Adc with { PerCrossbar = v } }),
        Integer("ima.row_blocks", 1, 16, "Crossbars of an IMA along K, each with its own group of activations", "ROW_BLOCKS",
            c => c.Ima.RowBlocks, (c, v) => c with { Ima = c.Ima with { RowBlocks = v } }),
        Integer("ima.column_blocks", 1, 16, "Crossbars of an IMA along N, sharing their row block's activations", "COLUMN_BLOCKS",
            c => c.Ima.ColumnBlocks, (c, v) => c with { Ima = c.Ima with { ColumnBlocks = v } }),
        Integer("ima.load_lanes", 1, 64, "Activations per clock into an IMA's input registers, at most", "LOAD_LANES",
            c => c.Ima.LoadLanes, (c, v) => c with { Ima = c.Ima with { LoadLanes = v } }, "activations per clock"),
        Integer("tile.rows", 1, 8, "Rows of IMAs: their results add up", "TILE_ROWS",
            c => c.Tile.Rows, (c, v) => c with { Tile = c.Tile with { Rows = v } }),
        Integer("tile.columns", 1, 8, "Columns of IMAs: each has its own outputs", "TILE_COLUMNS",
            c => c.Tile.Columns, (c, v) => c with { Tile = c.Tile with { Columns = v } }),
        Integer("tile.buffer_kib", 1, 4096, "Activation buffer (ISAAC's eDRAM buffer)", "BUFFER_KIB",
            c => c.Tile.BufferKib, (c, v) => c with { Tile = c.Tile with { BufferKib = v } }, "KiB"),
        Integer("tile.stream_bytes", 1, 128, "Width of the AXI4-Stream ports", "STREAM_BYTES",
            c => c.Tile.StreamBytes, (c, v) => c with { Tile = c.Tile with { StreamBytes = v } }, "bytes per beat"),
        Integer("tile.vector_queue", 2, 64, "Vectors between acceptance and the end of their drain, at most", "VECTOR_QUEUE",
            c => c.Tile.VectorQueue, (c, v) => c with { Tile = c.Tile with { VectorQueue = v } }, "vectors"),
        Integer("tile.output_fifo", 2, 64, "Depth of the output FIFO", "OUTPUT_FIFO",
            c => c.Tile.OutputFifo, (c, v) => c with { Tile = c.Tile with { OutputFifo = v } }, "beats"),
        Choice<PrecisionPolicy>("precision.policy", "Bit planes that are streamed: static all, lossless those that are not zero, statistical also rounds low planes away",
            c => c.Precision.Policy, (c, v) => c with { Precision = c.Precision with { Policy = v } }),
        Choice<GroupStatistic>("precision.statistic", "What the dynamic precision unit measures of a group",
            c => c.Precision.Statistic, (c, v) => c with { Precision = c.Precision with { Statistic = v } }),
        new()
        {
            Key = "precision.thresholds",
            Kind = TileParameterKind.IntegerList,
            Minimum = 0,
            Maximum = long.MaxValue,
            Description = "A group drops as many bits as there are thresholds that its statistic reaches",
            DefaultText = "8 * 2^j, j = 1..max_drop",
            Get = c => c.Precision.Thresholds,
            With = (c, v) => c with { Precision = c.Precision with { Thresholds = (IReadOnlyList<long>)v } },
        },
        Integer("precision.max_drop", 0, 15, "Low bits that a group can drop, at most; less than activations.bits", "MAX_DROP",
            c => c.Precision.MaxDrop, (c, v) => c with { Precision = c.Precision with { MaxDrop = v } }, "bits"),
        Choice<DropRounding>("precision.rounding", "How the dropped bits are removed: nearest adds half of their weight first and saturates",
            c => c.Precision.Rounding, (c, v) => c with { Precision = c.Precision with { Rounding = v } }),
        Integer("outputs.bits", 1, 16, "Bits of a requantised output", "OUTPUT_BITS",
            c => c.Outputs.Bits, (c, v) => c with { Outputs = c.Outputs with { Bits = v } }, "bits"),
        Integer("outputs.bias_bits", 2, 32, "Bits of a signed bias", "BIAS_BITS",
            c => c.Outputs.BiasBits, (c, v) => c with { Outputs = c.Outputs with { BiasBits = v } }, "bits"),
        Integer("outputs.multiplier_bits", 1, 31, "Bits of the requantiser's unsigned multiplier", "MULTIPLIER_BITS",
            c => c.Outputs.MultiplierBits, (c, v) => c with { Outputs = c.Outputs with { MultiplierBits = v } }, "bits"),
        Integer("timing.clock_mhz", 1, 10000, "Clock of the tile; figures and constraints only", null,
            c => c.Timing.ClockMhz, (c, v) => c with { Timing = c.Timing with { ClockMhz = v } }, "MHz"),
        Integer("timing.settle_clocks", 1, 64, "Clocks from driving the wordlines until the bitlines may be sampled", "SETTLE_CLOCKS",
            c => c.Timing.SettleClocks, (c, v) => c with { Timing = c.Timing with { SettleClocks = v } }, "clocks"),
        Integer("timing.convert_clocks", 1, 64, "Clocks between the starts of two conversions of an ADC", "CONVERT_CLOCKS",
            c => c.Timing.ConvertClocks, (c, v) => c with { Timing = c.Timing with { ConvertClocks = v } }, "clocks"),
        Integer("timing.adc_latency", 1, 16, "Clocks from the start of a conversion to its code", "ADC_LATENCY",
            c => c.Timing.AdcLatency, (c, v) => c with { Timing = c.Timing with { AdcLatency = v } }, "clocks"),
        Integer("timing.dpu_latency", 1, 16, "Clocks of the dynamic precision unit's decision", "DPU_LATENCY",
            c => c.Timing.DpuLatency, (c, v) => c with { Timing = c.Timing with { DpuLatency = v } }, "clocks"),
        Integer("timing.program_clocks", 1, 255, "Clocks that programming a crossbar row takes", "PROGRAM_CLOCKS",
            c => c.Timing.ProgramClocks, (c, v) => c with { Timing = c.Timing with { ProgramClocks = v } }, "clocks"),
        new()
        {
            Key = "rtl.prefix",
            Kind = TileParameterKind.Identifier,
            Maximum = 64,
            Description = "Put before every module and file name",
            Get = c => c.Rtl.Prefix,
            With = (c, v) => c with { Rtl = c.Rtl with { Prefix = (string)v } },
        },
        new()
        {
            Key = "rtl.clock_gating",
            Kind = TileParameterKind.Boolean,
            Description = "Clock registers that hold through a gate with their write enable",
            Get = c => c.Rtl.ClockGating,
            With = (c, v) => c with { Rtl = c.Rtl with { ClockGating = (bool)v } },
        },
        Integer("rtl.counter_bits", 8, 64, "Width of the performance counters", "COUNTER_BITS",
            c => c.Rtl.CounterBits, (c, v) => c with { Rtl = c.Rtl with { CounterBits = v } }, "bits"),
    ];

    /// <summary>What each section of the file describes, in the order of the file.</summary>
    public static IReadOnlyList<(string Name, string Description)> Sections { get; } =
    [
        ("crossbar", "One ReRAM crossbar"),
        ("cell", "One ReRAM device"),
        ("weights", "Weights as they are stored"),
        ("activations", "Activations as they arrive"),
        ("dac", "Wordline drivers"),
        ("adc", "Analog-to-digital converters: conversion = min(sum >> lsb_shift, 2^bits - 1)"),
        ("ima", "In-situ multiply-accumulate unit: row_blocks x column_blocks crossbars"),
        ("tile", "rows x columns IMAs, the activation buffer and the stream ports"),
        ("precision", "Dynamic precision: which bit planes of a group are streamed"),
        ("outputs", "Requantised outputs"),
        ("timing", "Clock and the analog parts' timing"),
        ("rtl", "The Verilog"),
    ];

    public static TileParameter Get(string key) => All.Single(parameter => parameter.Key == key);

    /// <summary>Spelling of an enumeration's value in files: <c>NonzeroMean</c> is <c>nonzero_mean</c>.</summary>
    public static string Spell<T>(T value) where T : struct, Enum =>
        string.Concat(value.ToString().Select((letter, i) => char.IsUpper(letter) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    /// <summary>The enumeration's value that a file spells <paramref name="name"/>, or null.</summary>
    public static T? Choose<T>(string name) where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => Spell(value!.Value) == name);

    private static TileParameter Integer(
        string key, int minimum, int maximum, string description, string? verilogName,
        Func<TileConfig, int> get, Func<TileConfig, int, TileConfig> with, string unit = "") => new()
        {
            Key = key,
            Kind = TileParameterKind.Integer,
            Minimum = minimum,
            Maximum = maximum,
            Unit = unit,
            Description = description,
            VerilogName = verilogName,
            Get = config => get(config),
            With = (config, value) => with(config, (int)value),
        };

    private static TileParameter Choice<T>(
        string key, string description, Func<TileConfig, T> get, Func<TileConfig, T, TileConfig> with) where T : struct, Enum => new()
        {
            Key = key,
            Kind = TileParameterKind.Choice,
            Choices = [.. Enum.GetValues<T>().Select(Spell)],
            Description = description,
            Get = config => Spell(get(config)),
            With = (config, value) => with(config, Choose<T>((string)value)!.Value),
        };
}
