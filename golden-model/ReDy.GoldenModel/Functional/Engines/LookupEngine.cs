using System.Numerics;
using System.Runtime.CompilerServices;
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

    /// <summary>Whether 32 bits hold a vector's result over all steps, as they hold a segment's.</summary>
    private readonly bool resultsFitIntegers;

    /// <summary>[part][pair of the chunk][bitline of the quad][register]: sums in bytes, then codes; high bytes of codes are the second part.</summary>
    private readonly AlignedBuffer<TVector> sums = new(2 * PartRegisters);
    private readonly AlignedBuffer<TVector> wordSums = new(2 * RegistersPerQuad);

    /// <summary>[output within a register][pair of the chunk][register][segment]: results of the chunk's segments.</summary>
    private readonly AlignedBuffer<int> results;

    /// <summary>One register of segments: results of two outputs side by side, then a row per segment or per pair of them.</summary>
    private readonly AlignedBuffer<TVector> pairedOutputs = new(OutputsPerRegister / 2);
    private readonly AlignedBuffer<int> rows;

    /// <summary>[quad][which of the quad's]</summary>
    private readonly Weighing[] weighings;
    private readonly int[] weighingsOfQuad;

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
        resultsFitIntegers = GreatestResult(geometry, geometry.Steps) <= int.MaxValue;
        results = new AlignedBuffer<int>(OutputsPerRegister * ResultStride);
        rows = new AlignedBuffer<int>(OutputsPerRegister * OutputsPerRegister);
        int quads = TileGeometry.CeilingDivide(geometry.UsedBitlines, BitlinesPerQuad);
        weighings = new Weighing[quads * BitlinesPerQuad];
        weighingsOfQuad = new int[quads];
    }

    private static int OutputsPerRegister => sizeof(TVector) / sizeof(int);
    private static int ResultStride => PairsPerChunk * LookupSegments<TLanes, TVector>.SegmentsPerPair;

    /// <summary>Registers of one part of a chunk's sums.</summary>
    private static int PartRegisters => PairsPerChunk * RegistersPerQuad;

    /// <summary>
    /// Bitline sums must fit words, and a segment's result 32 bits: four steps and all slices of the largest code. Toggles are
    /// counted on bytes.
    /// </summary>
    public static bool Supports(TileGeometry geometry, Measurement measurement) =>
        geometry.BitlineSumMaximum <= ushort.MaxValue
        && GreatestResult(geometry, LookupSegments<TLanes, TVector>.StepsPerSegment) <= int.MaxValue
        && (measurement != Measurement.AdcToggles || geometry.Config.Adc.Bits <= 8);

    /// <summary>Largest magnitude of one output's shift-and-add over so many steps.</summary>
    private static Int128 GreatestResult(TileGeometry geometry, int steps)
    {
        long code = Math.Min(geometry.AdcMaximum, geometry.BitlineSumMaximum >> geometry.Config.Adc.LsbShift);
        int stepBits = geometry.Config.Dac.Bits, sliceBits = geometry.Config.Cell.Bits;
        Int128 weights = Enumerable.Range(0, steps).Aggregate((Int128)0, (sum, step) => sum + ((Int128)1 << (step * stepBits)));
        Int128 slices = (((Int128)1 << (geometry.Slices * sliceBits)) - 1) / ((1L << sliceBits) - 1);
        return code * weights * slices;
    }

    public void AddGroup(VectorBlock block, int group, ReadOnlySpan<int> vectors, OutputSums outputs, AdcOutputs adcOutputs, ref ConversionTally tally)
    {
        int lookups = TileGeometry.CeilingDivide(plan.Layer.UsedRows(plan.Geometry, group), tables.WordlinesPerLookup);
        segments.Load(block, group, vectors, lookups);
        for (int o = 0; o < plan.Layer.OutputBlocks; o++)
        {
            int crossbar = plan.Crossbar(group, o), usedBitlines = plan.UsedBitlines(o);
            CrossbarImage image = plan.Layer.Images[crossbar];
            tables.Build(image, lookups, usedBitlines);
            ChooseWeights(image, usedBitlines);
            toggles?.Begin(block.Count, usedBitlines);
            int firstOutput = plan.FirstOutput(o);
            Conversion conversion = Choose(crossbar);
            for (int pair = 0; pair < segments.Pairs; pair += PairsPerChunk)
                tally.Saturations += ConvertChunk(conversion, usedBitlines, pair, Math.Min(PairsPerChunk, segments.Pairs - pair), plan.Offsets(group), outputs, firstOutput);
            if (toggles is not null)
                tally.AdcToggles += toggles.End(block, group, vectors, crossbar, adcOutputs);
        }
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

    /// <summary>
    /// Every output of a quad is its codes times four weights, zero for other outputs' bitlines. Where a slice's significance
    /// exceeds the signed words that weights are, more than one sum makes the output.
    /// </summary>
    private void ChooseWeights(CrossbarImage image, int usedBitlines)
    {
        int perOutput = plan.BitlinesPerOutput, greatestShift = 14 - 2 * digitBits;
        Array.Clear(weighingsOfQuad);
        for (int c = 0; c < usedBitlines; c++)
        {
            int quad = c / BitlinesPerQuad, slice = c % perOutput, shift = plan.SliceShifts[slice];
            ref int count = ref weighingsOfQuad[quad];
            Span<Weighing> ofQuad = weighings.AsSpan(quad * BitlinesPerQuad, BitlinesPerQuad);
            if (c % BitlinesPerQuad == 0 || slice == 0 || shift - ofQuad[count - 1].Shift > greatestShift)
            {
                ofQuad[count++] = new Weighing
                {
                    Result = c / perOutput % OutputsPerRegister * ResultStride,
                    Adds = slice != 0,
                    Shift = shift > greatestShift ? shift : 0,
                };
            }

            ref Weighing weighing = ref ofQuad[count - 1];
            int weight = (plan.IsNegative(image, c) ? -1 : 1) << (shift - weighing.Shift);
            weighing.Weights[c % BitlinesPerQuad] = (ushort)weight | (weight << (2 * digitBits + 16));
        }
    }

    private long ConvertChunk(Conversion conversion, int usedBitlines, int firstPair, int pairs, int* offsets, OutputSums outputs, int firstOutput)
    {
        long saturations = 0;
        int bitlinesAtOnce = OutputsPerRegister * plan.BitlinesPerOutput;
        byte* indices = segments.Pair(firstPair);
        for (int first = 0; first < usedBitlines; first += bitlinesAtOnce)
        {
            int end = Math.Min(usedBitlines, first + bitlinesAtOnce);
            for (int c = first; c < end; c += BitlinesPerQuad)
            {
                int quad = c / BitlinesPerQuad;
                saturations += ConvertQuad(conversion, tables.Quad(quad), indices, pairs);
                toggles?.Add(sums.Pointer, c, Math.Min(BitlinesPerQuad, end - c), firstPair, pairs, segments);
                for (int i = 0; i < weighingsOfQuad[quad]; i++)
                {
                    ref readonly Weighing weighing = ref weighings[quad * BitlinesPerQuad + i];
                    Weigh(in weighing, sums.Pointer, weighing.Shift, weighing.Adds, pairs);
                    if (conversion == Conversion.Words)
                        Weigh(in weighing, sums.Pointer + PartRegisters, weighing.Shift + 8, adds: true, pairs);
                }
            }

            int output = firstOutput + first / plan.BitlinesPerOutput, count = (end - first) / plan.BitlinesPerOutput;
            if (outputs.AreIntegers)
                AddResults(firstPair, pairs, count, offsets + output, outputs.Integers + output);
            else
                AddResults(firstPair, pairs, count, offsets + output, outputs.Longs + output);
        }

        return saturations;
    }

    /// <summary>The ADCs' codes of one quad of bitlines over the pairs of a chunk.</summary>
    /// <returns>How many conversions saturated.</returns>
    private long ConvertQuad(Conversion conversion, byte* quad, byte* indices, int pairs)
    {
        int lookups = tables.Lookups, pairBytes = segments.PairBytes;
        int tableStride = BitlinesPerQuad * TLanes.TableBytes, indexStride = 2 * sizeof(TVector);
        long saturations = 0;
        if (conversion == Conversion.Words)
        {
            for (int p = 0; p < pairs; p++, indices += pairBytes)
            {
                for (int done = 0; done < lookups; done += partLookups)
                {
                    AddUp(quad + done * tableStride, indices + done * indexStride, Math.Min(partLookups, lookups - done), pairBytes, 1, sums.Pointer + p * RegistersPerQuad);
                    AddWords(sums.Pointer + p * RegistersPerQuad, isFirst: done == 0);
                }

                for (int i = 0; i < RegistersPerQuad; i++)
                    saturations += ConvertWords(i, sums.Pointer + p * RegistersPerQuad + i);
            }

            return saturations;
        }

        int first = conversion == Conversion.Chain ? lookups : (lookups + 1) / 2;
        AddUp(quad, indices, first, pairBytes, pairs, sums.Pointer);
        if (conversion == Conversion.TwoParts)
            AddUp(quad + first * tableStride, indices + first * indexStride, lookups - first, pairBytes, pairs, sums.Pointer + PartRegisters);
        if (conversion == Conversion.TwoParts || adcMaximum < byte.MaxValue)
        {
            for (int i = 0; i < pairs * RegistersPerQuad; i++)
                saturations += ConvertBytes(conversion, sums.Pointer + i);
        }

        return saturations;
    }

    private void AddWords(TVector* bytes, bool isFirst)
    {
        for (int i = 0; i < RegistersPerQuad; i++)
        {
            TVector even = TLanes.EvenBytes(bytes[i]), odd = TLanes.OddBytes(bytes[i]);
            wordSums.Pointer[2 * i] = isFirst ? even : TLanes.AddWords(wordSums.Pointer[2 * i], even);
            wordSums.Pointer[2 * i + 1] = isFirst ? odd : TLanes.AddWords(wordSums.Pointer[2 * i + 1], odd);
        }
    }

    /// <summary>The innermost loop: per lookup, 4 tables and 2 registers of indices give 8 sums. Bound by the shuffle unit.</summary>
    private static void AddUp(byte* quad, byte* indices, int lookups, int pairBytes, int pairs, TVector* sums)
    {
        for (; pairs > 0; pairs--, indices += pairBytes, sums += RegistersPerQuad)
        {
            byte* table = quad, index = indices;
            TVector a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            for (int i = lookups; i > 0; i--, table += BitlinesPerQuad * TLanes.TableBytes, index += 2 * sizeof(TVector))
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
    }

    /// <summary>Shift-and-add of a chunk: codes times step and slice weights, into the results of an output.</summary>
    /// <param name="adds">To what the output's bitlines before have left there.</param>
    private void Weigh(in Weighing weighing, TVector* codes, int shift, bool adds, int pairs)
    {
        TVector steps = TLanes.Broadcast(byteWeights);
        TVector a = TLanes.Broadcast(weighing.Weights[0]), b = TLanes.Broadcast(weighing.Weights[1]);
        TVector c = TLanes.Broadcast(weighing.Weights[2]), d = TLanes.Broadcast(weighing.Weights[3]);
        TVector* result = (TVector*)(results.Pointer + weighing.Result);
        for (TVector* end = result + 2 * pairs; result < end; result += 2, codes += RegistersPerQuad)
        {
            TVector sum0 = Weigh(codes, steps, a, b, c, d), sum1 = Weigh(codes + 1, steps, a, b, c, d);
            if (shift != 0)
            {
                sum0 = TLanes.ShiftIntegersLeft(sum0, shift);
                sum1 = TLanes.ShiftIntegersLeft(sum1, shift);
            }

            result[0] = adds ? TLanes.AddIntegers(result[0], sum0) : sum0;
            result[1] = adds ? TLanes.AddIntegers(result[1], sum1) : sum1;
        }
    }

    /// <summary>One register of each of a quad's bitlines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Weigh(TVector* codes, TVector steps, TVector a, TVector b, TVector c, TVector d)
    {
        TVector first = TLanes.MultiplyAddWords(TLanes.MultiplyAddBytes(codes[0], steps), a), second = TLanes.MultiplyAddWords(TLanes.MultiplyAddBytes(codes[2], steps), b);
        TVector third = TLanes.MultiplyAddWords(TLanes.MultiplyAddBytes(codes[4], steps), c), fourth = TLanes.MultiplyAddWords(TLanes.MultiplyAddBytes(codes[6], steps), d);
        return TLanes.AddIntegers(TLanes.AddIntegers(first, second), TLanes.AddIntegers(third, fourth));
    }

    /// <summary>What an ADC of up to 8 bits makes of the sums in one register, in their place.</summary>
    /// <returns>How many conversions saturated.</returns>
    private int ConvertBytes(Conversion conversion, TVector* register)
    {
        int saturations = 0;
        TVector code = *register;
        if (conversion == Conversion.TwoParts)
        {
            TVector second = register[PartRegisters];
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

        *register = code;
        return saturations;
    }

    /// <summary>What an ADC makes of sums in words: the codes' low bytes, and in the second part their high bytes.</summary>
    /// <returns>How many conversions saturated.</returns>
    private int ConvertWords(int ofQuad, TVector* register)
    {
        TVector maximum = TLanes.Broadcast((adcMaximum << 16) | adcMaximum);
        TVector even = TLanes.ShiftWordsRight(wordSums.Pointer[2 * ofQuad], lsbShift);
        TVector odd = TLanes.ShiftWordsRight(wordSums.Pointer[2 * ofQuad + 1], lsbShift);
        int saturations = TLanes.CountGreaterWords(even, maximum) + TLanes.CountGreaterWords(odd, maximum);
        even = TLanes.MinimumOfWords(even, maximum);
        odd = TLanes.MinimumOfWords(odd, maximum);
        *register = TLanes.InterleaveLowBytes(even, odd);
        register[PartRegisters] = TLanes.InterleaveLowBytes(TLanes.ShiftWordsRight(even, 8), TLanes.ShiftWordsRight(odd, 8));
        return saturations;
    }

    /// <summary>Adds a chunk's results to the outputs of their vectors, weighed by the first step of each segment, and each vector's X times the offsets.</summary>
    /// <param name="outputs">As many as a register holds, or fewer.</param>
    /// <param name="offsets">Of the first output.</param>
    /// <param name="y">The first output of vector 0.</param>
    private void AddResults<TSum>(int firstPair, int pairs, int outputs, int* offsets, TSum* y)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        int first = firstPair * LookupSegments<TLanes, TVector>.SegmentsPerPair;
        int end = Math.Min(segments.Count, first + pairs * LookupSegments<TLanes, TVector>.SegmentsPerPair);
        int* result = results.Pointer;
        for (; first < end; first += OutputsPerRegister, result += OutputsPerRegister)
        {
            int last = Math.Min(first + OutputsPerRegister, end);
            if (resultsFitIntegers && last <= segments.PairedCount)
            {
                AddSegmentsOfVectors(result, segments.FirstBits + first);
                AddRows(first, last, 2, null, outputs, offsets, y);
            }
            else
            {
                TLanes.Transpose(result, ResultStride, rows.Pointer, OutputsPerRegister);
                AddRows(first, last, 1, segments.FirstBits, outputs, offsets, y);
            }
        }
    }

    /// <param name="firstBits">What each segment's row is still to be shifted by; null for none.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddRows<TSum>(int segment, int end, int segmentsPerRow, int* firstBits, int outputs, int* offsets, TSum* y)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        // Copies of fields: the compiler cannot know that nothing here changes them. Never inlined: among other code they would be kept in memory.
        int* vectors = segments.Vectors, row = rows.Pointer;
        long* activationSums = segments.ActivationSums;
        int shift = lsbShift;
        nint stride = plan.Layer.Outputs;
        for (; outputs == OutputsPerRegister && segment < end; segment += segmentsPerRow, row += OutputsPerRegister)
        {
            int rowShift = firstBits is null ? shift : shift + firstBits[segment];
            if (typeof(TSum) == typeof(int))
                TLanes.AddShifted(row, rowShift, offsets, (int)activationSums[segment], (int*)(y + vectors[segment] * stride));
            else
                TLanes.AddShifted(row, rowShift, offsets, activationSums[segment], (long*)(y + vectors[segment] * stride));
        }

        for (; segment < end; segment += segmentsPerRow, row += OutputsPerRegister)
        {
            int rowShift = firstBits is null ? shift : shift + firstBits[segment];
            for (int n = 0; n < outputs; n++)
                y[vectors[segment] * stride + n] += TSum.CreateTruncating(((long)row[n] << rowShift) + offsets[n] * activationSums[segment]);
        }
    }

    /// <summary>Of a register that holds two segments of each vector: every vector's results, a row for each.</summary>
    private void AddSegmentsOfVectors(int* result, int* firstBits)
    {
        TVector shifts = TLanes.Load(firstBits);
        for (int i = 0; i < OutputsPerRegister / 2; i++, result += 2 * ResultStride)
        {
            pairedOutputs.Pointer[i] = TLanes.AddNeighbours(
                TLanes.ShiftIntegersLeft(TLanes.Load(result), shifts),
                TLanes.ShiftIntegersLeft(TLanes.Load(result + ResultStride), shifts));
        }

        TLanes.TransposeLongs(pairedOutputs.Pointer, (TVector*)rows.Pointer);
    }

    /// <summary>Bitlines of one quad that belong to one output.</summary>
    private struct Weighing
    {
        /// <summary>Place of the output in the results.</summary>
        public int Result;

        /// <summary>Whether bitlines before belong to the output too.</summary>
        public bool Adds;

        /// <summary>What the weights lack of the slices' significance, in bits.</summary>
        public int Shift;

        /// <summary>For each bitline the weights of two pairs of steps, (1, 4^dac.bits) times the bitline's sign and its slice's significance.</summary>
        public BitlineWeights Weights;
    }

    [InlineArray(BitlinesPerQuad)]
    private struct BitlineWeights
    {
        private int first;
    }
}
