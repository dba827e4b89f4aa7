namespace ReDy.Architecture;

/// <summary>What breaks a rule or deserves a warning: why, and what to change.</summary>
public sealed record Finding(string Why, string Remedy);

/// <summary>A finding about a configuration and the key that it is reported at.</summary>
/// <param name="Rule">Stable name of the rule or warning.</param>
/// <param name="Keys">Keys that the finding follows from, the most telling first.</param>
public sealed record ConfigFinding(string Rule, IReadOnlyList<string> Keys, string Why, string Remedy);

/// <summary>A condition that must hold when the Verilog is elaborated, named for what is wrong when it does not.</summary>
public sealed record ElaborationCheck(string Name, string Condition);

/// <summary>One rule that a legal configuration keeps: a sentence, a check in C# and, where parameters can break it, a condition in Verilog.</summary>
public sealed record TileRule
{
    /// <summary>Names the violation, as an identifier: <c>crossbar_bitlines_hold_no_output</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What is required, for the documentation.</summary>
    public required string Sentence { get; init; }

    /// <summary>Keys that the rule reads. It is reported at the first that the file gives, and not checked while one of them is out of range.</summary>
    public required IReadOnlyList<string> Keys { get; init; }
    public required Func<TileGeometry, Finding?> Check { get; init; }

    /// <summary>
    /// The same in Verilog-2005 over the tile's parameters, for the structure (encoding, policy) of the given configuration.
    /// Null where no parameter can break the rule.
    /// </summary>
    public Func<TileConfig, string?> VerilogCondition { get; init; } = _ => null;
}

