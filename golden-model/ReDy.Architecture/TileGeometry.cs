using System.Numerics;

namespace ReDy.Architecture;

/// <summary>
/// Every number that follows from a <see cref="TileConfig"/>, once and with a name. Valid for legal configurations
/// (<see cref="TileConfigRules"/>); rules may read single properties of illegal ones, so nothing here throws.
/// </summary>
public sealed class TileGeometry(TileConfig config)
{
    public TileConfig Config { get; } = config;

    // --- Weights on bitlines -------------------------------------------------------------------------------------

    public int Wordlines => Config.Crossbar.Wordlines;
    public int CellMaximum => (1 << Config.Cell.Bits) - 1;
    public bool IsDifferential => Config.Weights.Encoding == WeightEncoding.Differential;
    public bool Flip => Config.Weights.Flip ?? !IsDifferential;

    /// <summary>Weight slices, each of <c>cell.bits</c> bits.</summary>
    public int Slices => CeilingDivide(Config.Weights.Bits, Config.Cell.Bits);

    /// <summary>Bitlines of one output: a slice each, or a positive and a negative one per slice.</summary>
    public int BitlinesPerOutput => IsDifferential ? 2 * Slices : Slices;
    public int OutputsPerCrossbar => Config.Crossbar.Bitlines / BitlinesPerOutput;
    public int UsedBitlines => OutputsPerCrossbar * BitlinesPerOutput;

    // --- Steps and conversions -----------------------------------------------------------------------------------

    public int Steps => CeilingDivide(Config.Activations.Bits, Config.Dac.Bits);

    /// <summary>Bitlines that one ADC converts: ADC k has the k-th contiguous range of this length.</summary>
    public int BitlinesPerAdc => CeilingDivide(UsedBitlines, Config.Adc.PerCrossbar);
    /// <summary>Most outputs that any ADC's range touches: entries of its accumulator, half the entries of its output register.</summary>
    public int OutputsPerAdc =>
        Enumerable.Range(0, Math.Max(1, Config.Adc.PerCrossbar)).Max(adc =>
        {
            int first = adc * BitlinesPerAdc;
            int last = Math.Min(UsedBitlines, first + BitlinesPerAdc) - 1;
            return last < first ? 0 : last / BitlinesPerOutput - first / BitlinesPerOutput + 1;
        });

    public int ClocksPerStep => Math.Max(Config.Timing.SettleClocks, BitlinesPerAdc * Config.Timing.ConvertClocks);
    public int DacMaximum => (1 << Math.Min(Config.Dac.Bits, Config.Activations.Bits)) - 1;
    public long AdcMaximum => (1L << Config.Adc.Bits) - 1;

    /// <summary>Largest sum a bitline can carry when every cell and digit is at its maximum.</summary>
    public long BitlineSumMaximum => (long)Wordlines * CellMaximum * DacMaximum;
    public int BitlineSumBits => UnsignedBits(BitlineSumMaximum);

    /// <summary>The same after the flip encoding has bounded the stored values.</summary>
    public long StoredBitlineSumMaximum => DacMaximum * (Flip ? (long)Wordlines * CellMaximum / 2 : (long)Wordlines * CellMaximum);
    public bool SaturationPossible => StoredBitlineSumMaximum >> Config.Adc.LsbShift > AdcMaximum;

    /// <summary>Outputs are the exact integer products (for policies that drop nothing).</summary>
    public bool Exact => !SaturationPossible && Config.Adc.LsbShift == 0;

    /// <summary>Fewest ADC bits with which no conversion can saturate, whatever the weights.</summary>
    public int AdcBitsWithoutSaturation => UnsignedBits(StoredBitlineSumMaximum >> Config.Adc.LsbShift);

    // --- The array -----------------------------------------------------------------------------------------------

    public int RowBlocks => Config.Ima.RowBlocks;
    public int ColumnBlocks => Config.Ima.ColumnBlocks;

