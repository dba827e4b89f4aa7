using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>A number of the tile that formulas of tables may use.</summary>
public sealed record CostVariable(string Name, string Description, Func<TileGeometry, double> Value)
{
    public const string Node = "node_nm";
    public const string AdcRate = "adc_rate_gsps";

    private const double MegahertzPerGigahertz = 1000;

    /// <summary>All but <see cref="Node"/>, which is the report's.</summary>
    public static IReadOnlyList<CostVariable> All { get; } =
    [
        new("adc_bits", "adc.bits", g => g.Config.Adc.Bits),
        new(AdcRate, "conversions of an ADC in 1e9/s: timing.clock_mhz / 1000 / timing.convert_clocks", g => g.Config.Timing.ClockMhz / MegahertzPerGigahertz / g.Config.Timing.ConvertClocks),
        new("cell_bits", "cell.bits", g => g.Config.Cell.Bits),
        new("dac_bits", "dac.bits", g => g.Config.Dac.Bits),
        new("activation_bits", "activations.bits", g => g.Config.Activations.Bits),
        new("wordlines", "crossbar.wordlines", g => g.Wordlines),
        new("bitlines", "crossbar.bitlines", g => g.Config.Crossbar.Bitlines),
        new("row_blocks", "ima.row_blocks", g => g.RowBlocks),
        new("tile_rows", "tile.rows", g => g.Config.Tile.Rows),
        new("tile_columns", "tile.columns", g => g.Config.Tile.Columns),
        new("load_lanes", "activations that an input register takes per clock", g => g.LoadLanes),
        new("stream_bytes", "tile.stream_bytes", g => g.Config.Tile.StreamBytes),
        new("output_fifo", "tile.output_fifo", g => g.Config.Tile.OutputFifo),
        new("steps", "bit planes of an activation", g => g.Steps),
        new("max_drop", "most bits that a group drops in this netlist; 0 unless it is statistical", g => g.MaxDrop),
        new("threshold_bits", "bits of a threshold register", g => g.ThresholdBits),
        new("group_sum_bits", "bits of X, the sum of a group", g => g.GroupSumBits),
        new("dpu_or_fields", "candidate drops for which the precision unit keeps an OR", g => g.OrFields),
        new("dpu_sum_fields", "candidate drops for which the precision unit keeps a sum", g => g.SumFields),
        new("dpu_statistic_bits", "bits of the statistic's own accumulator (maximum or number of non-zero activations)", g => g.UsedStatistic switch
        {
            GroupStatistic.Max => g.Config.Activations.Bits,
            GroupStatistic.NonzeroMean => TileGeometry.UnsignedBits(g.Wordlines),
            _ => 0,
        }),
        new("rounding_gates", "two-input gates per activation bit that remove dropped bits: 2 nearest, 1 truncate, 0 if none can be dropped", g => g.MaxDrop == 0 ? 0 : g.Config.Precision.Rounding == DropRounding.Nearest ? 2 : 1),
        new("result_bits", "bits of a group's result", g => g.GroupResultBits),
        new("capacity_outputs", "outputs that a tile holds", g => g.CapacityOutputs),
        new("bias_bits", "outputs.bias_bits", g => g.Config.Outputs.BiasBits),
        new("scale_bits", "bits of a multiplier and its shift", g => g.Config.Outputs.MultiplierBits + TileGeometry.ShiftBits),
        new("biased_bits", "bits of y + bias", g => g.BiasedBits),
        new("multiplier_bits", "outputs.multiplier_bits", g => g.Config.Outputs.MultiplierBits),
        new("product_bits", "bits of (y + bias) * multiplier", g => g.ProductBits),
    ];

    public static bool Exists(string name) => name == Node || All.Any(variable => variable.Name == name);
}