/// <summary>
/// The rules that make a <see cref="TileConfig"/> legal: every key in its range (<see cref="TileParameters"/>), and
/// <see cref="Rules"/> over several keys. The same list stops the Verilog when it is elaborated.
/// </summary>
public static class TileConfigRules
{
    public static IReadOnlyList<TileRule> Rules { get; } =
    [
        new()
        {
            Name = "crossbar_bitlines_hold_no_output",
            Sentence = "The bitlines of a crossbar hold at least one output with all its weight slices.",
            Keys = ["weights.bits", "cell.bits", "crossbar.bitlines", "weights.encoding"],
            Check = g => g.OutputsPerCrossbar >= 1 ? null : new(
                $"{g.Slices} slices of {Bits(g.Config.Cell.Bits)} need {g.BitlinesPerOutput} bitlines per output"
                + $"{(g.IsDifferential ? " with differential encoding" : "")}, crossbar.bitlines = {g.Config.Crossbar.Bitlines} holds none",
                "raise crossbar.bitlines or cell.bits"),
            VerilogCondition = c => $"BITLINES >= {BitlinesPerOutput(c)}",
        },
        new()
        {
            Name = "weights_flip_needs_offset_encoding",
            Sentence = "Flip encoding goes with offset encoding only.",
            Keys = ["weights.flip", "weights.encoding"],
            Check = g => !(g.IsDifferential && g.Flip) ? null : new(
                "differential encoding has no flips: its bitlines are sparse already",
                "set weights.flip to false, leave it out, or set weights.encoding to offset"),
        },
        new()
        {
            Name = "adc_has_no_bitline",
            Sentence = "Every ADC has at least one bitline to convert: ADC k takes the k-th contiguous range of ceil(used / per_crossbar).",
            Keys = ["adc.per_crossbar", "crossbar.bitlines", "weights.bits", "cell.bits", "weights.encoding"],
            Check = g =>
            {
                int busy = TileGeometry.CeilingDivide(g.UsedBitlines, g.BitlinesPerAdc);
                return g.OutputsPerCrossbar < 1 || busy == g.Config.Adc.PerCrossbar ? null : new(
                    $"{g.UsedBitlines} used bitlines in ranges of {g.BitlinesPerAdc} keep {busy} ADCs busy, the others would have none",
                    $"set adc.per_crossbar to {busy}");
            },
            VerilogCondition = c =>
            {
                string used = $"(BITLINES / {BitlinesPerOutput(c)} * {BitlinesPerOutput(c)})";
                return $"{used} == 0 || ({used} + ({used} + ADCS_PER_CROSSBAR - 1) / ADCS_PER_CROSSBAR - 1) / (({used} + ADCS_PER_CROSSBAR - 1) / ADCS_PER_CROSSBAR) == ADCS_PER_CROSSBAR";
            },
        },
        new()
        {
            Name = "stream_beat_splits_an_activation",
            Sentence = "A stream beat holds whole activations: tile.stream_bytes is a multiple of their bytes.",
            Keys = ["tile.stream_bytes", "activations.bits"],
            Check = g => g.Config.Tile.StreamBytes % g.ActivationBytes == 0 ? null : new(
                $"an activation of {Bits(g.Config.Activations.Bits)} takes {g.ActivationBytes} bytes and may not straddle two beats",
                $"set tile.stream_bytes to a multiple of {g.ActivationBytes}"),
            VerilogCondition = _ => "STREAM_BYTES % ((ACTIVATION_BITS + 7) / 8) == 0",
        },
        new()
        {
            Name = "stream_beat_splits_an_output",
            Sentence = "A stream beat holds whole requantised outputs: tile.stream_bytes is a multiple of their bytes.",
            Keys = ["tile.stream_bytes", "outputs.bits"],
            Check = g => g.Config.Tile.StreamBytes % g.OutputBytes == 0 ? null : new(
                $"an output of {Bits(g.Config.Outputs.Bits)} takes {g.OutputBytes} bytes and may not straddle two beats",
                $"set tile.stream_bytes to a multiple of {g.OutputBytes}"),
            VerilogCondition = _ => "STREAM_BYTES % ((OUTPUT_BITS + 7) / 8) == 0",
        },
        new()
        {
            Name = "stream_beat_splits_a_raw_accumulator",
            Sentence = "A stream beat holds whole raw accumulators of 4 or 8 bytes: tile.stream_bytes is a multiple of that.",
            Keys = ["tile.stream_bytes", .. AccumulatorKeys, "outputs.bias_bits"],
            Check = g => g.Config.Tile.StreamBytes % g.RawOutputBytes == 0 ? null : new(
                $"a raw accumulator of {g.BiasedBits} bits travels in {g.RawOutputBytes} bytes and may not straddle two beats",
                $"set tile.stream_bytes to a multiple of {g.RawOutputBytes}"),
            VerilogCondition = c => $"STREAM_BYTES % (BIAS_BITS > 31 || {AccumulatorMagnitude(c)} >= (64'd1 << 30) ? 8 : 4) == 0",
        },
        new()
        {
            Name = "buffer_holds_no_vector",
            Sentence = "The activation buffer holds a vector of full length and one beat more.",
            Keys = ["tile.buffer_kib", "tile.stream_bytes", "activations.bits", "crossbar.wordlines", "ima.row_blocks", "tile.rows"],
            Check = g =>
            {
                int beats = TileGeometry.CeilingDivide(g.CapacityRows, g.ActivationsPerBeat) + 1;
                return g.ActivationsPerBeat == 0 || beats <= g.BufferBeats ? null : new(
                    $"a vector of K = {g.CapacityRows} activations takes {beats - 1} beats of {g.Config.Tile.StreamBytes} bytes, and one must stay free; "
                    + $"the buffer holds {g.BufferBeats}",
                    $"raise tile.buffer_kib to {TileGeometry.CeilingDivide(beats * g.Config.Tile.StreamBytes, 1024)}");
            },
            VerilogCondition = _ =>
            {
                const string activations = "(STREAM_BYTES / ((ACTIVATION_BITS + 7) / 8))";
                return $"{activations} == 0 || (TILE_ROWS * ROW_BLOCKS * WORDLINES + {activations} - 1) / {activations} + 1 <= BUFFER_KIB * 1024 / STREAM_BYTES";
            },
        },
        new()
        {
            Name = "product_exceeds_63_bits",
            Sentence = "The requantiser's product (y + bias) * multiplier fits 63 bits.",
            Keys = ["outputs.multiplier_bits", "outputs.bias_bits", .. AccumulatorKeys],
            Check = g => g.ProductBits <= 63 ? null : new(
                $"y + bias has {g.BiasedBits} bits, so the requantiser's product has {g.ProductBits} bits, more than 63",
                63 - g.BiasedBits >= 1
                    ? $"lower outputs.multiplier_bits to {63 - g.BiasedBits}"
                    : "lower weights.bits, activations.bits or the number of rows"),
            VerilogCondition = c => $"BIAS_BITS + MULTIPLIER_BITS <= 62 && {AccumulatorMagnitude(c)} < (64'd1 << (61 - MULTIPLIER_BITS))",
        },
        new()
        {
            Name = "output_index_exceeds_16_bits",
            Sentence = "The tile's outputs N are counted in 16 bits.",
            Keys = ["tile.columns", "ima.column_blocks", "crossbar.bitlines", "weights.bits", "cell.bits", "weights.encoding"],
            Check = g => g.CapacityOutputs <= MaximumOutputs ? null : new(
                $"the tile has N = {g.CapacityOutputs} outputs, its index registers count to {MaximumOutputs}",
                "lower tile.columns or ima.column_blocks"),
            VerilogCondition = c => $"TILE_COLUMNS * COLUMN_BLOCKS * (BITLINES / {BitlinesPerOutput(c)}) <= {MaximumOutputs}",
        },
        new()
        {
            Name = "max_drop_leaves_no_activation_bit",
            Sentence = "With the statistical policy a group keeps at least one activation bit: precision.max_drop is less than activations.bits.",
            Keys = ["precision.max_drop", "activations.bits", "precision.policy"],
            Check = g => g.Policy != PrecisionPolicy.Statistical || g.Config.Precision.MaxDrop < g.Config.Activations.Bits ? null : new(
                $"precision.max_drop = {g.Config.Precision.MaxDrop} can drop all {Bits(g.Config.Activations.Bits)} of an activation, one must stay",
                $"set precision.max_drop to at most {g.Config.Activations.Bits - 1}"),
            VerilogCondition = c => c.Precision.Policy == PrecisionPolicy.Statistical ? "MAX_DROP < ACTIVATION_BITS" : null,
        },
        new()
        {
            Name = "threshold_exceeds_its_register",
            Sentence = "Thresholds fit their registers, one bit wider than the statistic; all ones means never.",
            Keys = ["precision.thresholds", "precision.statistic", "activations.bits", "crossbar.wordlines"],
            Check = g => g.Config.Precision.Thresholds?.Where(threshold => threshold > g.ThresholdNever).ToList() is not { Count: > 0 } large ? null : new(
                $"{string.Join(", ", large)}: more than {g.ThresholdNever}, which means never; the statistic {TileParameters.Spell(g.Config.Precision.Statistic)} "
                + $"has {Bits(g.StatisticBits)}, a threshold register {g.ThresholdBits}",
                $"use at most {g.ThresholdNever}, or change precision.statistic"),
        },
    ];

