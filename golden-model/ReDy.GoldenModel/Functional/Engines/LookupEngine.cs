using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// Bitline sums by table lookup: a byte of a register is one step of one vector, and one instruction adds what a few wordlines
/// contribute to a bitline for all of them. Every term is at least zero, so a chain of saturating byte additions is an
/// 8-bit ADC, exactly; where saturations must be told from sums of exactly 255, or the ADC is not one of up to 8 bits,
/// the chain is cut into parts that cannot overflow. Built for blocks of vectors: tables are made once per crossbar and block.
/// </summary>
internal sealed unsafe class LookupEngine<TLanes, TVector> : IGroupEngine
    where TLanes : struct, IVectorLanes<TVector>
    where TVector : unmanaged
{
    private const int BitlinesPerQuad = LookupTables<TLanes, TVector>.BitlinesPerQuad;
    private const int RegistersPerQuad = 2 * BitlinesPerQuad;

    /// <summary>Pairs whose results wait for the same outputs: their indices and results stay in the first-level cache.</summary>
    private const int PairsPerChunk = 8;

    private readonly LayerPlan plan;
    private readonly Measurement measurement;
    private readonly LookupTables<TLanes, TVector> tables;
    private readonly LookupSegments<TLanes, TVector> segments;
    private readonly LookupToggles<TLanes, TVector>? toggles;
    private readonly int lsbShift;
    private readonly int digitBits;
    private readonly int partLookups;
    private readonly int adcMaximum;

    /// <summary>Weights of two steps: (1, 2^dac.bits), repeated.</summary>
    private readonly int byteWeights;

    private readonly AlignedBuffer<TVector> sums = new(2 * RegistersPerQuad);
    private readonly AlignedBuffer<TVector> wordSums = new(2 * RegistersPerQuad);

    /// <summary>[output within a register][pair of the chunk][register][segment]: results of the chunk's segments.</summary>
    private readonly AlignedBuffer<int> results;
    private readonly AlignedBuffer<int> rows;
    private readonly AlignedBuffer<int> zeros = new(OutputsPerRegister);
    private readonly AlignedBuffer<Bitline> bitlines;

    private enum Conversion
    {
        /// <summary>One chain of saturating additions.</summary>
        Chain,

        /// <summary>Two chains that cannot overflow; whether their sum exceeds a byte is a saturation.</summary>
        TwoParts,

        /// <summary>Parts that cannot overflow, added up in words: any ADC.</summary>
        Words,
    }

    public LookupEngine(LayerPlan plan, Measurement measurement)
    {
        TileGeometry geometry = plan.Geometry;
        this.plan = plan;
        this.measurement = measurement;
        tables = new LookupTables<TLanes, TVector>(geometry);
        segments = new LookupSegments<TLanes, TVector>(plan, tables.Lookups);
        toggles = measurement == Measurement.AdcToggles ? new LookupToggles<TLanes, TVector>(plan, PairsPerChunk) : null;
        lsbShift = geometry.Config.Adc.LsbShift;
        digitBits = geometry.Config.Dac.Bits;
        adcMaximum = (int)geometry.AdcMaximum;
        partLookups = byte.MaxValue / tables.GreatestEntry;
        byteWeights = 0x0001_0001 * (1 | 1 << (digitBits + 8));
        results = new AlignedBuffer<int>(OutputsPerRegister * ResultStride);
        rows = new AlignedBuffer<int>(OutputsPerRegister * OutputsPerRegister);
        bitlines = new AlignedBuffer<Bitline>(geometry.UsedBitlines);
    }

    private static int OutputsPerRegister => sizeof(TVector) / sizeof(int);
    private static int ResultStride => PairsPerChunk * LookupSegments<TLanes, TVector>.SegmentsPerPair;

    /// <summary>
    /// Bitline sums must fit words, and a segment's result 32 bits: four steps and all slices of the largest code. Toggles are
    /// counted on bytes.
    /// </summary>
    public static bool Supports(TileGeometry geometry, Measurement measurement)
    {
        long code = Math.Min(geometry.AdcMaximum, geometry.BitlineSumMaximum >> geometry.Config.Adc.LsbShift);
        int stepBits = geometry.Config.Dac.Bits, sliceBits = geometry.Config.Cell.Bits;
        long steps = 1 + (1L << stepBits) + (1L << (2 * stepBits)) + (1L << (3 * stepBits));
        long slices = ((1L << (geometry.Slices * sliceBits)) - 1) / ((1L << sliceBits) - 1);
        return geometry.BitlineSumMaximum <= ushort.MaxValue
            && code * steps * slices <= int.MaxValue
            && (measurement != Measurement.AdcToggles || geometry.Config.Adc.Bits <= 8);
    }

    public void AddGroup(VectorBlock block, int group, ReadOnlySpan<int> vectors, long* outputs, AdcOutputs adcOutputs, ref ConversionTally tally)
    {
        segments.Load(block, group, vectors);
        for (int o = 0; o < plan.Layer.OutputBlocks; o++)
        {
            int crossbar = plan.Crossbar(group, o), usedBitlines = plan.UsedBitlines(o);
            CrossbarImage image = plan.Layer.Images[crossbar];
            tables.Build(image, usedBitlines);
            DescribeBitlines(image, usedBitlines);
            toggles?.Begin(block.Count, usedBitlines);
            long* y = outputs + plan.FirstOutput(o);
            Conversion conversion = Choose(crossbar);
            for (int pair = 0; pair < segments.Pairs; pair += PairsPerChunk)
                tally.Saturations += ConvertChunk(conversion, usedBitlines, pair, Math.Min(PairsPerChunk, segments.Pairs - pair), y);
            if (toggles is not null)
                tally.AdcToggles += toggles.End(block, group, vectors, crossbar, adcOutputs);
        }

        plan.AddOffsets(block, group, vectors, outputs);
    }

    /// <summary>A chain is exact where no sum exceeds a byte, and where nobody asks which conversions saturated.</summary>
    private Conversion Choose(int crossbar)
    {
        if (lsbShift != 0 || plan.Geometry.Config.Adc.Bits > 8)
            return Conversion.Words;
        if (plan.GreatestSum(crossbar) <= byte.MaxValue || measurement == Measurement.Values)
            return Conversion.Chain;
        return tables.Lookups <= 2 * partLookups ? Conversion.TwoParts : Conversion.Words;
    }

    private void DescribeBitlines(CrossbarImage image, int usedBitlines)
    {
        int perOutput = plan.BitlinesPerOutput;
        for (int c = 0; c < usedBitlines; c++)
        {
            // The slice's significance goes into the weights where signed words hold it.
            int shift = plan.SliceShifts[c % perOutput];
            int folded = shift + 2 * digitBits < 15 ? shift : 0;
            int weight = plan.IsNegative(image, c) ? -1 << folded : 1 << folded;
            bitlines.Pointer[c] = new Bitline(
                c / perOutput % OutputsPerRegister * ResultStride,
                c % perOutput == 0,
                c % perOutput == perOutput - 1,
                shift - folded,
                (ushort)weight | (weight << (2 * digitBits + 16)));
        }
    }

    private long ConvertChunk(Conversion conversion, int usedBitlines, int firstPair, int pairs, long* y)
    {
        long saturations = 0;
        int bitlinesAtOnce = OutputsPerRegister * plan.BitlinesPerOutput;
        for (int first = 0; first < usedBitlines; first += bitlinesAtOnce)
        {
            int end = Math.Min(usedBitlines, first + bitlinesAtOnce);
            for (int c = first; c < end; c += BitlinesPerQuad)
            {
                byte* quad = tables.Quad(c / BitlinesPerQuad);
                byte* pair = segments.Pair(firstPair);
                int count = Math.Min(BitlinesPerQuad, end - c);
                for (int p = 0; p < pairs; p++, pair += segments.PairBytes)
                {
                    AddUp(conversion, quad, pair);
                    saturations += Weigh(conversion, c, count, firstPair, p);
                }
            }

            int firstOutput = first / plan.BitlinesPerOutput;
            AddResults(firstPair, pairs, firstOutput, (end - first) / plan.BitlinesPerOutput, y);
        }

        return saturations;
    }

    /// <summary>Sums of one quad of bitlines over one pair of registers, as far as bytes hold them.</summary>
    private void AddUp(Conversion conversion, byte* quad, byte* pair)
    {
        int lookups = tables.Lookups;
        if (conversion == Conversion.Chain)
        {
            AddUp(quad, pair, lookups, sums.Pointer);
            return;
        }

        int tableStride = BitlinesPerQuad * TLanes.TableBytes, indexStride = 2 * sizeof(TVector);
        if (conversion == Conversion.TwoParts)
        {
            int half = (lookups + 1) / 2;
            AddUp(quad, pair, half, sums.Pointer);
            AddUp(quad + half * tableStride, pair + half * indexStride, lookups - half, sums.Pointer + RegistersPerQuad);
            return;
        }

        for (int done = 0; done < lookups; done += partLookups)
        {
            AddUp(quad + done * tableStride, pair + done * indexStride, Math.Min(partLookups, lookups - done), sums.Pointer);
            for (int i = 0; i < RegistersPerQuad; i++)
            {
                TVector even = TLanes.EvenBytes(sums.Pointer[i]), odd = TLanes.OddBytes(sums.Pointer[i]);
                wordSums.Pointer[2 * i] = done == 0 ? even : TLanes.AddWords(wordSums.Pointer[2 * i], even);
                wordSums.Pointer[2 * i + 1] = done == 0 ? odd : TLanes.AddWords(wordSums.Pointer[2 * i + 1], odd);
            }
        }
    }

    /// <summary>The innermost loop: per lookup, 4 tables and 2 registers of indices give 8 sums. Bound by the shuffle unit.</summary>
    private static void AddUp(byte* table, byte* index, int lookups, TVector* sums)
    {
        TVector a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (; lookups > 0; lookups--, table += BitlinesPerQuad * TLanes.TableBytes, index += 2 * sizeof(TVector))
        {
            TVector index0 = TLanes.Load(index), index1 = TLanes.Load(index + sizeof(TVector));
            TVector entries = TLanes.LoadTable(table);
            a0 = TLanes.AddBytesSaturating(a0, TLanes.Lookup(entries, index0));
            a1 = TLanes.AddBytesSaturating(a1, TLanes.Lookup(entries, index1));
            entries = TLanes.LoadTable(table + TLanes.TableBytes);
            b0 = TLanes.AddBytesSaturating(b0, TLanes.Lookup(entries, index0));
            b1 = TLanes.AddBytesSaturating(b1, TLanes.Lookup(entries, index1));
            entries = TLanes.LoadTable(table + 2 * TLanes.TableBytes);
            c0 = TLanes.AddBytesSaturating(c0, TLanes.Lookup(entries, index0));
            c1 = TLanes.AddBytesSaturating(c1, TLanes.Lookup(entries, index1));
            entries = TLanes.LoadTable(table + 3 * TLanes.TableBytes);
            d0 = TLanes.AddBytesSaturating(d0, TLanes.Lookup(entries, index0));
            d1 = TLanes.AddBytesSaturating(d1, TLanes.Lookup(entries, index1));
        }

        sums[0] = a0;
        sums[1] = a1;
        sums[2] = b0;
        sums[3] = b1;
        sums[4] = c0;
        sums[5] = c1;
        sums[6] = d0;
        sums[7] = d1;
    }

    /// <summary>The ADCs and shift-and-add of a quad: sums to codes, codes times step and slice weights, into the results of their outputs.</summary>
    private long Weigh(Conversion conversion, int firstBitline, int count, int firstPair, int pairOfChunk)
    {
        long saturations = 0;
        if (conversion != Conversion.Chain || adcMaximum < byte.MaxValue)
        {
            for (int register = 0; register < 2 * count; register++)
                saturations += conversion == Conversion.Words ? ConvertWords(register) : ConvertBytes(conversion, register);
        }

        toggles?.Add(sums.Pointer, firstBitline, count, firstPair, pairOfChunk, segments);
        TVector stepWeights = TLanes.Broadcast(byteWeights), total0 = default, total1 = default;
        TVector* codes = sums.Pointer;
        int* result = results.Pointer + pairOfChunk * 2 * OutputsPerRegister;
        bool startsOutput = false;
        for (int i = 0; i < count; i++, codes += 2)
        {
            ref readonly Bitline bitline = ref bitlines.Pointer[firstBitline + i];
            TVector weights = TLanes.Broadcast(bitline.WordWeights);
            TVector term0 = TLanes.MultiplyAddWords(TLanes.MultiplyAddBytes(codes[0], stepWeights), weights);
            TVector term1 = TLanes.MultiplyAddWords(TLanes.MultiplyAddBytes(codes[1], stepWeights), weights);
            if (conversion == Conversion.Words)
            {
                term0 = TLanes.AddIntegers(term0, HighBytes(codes[RegistersPerQuad], stepWeights, weights));
                term1 = TLanes.AddIntegers(term1, HighBytes(codes[RegistersPerQuad + 1], stepWeights, weights));
            }

            if (bitline.SliceShift != 0)
            {
                term0 = TLanes.ShiftIntegersLeft(term0, bitline.SliceShift);
                term1 = TLanes.ShiftIntegersLeft(term1, bitline.SliceShift);
            }

            total0 = TLanes.AddIntegers(total0, term0);
            total1 = TLanes.AddIntegers(total1, term1);
            startsOutput |= bitline.IsFirst;
            if (bitline.IsLast || i == count - 1)
            {
                // An output's bitlines may begin in one quad and end in another.
                int* to = result + bitline.Result;
                TLanes.Store(startsOutput ? total0 : TLanes.AddIntegers(TLanes.Load(to), total0), to);
                to += OutputsPerRegister;
                TLanes.Store(startsOutput ? total1 : TLanes.AddIntegers(TLanes.Load(to), total1), to);
                total0 = total1 = default;
                startsOutput = false;
            }
        }

        return saturations;
    }

    private static TVector HighBytes(TVector codes, TVector stepWeights, TVector weights) =>
        TLanes.ShiftIntegersLeft(TLanes.MultiplyAddWords(TLanes.MultiplyAddBytes(codes, stepWeights), weights), 8);

    /// <summary>What an ADC of up to 8 bits makes of the sums in one register, in their place.</summary>
    /// <returns>How many conversions saturated.</returns>
    private int ConvertBytes(Conversion conversion, int register)
    {
        int saturations = 0;
        TVector code = sums.Pointer[register];
        if (conversion == Conversion.TwoParts)
        {
            TVector second = sums.Pointer[RegistersPerQuad + register];
            TVector wrapped = TLanes.AddBytes(code, second);
            code = TLanes.AddBytesSaturating(code, second);
            if (adcMaximum == byte.MaxValue)
                saturations = TLanes.CountDifferentBytes(code, wrapped);
        }

        if (adcMaximum < byte.MaxValue)
        {
            TVector maximum = TLanes.Broadcast((byte)adcMaximum);
            saturations = TLanes.CountGreaterBytes(code, maximum);
            code = TLanes.MinimumOfBytes(code, maximum);
        }

        sums.Pointer[register] = code;
        return saturations;
    }

    /// <summary>What an ADC makes of sums in words: the codes' low bytes, and behind all registers their high bytes.</summary>
    /// <returns>How many conversions saturated.</returns>
    private int ConvertWords(int register)
    {
        TVector maximum = TLanes.Broadcast((adcMaximum << 16) | adcMaximum);
        TVector even = TLanes.ShiftWordsRight(wordSums.Pointer[2 * register], lsbShift);
        TVector odd = TLanes.ShiftWordsRight(wordSums.Pointer[2 * register + 1], lsbShift);
        int saturations = TLanes.CountGreaterWords(even, maximum) + TLanes.CountGreaterWords(odd, maximum);
        even = TLanes.MinimumOfWords(even, maximum);
        odd = TLanes.MinimumOfWords(odd, maximum);
        sums.Pointer[register] = TLanes.InterleaveLowBytes(even, odd);
        sums.Pointer[RegistersPerQuad + register] = TLanes.InterleaveLowBytes(TLanes.ShiftWordsRight(even, 8), TLanes.ShiftWordsRight(odd, 8));
        return saturations;
    }

    /// <summary>Adds the chunk's results to the outputs of their vectors, weighed by the first step of each segment.</summary>
    private void AddResults(int firstPair, int pairs, int firstOutput, int outputs, long* y)
    {
        int segmentsPerRegister = OutputsPerRegister;
        int segment = firstPair * LookupSegments<TLanes, TVector>.SegmentsPerPair;
        for (int register = 0; register < 2 * pairs; register++)
        {
            TLanes.Transpose(results.Pointer + register * segmentsPerRegister, ResultStride, rows.Pointer);
            int count = Math.Min(segmentsPerRegister, segments.Count - segment);
            for (int i = 0; i < count;)
            {
                int vector = segments.Vector(segment), shift = Shift(segment);
                long* to = y + (long)vector * plan.Layer.Outputs + firstOutput;
                int* row = rows.Pointer + i * OutputsPerRegister;

                // A vector's segments follow each other: two are added in one go.
                bool isPair = i + 1 < count && segments.Vector(segment + 1) == vector;
                int* second = isPair ? row + OutputsPerRegister : zeros.Pointer;
                int secondShift = isPair ? Shift(segment + 1) : 0;
                if (outputs == OutputsPerRegister)
                {
                    TLanes.AddShifted(row, shift, second, secondShift, to);
                }
                else
                {
                    for (int n = 0; n < outputs; n++)
                        to[n] += ((long)row[n] << shift) + ((long)second[n] << secondShift);
                }

                int done = isPair ? 2 : 1;
                i += done;
                segment += done;
            }
        }
    }

    /// <summary>Significance of a segment's first step, in bits.</summary>
    private int Shift(int segment) => segments.FirstStep(segment) * digitBits + lsbShift;

    /// <param name="Result">Place of its output in the results.</param>
    /// <param name="IsFirst">First bitline of its output.</param>
    /// <param name="IsLast">Last bitline of its output.</param>
    /// <param name="SliceShift">What is left of the significance of its slice, in bits.</param>
    /// <param name="WordWeights">Weights of two pairs of steps, (1, 4^dac.bits) times the bitline's sign and as much of its slice's significance as fits.</param>
    private readonly record struct Bitline(int Result, bool IsFirst, bool IsLast, int SliceShift, int WordWeights);
}