    /// <summary>Groups (row blocks of K) of the whole tile.</summary>
    public int Groups => Config.Tile.Rows * RowBlocks;
    public int CapacityRows => Groups * Wordlines;
    public int OutputsPerIma => ColumnBlocks * OutputsPerCrossbar;
    public int CapacityOutputs => Config.Tile.Columns * OutputsPerIma;
    public int Imas => Config.Tile.Rows * Config.Tile.Columns;
    public int CrossbarsPerIma => RowBlocks * ColumnBlocks;
    public int Crossbars => Imas * CrossbarsPerIma;
    public long Cells => (long)Crossbars * Wordlines * Config.Crossbar.Bitlines;

    // --- Loading -------------------------------------------------------------------------------------------------

    public int ActivationBytes => CeilingDivide(Config.Activations.Bits, 8);
    public int ActivationsPerBeat => Config.Tile.StreamBytes / ActivationBytes;

    /// <summary>
    /// Activations written into an input register per clock: the largest number up to <c>ima.load_lanes</c> that divides
    /// both the wordlines and a beat, so that a word never straddles a row block or a beat.
    /// </summary>
    public int LoadLanes
    {
        get
        {
            int common = (int)BigInteger.GreatestCommonDivisor(Wordlines, Math.Max(1, ActivationsPerBeat));
            for (int lanes = Math.Min(Config.Ima.LoadLanes, common); lanes > 1; lanes--)
                if (common % lanes == 0)
                    return lanes;
            return 1;
        }
    }

    /// <summary>Input register words of one group.</summary>
    public int WordsPerGroup => Wordlines / LoadLanes;

    /// <summary>Input register words in one stream beat.</summary>
    public int WordsPerBeat => ActivationsPerBeat / LoadLanes;

    /// <summary>Stream beats that the activation buffer holds.</summary>
    public int BufferBeats => Config.Tile.BufferKib * 1024 / Config.Tile.StreamBytes;

    /// <summary>
    /// Clocks between two full vectors as loading alone allows (docs/timing.md, Throughput): each tile row's input registers
    /// take a word per clock once the rows above have their first beats; the buffer reads a beat per clock for all of them.
    /// </summary>
    public int LoadClocks
    {
        get
        {
            int[] beats = [.. Enumerable.Range(0, Config.Tile.Rows).Select(row => BeatsOf(row, CapacityRows))];
            return Math.Max(RowBlocks * WordsPerGroup + beats.SkipLast(1).Sum(row => Math.Min(2, row)), beats.Sum()) + 4;
        }
    }

    /// <summary>Stream beats that tile row <paramref name="tileRow"/> fetches for a vector of <paramref name="rows"/> activations; a beat may serve two tile rows.</summary>
    public int BeatsOf(int tileRow, int rows)
    {
        int first = tileRow * RowBlocks * Wordlines, end = Math.Min(rows, first + RowBlocks * Wordlines), beat = Math.Max(1, ActivationsPerBeat);
        return end <= first ? 0 : (end - 1) / beat - first / beat + 1;
    }

    /// <summary>Clocks between two full vectors as streaming every plane and converting every used bitline alone allows.</summary>
    public int ComputeClocks => Steps * ClocksPerStep;

    /// <summary>Clocks between two full vectors as the drain alone allows: one output per clock, one clock to begin.</summary>
    public int OutputClocks => CapacityOutputs + 1;

    // --- Dynamic precision ---------------------------------------------------------------------------------------

    public PrecisionPolicy Policy => Config.Precision.Policy;

    /// <summary>Most bits that can be dropped in this netlist.</summary>
    public int MaxDrop => Policy == PrecisionPolicy.Statistical ? Config.Precision.MaxDrop : 0;

    /// <summary>
    /// Threshold registers per layer and row block as the configuration fills them: the smallest max_drop ones, ascending.
    /// Default thresholds that the statistic cannot reach are registers that mean never.
    /// </summary>
    public IReadOnlyList<long> Thresholds =>
        [.. (Config.Precision.Thresholds ?? [.. Enumerable.Range(1, MaxDrop).Select(j => Math.Min(8L << j, ThresholdNever))]).Order().Take(MaxDrop)];

    public int ActivationMaximum => (1 << Config.Activations.Bits) - 1;

    /// <summary>Bits of X, the sum of a group's activations.</summary>
    public int GroupSumBits => UnsignedBits((long)Wordlines * ActivationMaximum);
    public int StatisticBits => Config.Precision.Statistic == GroupStatistic.Sum ? GroupSumBits : Config.Activations.Bits;