    private const int MaximumOutputs = 65535;

    /// <summary>Keys that the bound of a tile's result y follows from.</summary>
    private static string[] AccumulatorKeys =>
        ["weights.bits", "activations.bits", "crossbar.wordlines", "ima.row_blocks", "tile.rows", "cell.bits", "weights.encoding"];

    /// <summary>All rules that the configuration breaks; none means legal.</summary>
    /// <param name="unknownKeys">Keys without a usable value: rules that read them are not checked.</param>
    public static IReadOnlyList<ConfigFinding> Violations(TileConfig config, IReadOnlySet<string>? unknownKeys = null)
    {
        var findings = new List<ConfigFinding>();
        var unusable = new HashSet<string>(unknownKeys ?? new HashSet<string>());
        foreach (TileParameter parameter in TileParameters.All)
        {
            if (unusable.Contains(parameter.Key) || CheckRange(parameter, parameter.Get(config)) is not { } finding)
                continue;
            findings.Add(new ConfigFinding(RangeName(parameter), [parameter.Key], finding.Why, finding.Remedy));
            unusable.Add(parameter.Key);
        }

        var geometry = new TileGeometry(config);
        foreach (TileRule rule in Rules)
            if (!rule.Keys.Any(unusable.Contains) && rule.Check(geometry) is { } finding)
                findings.Add(new ConfigFinding(rule.Name, rule.Keys, finding.Why, finding.Remedy));
        return findings;
    }

