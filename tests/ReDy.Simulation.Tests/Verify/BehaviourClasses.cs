using ReDy.Architecture;

namespace ReDy.Simulation.Tests.Verify;

/// <summary>One configuration for every way in which the hardware can behave differently: the committed part of the campaign.</summary>
internal static class BehaviourClasses
{
    /// <summary>Preset tiny.</summary>
    public static TileConfig Tiny { get; } = new()
    {
        Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 16 },
        Ima = new ImaConfig { RowBlocks = 1, ColumnBlocks = 2 },
        Tile = new TileArrayConfig { Rows = 1, Columns = 1 },
    };

    public static IReadOnlyDictionary<string, TileConfig> All { get; } = new Dictionary<string, TileConfig>
    {
        ["preset tiny"] = Tiny,
        ["differential weights"] = Tiny with { Weights = new WeightsConfig { Encoding = WeightEncoding.Differential } },
        ["offset without flip, sums over several row blocks"] = Tiny with
        {
            Weights = new WeightsConfig { Flip = false },
            Ima = new ImaConfig { RowBlocks = 3, ColumnBlocks = 1 },
        },
        ["odd wordlines and bitlines"] = Tiny with { Crossbar = new CrossbarConfig { Wordlines = 7, Bitlines = 13 } },
        ["ADC ranges that straddle outputs"] = Tiny with { Adc = new AdcConfig { PerCrossbar = 3 } },
        ["more ADCs than outputs, settling slower than converting"] = Tiny with
        {
            Adc = new AdcConfig { PerCrossbar = 8 },
            Timing = new TimingConfig { SettleClocks = 9 },
        },
        ["DAC of three bits, top digit narrower"] = Tiny with { Dac = new DacConfig { Bits = 3 } },
        ["16 bit activations and weights, raw results of eight bytes"] = Tiny with
        {
            Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 32 },
            Activations = new ActivationsConfig { Bits = 16 },
            Weights = new WeightsConfig { Bits = 16 },
            Adc = new AdcConfig { Bits = 5 },
        },
        ["activations of one bit"] = Tiny with { Activations = new ActivationsConfig { Bits = 1 }, Precision = new PrecisionConfig { Policy = PrecisionPolicy.Lossless } },
        ["saturating ADC"] = Tiny with { Adc = new AdcConfig { Bits = 3 } },
        ["ADC that drops low bits"] = Tiny with { Adc = new AdcConfig { Bits = 4, LsbShift = 2 } },
        ["statistic sum, late decision"] = Tiny with
        {
            Precision = new PrecisionConfig { Statistic = GroupStatistic.Sum, Thresholds = [64, 128, 256, 512] },
            Timing = new TimingConfig { DpuLatency = 3 },
        },
        ["statistic nonzero mean, truncating"] = Tiny with
        {
            Precision = new PrecisionConfig { Statistic = GroupStatistic.NonzeroMean, Rounding = DropRounding.Truncate },
        },
        ["statistic sum with differential weights"] = Tiny with
        {
            Weights = new WeightsConfig { Encoding = WeightEncoding.Differential },
            Precision = new PrecisionConfig { Statistic = GroupStatistic.Sum, Thresholds = [64, 128, 256, 512] },
        },
        ["all but one bit droppable"] = Tiny with { Precision = new PrecisionConfig { MaxDrop = 7, Thresholds = [3, 9, 20, 40, 80, 120, 200] } },
        ["nothing droppable"] = Tiny with { Precision = new PrecisionConfig { MaxDrop = 0, Thresholds = [] } },
        ["lossless netlist"] = Tiny with { Precision = new PrecisionConfig { Policy = PrecisionPolicy.Lossless } },
        ["static netlist"] = Tiny with { Precision = new PrecisionConfig { Policy = PrecisionPolicy.Static } },
        ["static netlist with differential weights"] = Tiny with
        {
            Weights = new WeightsConfig { Encoding = WeightEncoding.Differential },
            Precision = new PrecisionConfig { Policy = PrecisionPolicy.Static },
        },
        ["clock gating"] = Tiny with { Rtl = new RtlConfig { ClockGating = true } },
        ["several rows and columns of IMAs"] = Tiny with
        {
            Ima = new ImaConfig { RowBlocks = 2, ColumnBlocks = 1, LoadLanes = 2 },
            Tile = new TileArrayConfig { Rows = 2, Columns = 2 },
        },
        ["ADC latency of three clocks, conversions of four"] = Tiny with { Timing = new TimingConfig { AdcLatency = 3, ConvertClocks = 4 } },
        ["stream of four bytes, shallow queues"] = Tiny with { Tile = new TileArrayConfig { Rows = 1, Columns = 1, StreamBytes = 4, VectorQueue = 2, OutputFifo = 2, BufferKib = 1 } },
        ["wide stream and many lanes"] = Tiny with
        {
            Crossbar = new CrossbarConfig { Wordlines = 32, Bitlines = 8 },
            Ima = new ImaConfig { RowBlocks = 2, ColumnBlocks = 1, LoadLanes = 16 },
            Tile = new TileArrayConfig { Rows = 1, Columns = 1, StreamBytes = 64 },
        },
        ["cells of three bits, top slice reaches beyond the weight"] = Tiny with { Cell = new CellConfig { Bits = 3 }, Adc = new AdcConfig { Bits = 5 } },
        ["cells of one bit, outputs of 16 bits"] = Tiny with { Cell = new CellConfig { Bits = 1 }, Outputs = new OutputsConfig { Bits = 16, BiasBits = 12, MultiplierBits = 20 } },
        ["long wordlines, fast weight writing"] = Tiny with
        {
            Crossbar = new CrossbarConfig { Wordlines = 130, Bitlines = 12 },
            Timing = new TimingConfig { ProgramClocks = 1 },
        },
    };
}