    /// <summary>One bit wider than the statistic, so that all ones means never.</summary>
    public int ThresholdBits => StatisticBits + 1;
    public long ThresholdNever => (1L << ThresholdBits) - 1;

    /// <summary>The statistic that is compared with thresholds; null where there are none.</summary>
    public GroupStatistic? UsedStatistic => MaxDrop > 0 ? Config.Precision.Statistic : null;

    /// <summary>Candidate drops for which the precision unit keeps an OR of the activations.</summary>
    public int OrFields => Policy == PrecisionPolicy.Static ? 0 : MaxDrop + 1;

    /// <summary>Candidate drops for which the precision unit keeps a sum of the activations.</summary>
    public int SumFields => !IsDifferential ? MaxDrop + 1 : UsedStatistic is GroupStatistic.Sum or GroupStatistic.NonzeroMean ? 1 : 0;

    // --- Accumulation and outputs --------------------------------------------------------------------------------

    /// <summary>
    /// Largest |y| per unit of activation. 2^(wb-1), except that offset slices which reach beyond the weight's top bit
    /// (cell.bits does not divide weights.bits) can exceed it once a conversion loses something.
    /// </summary>
    public long WeightMagnitude =>
        IsDifferential
            ? 1L << (Config.Weights.Bits - 1)
            : Math.Max(1L << (Config.Weights.Bits - 1), (1L << (Slices * Config.Cell.Bits)) - (1L << (Config.Weights.Bits - 1)));

    /// <summary>Signed bits of one group's result.</summary>
    public int GroupResultBits => SignedBits((BigInteger)WeightMagnitude * ActivationMaximum * Wordlines);

    /// <summary>Signed bits of one IMA's result, summed over its row blocks.</summary>
    public int ImaResultBits => SignedBits((BigInteger)WeightMagnitude * ActivationMaximum * Wordlines * RowBlocks);

    /// <summary>Signed bits of the tile's result y, summed over all groups.</summary>
    public int AccumulatorBits => SignedBits((BigInteger)WeightMagnitude * ActivationMaximum * CapacityRows);

    /// <summary>Bytes of a raw accumulator on the streams: 4 or 8. Sums over passes must fit too.</summary>
    public int RawOutputBytes => BiasedBits <= 32 ? 4 : 8;
    public int RawOutputBits => 8 * RawOutputBytes;

    /// <summary>Signed bits of y + bias (and of y plus a partial sum that itself fits the raw width).</summary>
    public int BiasedBits => Math.Max(AccumulatorBits, Config.Outputs.BiasBits) + 1;

    /// <summary>Signed bits of (y + bias) * multiplier.</summary>
    public int ProductBits => BiasedBits + Config.Outputs.MultiplierBits;
    public const int ShiftBits = 6;
    public const int MaximumShift = 62;
    public int OutputBytes => CeilingDivide(Config.Outputs.Bits, 8);

    // --- Performance counters ------------------------------------------------------------------------------------

    /// <summary>Bits of the most events of one kind that a clock can bring: every ADC of the tile starts, or every group skips all its planes.</summary>
    public int IncrementBits => UnsignedBits(Math.Max(Crossbars * Config.Adc.PerCrossbar, Groups * Steps));

    public static int CeilingDivide(int value, int divisor) => divisor <= 0 ? 0 : (value + divisor - 1) / divisor;

    /// <summary>Bits of an unsigned register that holds 0 .. <paramref name="maximum"/>; at least one.</summary>
    public static int UnsignedBits(BigInteger maximum) => maximum <= 0 ? 1 : (int)maximum.GetBitLength();

    /// <summary>Bits of a two's complement register that holds -<paramref name="magnitude"/> .. +<paramref name="magnitude"/>.</summary>
    public static int SignedBits(BigInteger magnitude) => UnsignedBits(magnitude) + 1;

    /// <summary>Bits of an index 0 .. <paramref name="count"/>-1; at least one.</summary>
    public static int IndexBits(int count) => UnsignedBits(Math.Max(0, count - 1));
}