    public static bool IsLegal(TileConfig config) => Violations(config).Count == 0;

    /// <summary>
    /// The rules as conditions over the tile's Verilog parameters: ranges of every parameter, then <see cref="Rules"/>.
    /// Each must be true; its name says what is wrong otherwise.
    /// </summary>
    public static IReadOnlyList<ElaborationCheck> ElaborationChecks(TileConfig config)
    {
        var checks = new List<ElaborationCheck>();
        foreach (TileParameter parameter in TileParameters.All)
            if (parameter.VerilogName is { } name)
                checks.Add(new ElaborationCheck(RangeName(parameter), $"{name} >= {parameter.Minimum} && {name} <= {parameter.Maximum}"));
        foreach (TileRule rule in Rules)
            if (rule.VerilogCondition(config) is { } condition)
                checks.Add(new ElaborationCheck(rule.Name, condition));
        return checks;
    }

    /// <summary>Why a value is outside its key's range, or null. Enumerations and flags cannot be.</summary>
    internal static Finding? CheckRange(TileParameter parameter, object? value)
    {
        string unit = parameter.Unit.Length == 0 ? "" : $" {parameter.Unit}";
        switch (parameter.Kind)
        {
            case TileParameterKind.Integer when value is int number && (number < parameter.Minimum || number > parameter.Maximum):
                return new($"outside {parameter.Range}{unit}", number < parameter.Minimum ? $"use at least {parameter.Minimum}" : $"use at most {parameter.Maximum}");
            case TileParameterKind.IntegerList when value is IReadOnlyList<long> list && list.Any(element => element < parameter.Minimum):
                return new($"an element is below {parameter.Minimum}", $"use integers from {parameter.Minimum} up");
            case TileParameterKind.Identifier when value is string text && !IsIdentifierStart(text):
                return new("every module name starts with it, so it must be the start of a Verilog identifier", $"use {parameter.Range}");
            case TileParameterKind.Identifier when value is string text && text.Length > parameter.Maximum:
                return new($"longer than {parameter.Maximum} characters, which file systems and tools dislike", $"use at most {parameter.Maximum} characters");
            default:
                return null;
        }
    }

    private static bool IsIdentifierStart(string text) =>
        text.Length == 0 || (!char.IsAsciiDigit(text[0]) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'));

    internal static string RangeName(TileParameter parameter) => $"{parameter.Key.Replace('.', '_')}_out_of_range";

    private static string Bits(int count) => count == 1 ? "1 bit" : $"{count} bits";

    private static string Slices => "((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS)";

    private static string BitlinesPerOutput(TileConfig config) =>
        config.Weights.Encoding == WeightEncoding.Differential ? $"(2 * {Slices})" : Slices;

    /// <summary>Largest |y| in 64 bits; see <see cref="TileGeometry.WeightMagnitude"/>.</summary>
    private static string AccumulatorMagnitude(TileConfig config)
    {
        string weight = config.Weights.Encoding == WeightEncoding.Differential
            ? "(64'd1 << (WEIGHT_BITS - 1))"
            : $"((64'd1 << ({Slices} * CELL_BITS)) - (64'd1 << (WEIGHT_BITS - 1)))";
        return $"{weight} * ((64'd1 << ACTIVATION_BITS) - 64'd1) * (TILE_ROWS * ROW_BLOCKS * WORDLINES)";
    }
}
