namespace ReDy.Architecture;

/// <summary>What is legal in a configuration, but probably not meant.</summary>
public static class TileConfigWarnings
{
    public static IReadOnlyList<ConfigFinding> Find(TileConfig config)
    {
        var g = new TileGeometry(config);
        var warnings = new List<ConfigFinding>();
        void Warn(string name, string[] keys, string why, string remedy) => warnings.Add(new ConfigFinding(name, keys, why, remedy));

        if (g.StoredBitlineSumMaximum >> config.Adc.LsbShift == 0)
            Warn("adc_sees_nothing", ["adc.lsb_shift"],
                $"a bitline sum is at most {g.StoredBitlineSumMaximum}, so every conversion gives 0", "lower adc.lsb_shift");
        else if (config.Adc.LsbShift > 0)
            Warn("adc_loses_low_bits", ["adc.lsb_shift"],
                $"the low {config.Adc.LsbShift} bits of every bitline sum are lost: results are not the exact integer products",
                "set adc.lsb_shift to 0 for exact results");
        if (g.SaturationPossible)
            Warn("adc_can_saturate", ["adc.bits", "crossbar.wordlines", "cell.bits", "dac.bits"],
                $"a bitline sum can reach {g.StoredBitlineSumMaximum}{(config.Adc.LsbShift > 0 ? $" >> {config.Adc.LsbShift} = {g.StoredBitlineSumMaximum >> config.Adc.LsbShift}" : "")}, "
                + $"a conversion of adc.bits = {config.Adc.Bits} only {g.AdcMaximum}: conversions can saturate, depending on the weights",
                g.AdcBitsWithoutSaturation <= TileParameters.Get("adc.bits").Maximum
                    ? $"set adc.bits to {g.AdcBitsWithoutSaturation} to rule it out"
                    : "lower crossbar.wordlines, cell.bits or dac.bits to rule it out");
        if (g.LoadLanes < config.Ima.LoadLanes)
            Warn("load_lanes_reduced", ["ima.load_lanes", "crossbar.wordlines", "tile.stream_bytes"],
                $"{g.LoadLanes} of the ima.load_lanes = {config.Ima.LoadLanes} are used: lanes must divide crossbar.wordlines = {g.Wordlines} and the {g.ActivationsPerBeat} activations of a stream beat",
                $"set ima.load_lanes to {g.LoadLanes}, or change crossbar.wordlines");
        if (g.LoadClocks > g.ComputeClocks)
            Warn("tile_is_load_bound", ["ima.load_lanes", "tile.stream_bytes"],
                $"loading a full vector takes {g.LoadClocks} clocks, computing it at most {g.ComputeClocks}: the crossbars wait",
                "raise ima.load_lanes or tile.stream_bytes");
        if (g.OutputClocks > g.ComputeClocks)
            Warn("tile_is_output_bound", ["tile.columns", "ima.column_blocks"],
                $"delivering the outputs of a full vector takes {g.OutputClocks} clocks, computing it at most {g.ComputeClocks}: the crossbars wait",
                "lower tile.columns or ima.column_blocks");
        if (g.Policy == PrecisionPolicy.Statistical && config.Precision.Thresholds is { } thresholds && thresholds.Count > g.MaxDrop)
            Warn("thresholds_exceed_max_drop", ["precision.thresholds", "precision.max_drop"],
                $"{thresholds.Count} thresholds, but at most {g.MaxDrop} bits can be dropped: only the {g.MaxDrop} smallest act",
                "raise precision.max_drop or remove thresholds");
        if (g.Policy == PrecisionPolicy.Statistical && config.Precision.Thresholds is null && config.Precision.Statistic == GroupStatistic.Sum)
            Warn("thresholds_are_not_for_sums", ["precision.statistic"],
                "the default thresholds are meant for a group's maximum; a group's sum reaches them with a few activations",
                "set precision.thresholds");
        return warnings;
    }
}
