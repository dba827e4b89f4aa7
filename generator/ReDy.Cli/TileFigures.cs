using System.Globalization;
using ReDy.Architecture;

namespace ReDy.Cli;

/// <summary>One derived figure of a configuration.</summary>
/// <param name="Name">In snake_case, stable for programs.</param>
/// <param name="Value">int, long, double or bool.</param>
/// <param name="Explanation">Unit and how it comes about.</param>
internal sealed record TileFigure(string Group, string Name, object Value, string Explanation)
{
    public string Label => Name.Replace('_', ' ');

    public string Shown => Value switch
    {
        bool flag => flag ? "yes" : "no",
        double number => number.ToString("0.###", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString("#,0", CultureInfo.InvariantCulture),
        _ => Value.ToString()!,
    };
}

/// <summary>The figures that <c>redy check</c> prints.</summary>
internal static class TileFigures
{
    public static IReadOnlyList<TileFigure> Of(TileGeometry g)
    {
        TimingConfig timing = g.Config.Timing;
        int convertClocks = g.BitlinesPerAdc * timing.ConvertClocks;
        double microsecondsPerClock = 1.0 / timing.ClockMhz;
        return
        [
            new("Weights on bitlines", "slices", g.Slices, $"weight slices of cell.bits = {g.Config.Cell.Bits}"),
            new("Weights on bitlines", "bitlines_per_output", g.BitlinesPerOutput, g.IsDifferential ? "a positive and a negative bitline per slice" : "one per slice"),
            new("Weights on bitlines", "outputs_per_crossbar", g.OutputsPerCrossbar, $"of {g.Config.Crossbar.Bitlines} bitlines"),
            new("Weights on bitlines", "used_bitlines", g.UsedBitlines, "converted and counted"),
            new("Weights on bitlines", "flip_encoding", g.Flip, ""),

            new("Steps and conversions", "steps", g.Steps, $"bit planes of dac.bits = {g.Config.Dac.Bits} per activation"),
            new("Steps and conversions", "bitlines_per_adc", g.BitlinesPerAdc, "converted in turn by one ADC"),
            new("Steps and conversions", "clocks_per_step", g.ClocksPerStep, $"step interval: the larger of settling ({timing.SettleClocks}) and converting ({convertClocks})"),
            new("Steps and conversions", "bitline_sum_bits", g.BitlineSumBits, $"largest sum {g.BitlineSumMaximum:#,0}, every cell and digit at its maximum"),
            new("Steps and conversions", "stored_bitline_sum_maximum", g.StoredBitlineSumMaximum, g.Flip ? "after flip encoding, all weights allowed" : "all weights allowed"),
            new("Steps and conversions", "adc_maximum", g.AdcMaximum, g.Config.Adc.LsbShift == 0 ? "largest code" : $"largest code, of sum >> {g.Config.Adc.LsbShift}"),
            new("Steps and conversions", "saturation_possible", g.SaturationPossible, g.SaturationPossible ? $"not with adc.bits = {g.AdcBitsWithoutSaturation}" : "whatever the weights"),
            new("Steps and conversions", "exact", g.Exact, "results are the integer products while no bits are dropped"),

            new("Array", "capacity_rows", g.CapacityRows, $"K: {g.Groups} groups of {g.Wordlines}"),
            new("Array", "capacity_outputs", g.CapacityOutputs, $"N: {g.Config.Tile.Columns} IMA columns of {g.OutputsPerIma}"),
            new("Array", "imas", g.Imas, $"{g.Config.Tile.Rows} x {g.Config.Tile.Columns}"),
            new("Array", "crossbars", g.Crossbars, $"{g.CrossbarsPerIma} per IMA"),
            new("Array", "cells", g.Cells, ""),
            new("Array", "adcs", g.Crossbars * g.Config.Adc.PerCrossbar, ""),

            new("Widths", "activation_sum_bits", g.GroupSumBits, "X, the sum of a group's activations"),
            new("Widths", "group_result_bits", g.GroupResultBits, "signed, one row block"),
            new("Widths", "accumulator_bits", g.AccumulatorBits, "signed, summed over all groups"),
            new("Widths", "raw_output_bytes", g.RawOutputBytes, "of an unrequantised output on the stream"),
            new("Widths", "product_bits", g.ProductBits, "signed, (y + bias) * multiplier"),

            new("Throughput of full vectors", "load_lanes", g.LoadLanes, "activations per clock into an input register"),
            new("Throughput of full vectors", "load_clocks", g.LoadClocks, "to load a vector"),
            new("Throughput of full vectors", "compute_clocks", g.ComputeClocks, "to stream every plane; fewer when planes are skipped"),
            new("Throughput of full vectors", "output_clocks", g.OutputClocks, "to deliver the outputs"),
            new("Throughput of full vectors", "microseconds_per_vector", Math.Round(Math.Max(g.ComputeClocks, Math.Max(g.LoadClocks, g.OutputClocks)) * microsecondsPerClock, 3),
                $"at {timing.ClockMhz} MHz, every plane streamed, back to back"),
        ];
    }
}
