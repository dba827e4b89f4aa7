using System.Numerics;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// Lookup tables of one crossbar: the sum of a few wordlines' cells for every combination of their digits. Four bitlines side
/// by side are the unit of work: [quad of bitlines][lookup][bitline][index]. They take many times the memory of the weights, so
/// they are built when a block of vectors comes to a crossbar and overwritten at the next.
/// </summary>
internal sealed unsafe class LookupTables<TLanes, TVector>
    where TLanes : struct, IVectorLanes<TVector>
    where TVector : unmanaged
{
    public const int BitlinesPerQuad = 4;

    private readonly int cellBits;
    private readonly int patternBitlines;

    /// <summary>
    /// Table of a bitline whose cells are all zero except in one bit: [bit of the cells][which of a lookup's wordlines have it set].
    /// A table is the sum of one of these per bit of the cells.
    /// </summary>
    private readonly AlignedBuffer<TVector> bitTables;

    /// <summary>Which of a lookup's wordlines have a bit of their cell set: [lookup][bit of the cells][bitline].</summary>
    private readonly byte[] patterns;
    private readonly AlignedBuffer<byte> tables;

    public LookupTables(TileGeometry geometry)
    {
        int digitBits = geometry.Config.Dac.Bits;
        cellBits = geometry.Config.Cell.Bits;
        WordlinesPerLookup = TLanes.IndexBits / digitBits;
        Lookups = TileGeometry.CeilingDivide(geometry.Wordlines, WordlinesPerLookup);
        GreatestEntry = WordlinesPerLookup * geometry.CellMaximum * geometry.DacMaximum;
        int quads = TileGeometry.CeilingDivide(geometry.UsedBitlines, BitlinesPerQuad);
        patternBitlines = quads * BitlinesPerQuad;
        patterns = new byte[Lookups * cellBits * patternBitlines];
        tables = new AlignedBuffer<byte>((long)quads * QuadBytes);
        bitTables = new AlignedBuffer<TVector>(cellBits << WordlinesPerLookup);
        for (int b = 0; b < cellBits; b++)
        {
            for (int pattern = 0; pattern < 1 << WordlinesPerLookup; pattern++)
                FillBitTable((byte*)(bitTables.Pointer + (b << WordlinesPerLookup) + pattern), pattern, b, digitBits);
        }
    }

    public int WordlinesPerLookup { get; }

    /// <summary>Of one bitline of the crossbar that the tables were last built for; before that, of a whole crossbar.</summary>
    public int Lookups { get; private set; }

    /// <summary>Largest entry that any table of this configuration can have; fits a byte for every width of cell and DAC.</summary>
    public int GreatestEntry { get; }

    private int LookupBytes => BitlinesPerQuad * TLanes.TableBytes;
    private int QuadBytes => Lookups * LookupBytes;

    public byte* Quad(int quad) => tables.Pointer + (long)quad * QuadBytes;

    /// <param name="lookups">As many as the crossbar's used wordlines need: those beyond are never driven.</param>
    /// <param name="usedBitlines">Bitlines beyond them convert zeros.</param>
    public void Build(CrossbarImage image, int lookups, int usedBitlines)
    {
        Lookups = lookups;
        Array.Clear(patterns);
        for (int i = 0; i < lookups; i++)
            FindPatterns(image, i, usedBitlines);
        byte* to = tables.Pointer;
        fixed (byte* firstPattern = patterns)
        {
            for (int first = 0; first < usedBitlines; first += BitlinesPerQuad)
            {
                byte* pattern = firstPattern + first;
                for (int i = 0; i < lookups; i++, pattern += cellBits * patternBitlines, to += LookupBytes)
                    WriteTables(pattern, to);
            }
        }
    }

    /// <summary>One lookup's tables of one quad.</summary>
    /// <param name="pattern">Of the cells' lowest bit; those of the others follow.</param>
    private void WriteTables(byte* pattern, byte* to)
    {
        TVector* bitTable = bitTables.Pointer;
        TVector a = bitTable[pattern[0]], b = bitTable[pattern[1]], c = bitTable[pattern[2]], d = bitTable[pattern[3]];
        for (int bit = 1; bit < cellBits; bit++)
        {
            pattern += patternBitlines;
            bitTable += 1 << WordlinesPerLookup;
            a = TLanes.AddBytes(a, bitTable[pattern[0]]);
            b = TLanes.AddBytes(b, bitTable[pattern[1]]);
            c = TLanes.AddBytes(c, bitTable[pattern[2]]);
            d = TLanes.AddBytes(d, bitTable[pattern[3]]);
        }

        TLanes.StoreTable(a, to);
        TLanes.StoreTable(b, to + TLanes.TableBytes);
        TLanes.StoreTable(c, to + 2 * TLanes.TableBytes);
        TLanes.StoreTable(d, to + 3 * TLanes.TableBytes);
    }

    private void FindPatterns(CrossbarImage image, int lookup, int usedBitlines)
    {
        int firstWordline = lookup * WordlinesPerLookup;
        int wordlines = Math.Min(WordlinesPerLookup, image.Wordlines - firstWordline);
        for (int w = 0; w < wordlines; w++)
        {
            ReadOnlySpan<byte> codes = image.Codes.AsSpan((firstWordline + w) * image.Bitlines, usedBitlines);
            for (int b = 0; b < cellBits; b++)
            {
                Span<byte> pattern = patterns.AsSpan((lookup * cellBits + b) * patternBitlines, usedBitlines);
                Vector<byte> bit = new((byte)(1 << b)), mark = new((byte)(1 << w));
                int c = 0;
                for (; c <= codes.Length - Vector<byte>.Count; c += Vector<byte>.Count)
                {
                    Vector<byte> isSet = Vector.Equals(new Vector<byte>(codes[c..]) & bit, bit);
                    (new Vector<byte>(pattern[c..]) | (isSet & mark)).CopyTo(pattern[c..]);
                }

                for (; c < codes.Length; c++)
                    pattern[c] |= (byte)(((codes[c] >> b) & 1) << w);
            }
        }
    }

    private void FillBitTable(byte* table, int pattern, int cellBit, int digitBits)
    {
        for (int i = 0; i < sizeof(TVector); i++)
        {
            int sum = 0;
            for (int w = 0; w < WordlinesPerLookup; w++)
            {
                int digit = (i >> (w * digitBits)) & ((1 << digitBits) - 1);
                sum += (((pattern >> w) & 1) * digit) << cellBit;
            }

            // Indices that never occur (a register longer than a table, a digit wider than the activations) may overflow.
            table[i] = (byte)sum;
        }
    }
}
