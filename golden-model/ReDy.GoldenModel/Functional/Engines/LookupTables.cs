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
        byte* to = tables.Pointer;
        fixed (byte* patterns = this.patterns, codes = image.Codes)
        {
            for (int i = 0; i < lookups; i++)
            {
                int wordline = i * WordlinesPerLookup;
                FindPatterns(codes + wordline * image.Bitlines, image.Bitlines, Math.Min(WordlinesPerLookup, image.Wordlines - wordline), usedBitlines, patterns + i * cellBits * patternBitlines);
            }

            for (int first = 0; first < usedBitlines; first += BitlinesPerQuad)
            {
                byte* pattern = patterns + first;
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

    /// <param name="codes">Of the lookup's first wordline.</param>
    /// <param name="stride">Bitlines from one wordline to the next.</param>
    private void FindPatterns(byte* codes, int stride, int wordlines, int usedBitlines, byte* pattern)
    {
        // Bitlines beyond the used ones, up to a whole quad, have no cells.
        int c = 0;
        for (; c <= usedBitlines - Vector<byte>.Count; c += Vector<byte>.Count)
        {
            for (int b = 0; b < cellBits; b++)
            {
                Vector<byte> found = Vector<byte>.Zero, bit = new((byte)(1 << b));
                for (int w = 0; w < wordlines; w++)
                    found |= Vector.Equals(Vector.Load(codes + w * stride + c) & bit, bit) & new Vector<byte>((byte)(1 << w));
                found.Store(pattern + b * patternBitlines + c);
            }
        }

        for (; c < patternBitlines; c++)
        {
            for (int b = 0; b < cellBits; b++)
            {
                int found = 0;
                for (int w = 0; c < usedBitlines && w < wordlines; w++)
                    found |= ((codes[w * stride + c] >> b) & 1) << w;
                pattern[b * patternBitlines + c] = (byte)found;
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
