using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>AVX-512 with VBMI (a table of 64 bytes looked up in one instruction) and GFNI (an 8x8 bit transpose in one instruction).</summary>
internal readonly unsafe struct VbmiLanes : IVectorLanes<Vector512<byte>>
{
    /// <summary>Affine transformation of this identity by a bit matrix is the matrix's transpose.</summary>
    private const ulong IdentityBits = 0x8040201008040201;

    /// <summary>
    /// Low bytes of 8 groups of 6 words, each group from last to first because GFNI takes a matrix's first row from the last byte.
    /// The first two places of each 8 hold what comes after the group, and are masked.
    /// </summary>
    private static readonly Vector512<byte> SpreadBySix = Vector512.Create([.. Enumerable.Range(0, 64).Select(i => (byte)(2 * (i / 8 * 6 + 7 - i % 8)))]);

    private static readonly Vector512<byte> OnesOfNibble = Vector512.Create(Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));

    public static bool IsSupported => Avx512Vbmi.IsSupported && Gfni.V512.IsSupported;
    public static int IndexBits => 6;
    public static int TableBytes => 64;

    public static Vector512<byte> Load(void* from) => Vector512.Load((byte*)from);
    public static void Store(Vector512<byte> value, void* to) => value.Store((byte*)to);
    public static Vector512<byte> LoadTable(byte* from) => Vector512.Load(from);
    public static void StoreTable(Vector512<byte> table, byte* to) => table.Store(to);
    public static Vector512<byte> Broadcast(byte value) => Vector512.Create(value);
    public static Vector512<byte> Broadcast(int value) => Vector512.Create(value).AsByte();
    public static Vector512<byte> Lookup(Vector512<byte> table, Vector512<byte> indices) => Avx512Vbmi.PermuteVar64x8(table, indices);
    public static Vector512<byte> DifferentBits(Vector512<byte> mask, Vector512<byte> a, Vector512<byte> b) => Avx512F.TernaryLogic(mask, a, b, 0x60);
    public static Vector512<byte> SumOfBits(Vector512<byte> a, Vector512<byte> b, Vector512<byte> c) => Avx512F.TernaryLogic(a, b, c, 0x96);
    public static Vector512<byte> CarryOfBits(Vector512<byte> a, Vector512<byte> b, Vector512<byte> c) => Avx512F.TernaryLogic(a, b, c, 0xe8);
    public static Vector512<byte> AddBytes(Vector512<byte> a, Vector512<byte> b) => a + b;
    public static Vector512<byte> AddBytesSaturating(Vector512<byte> a, Vector512<byte> b) => Avx512BW.AddSaturate(a, b);
    public static Vector512<byte> MinimumOfBytes(Vector512<byte> a, Vector512<byte> b) => Avx512BW.Min(a, b);

    public static int CountGreaterBytes(Vector512<byte> a, Vector512<byte> b) =>
        BitOperations.PopCount(Vector512.GreaterThan(a, b).ExtractMostSignificantBits());

    public static int CountDifferentBytes(Vector512<byte> a, Vector512<byte> b) =>
        64 - BitOperations.PopCount(Vector512.Equals(a, b).ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> CountOnes(Vector512<byte> value)
    {
        // .NET has no VPOPCNT instruction: nibble by nibble.
        Vector512<byte> nibble = Vector512.Create((byte)0x0f);
        Vector512<byte> low = Avx512BW.Shuffle(OnesOfNibble, value & nibble);
        Vector512<byte> high = Avx512BW.Shuffle(OnesOfNibble, (value.AsUInt16() >> 4).AsByte() & nibble);
        return Avx512BW.SumAbsoluteDifferences(low + high, Vector512<byte>.Zero).AsByte();
    }

    public static Vector512<byte> AddLongs(Vector512<byte> a, Vector512<byte> b) => (a.AsInt64() + b.AsInt64()).AsByte();
    public static long SumOfLongs(Vector512<byte> value) => Vector512.Sum(value.AsInt64());
    public static Vector512<byte> EvenBytes(Vector512<byte> value) => value & Vector512.Create((ushort)0x00ff).AsByte();
    public static Vector512<byte> OddBytes(Vector512<byte> value) => (value.AsUInt16() >> 8).AsByte();

    public static Vector512<byte> InterleaveLowBytes(Vector512<byte> even, Vector512<byte> odd) =>
        EvenBytes(even) | (odd.AsUInt16() << 8).AsByte();

    public static Vector512<byte> AddWords(Vector512<byte> a, Vector512<byte> b) => (a.AsUInt16() + b.AsUInt16()).AsByte();
    public static Vector512<byte> MinimumOfWords(Vector512<byte> a, Vector512<byte> b) => Vector512.Min(a.AsUInt16(), b.AsUInt16()).AsByte();
    public static Vector512<byte> ShiftWordsRight(Vector512<byte> value, int bits) => (value.AsUInt16() >> bits).AsByte();

    public static int CountGreaterWords(Vector512<byte> a, Vector512<byte> b) =>
        BitOperations.PopCount(Vector512.GreaterThan(a.AsUInt16(), b.AsUInt16()).ExtractMostSignificantBits());

    public static Vector512<byte> MultiplyAddBytes(Vector512<byte> unsigned, Vector512<byte> signed) =>
        Avx512BW.MultiplyAddAdjacent(unsigned, signed.AsSByte()).AsByte();

    public static Vector512<byte> MultiplyAddWords(Vector512<byte> a, Vector512<byte> b) =>
        Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()).AsByte();

    public static Vector512<byte> AddIntegers(Vector512<byte> a, Vector512<byte> b) => (a.AsInt32() + b.AsInt32()).AsByte();
    public static Vector512<byte> ShiftIntegersLeft(Vector512<byte> value, int bits) => (value.AsInt32() << bits).AsByte();

    public static Vector512<byte> ShiftIntegersLeft(Vector512<byte> value, Vector512<byte> bits) =>
        Avx512F.ShiftLeftLogicalVariable(value.AsInt32(), bits.AsUInt32()).AsByte();

    public static Vector512<byte> AddNeighbours(Vector512<byte> a, Vector512<byte> b)
    {
        Vector512<ulong> low = Vector512.Create(0x0000_0000_ffff_fffful);
        Vector512<ulong> first = Vector512.ConditionalSelect(low, a.AsUInt64(), b.AsUInt64() << 32);
        Vector512<ulong> second = Vector512.ConditionalSelect(low, a.AsUInt64() >> 32, b.AsUInt64());
        return (first.AsInt32() + second.AsInt32()).AsByte();
    }

    [SkipLocalsInit]
    public static void Transpose(int* from, nint stride, int* to, nint toStride)
    {
        // First 4x4 integers within every 128 bits, then the 128-bit quarters of four such registers. Column by column of the
        // quarters, because not all sixteen registers between the two fit the processor's.
        Vector512<int>* quads = stackalloc Vector512<int>[16];
        for (int q = 0; q < 4; q++, from += 4 * stride)
        {
            Vector512<int> a = Vector512.Load(from), b = Vector512.Load(from + stride), c = Vector512.Load(from + 2 * stride), d = Vector512.Load(from + 3 * stride);
            Vector512<long> abLow = Avx512F.UnpackLow(a, b).AsInt64(), abHigh = Avx512F.UnpackHigh(a, b).AsInt64();
            Vector512<long> cdLow = Avx512F.UnpackLow(c, d).AsInt64(), cdHigh = Avx512F.UnpackHigh(c, d).AsInt64();
            quads[q] = Avx512F.UnpackLow(abLow, cdLow).AsInt32();
            quads[4 + q] = Avx512F.UnpackHigh(abLow, cdLow).AsInt32();
            quads[8 + q] = Avx512F.UnpackLow(abHigh, cdHigh).AsInt32();
            quads[12 + q] = Avx512F.UnpackHigh(abHigh, cdHigh).AsInt32();
        }

        for (int i = 0; i < 4; i++, to += toStride)
            TransposeQuarters(quads[4 * i].AsByte(), quads[4 * i + 1].AsByte(), quads[4 * i + 2].AsByte(), quads[4 * i + 3].AsByte(), (byte*)to, 16 * toStride);
    }

    public static void TransposeLongs(Vector512<byte>* from, Vector512<byte>* to)
    {
        Vector512<long>* rows = (Vector512<long>*)from;
        TransposeQuarters(
            Avx512F.UnpackLow(rows[0], rows[1]).AsByte(), Avx512F.UnpackLow(rows[2], rows[3]).AsByte(),
            Avx512F.UnpackLow(rows[4], rows[5]).AsByte(), Avx512F.UnpackLow(rows[6], rows[7]).AsByte(), (byte*)to, 128);
        TransposeQuarters(
            Avx512F.UnpackHigh(rows[0], rows[1]).AsByte(), Avx512F.UnpackHigh(rows[2], rows[3]).AsByte(),
            Avx512F.UnpackHigh(rows[4], rows[5]).AsByte(), Avx512F.UnpackHigh(rows[6], rows[7]).AsByte(), (byte*)(to + 1), 128);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddShifted(int* row, int shift, int* factors, int multiplier, int* y) =>
        (Vector512.Load(y) + (Vector512.Load(row) << shift) + Vector512.Load(factors) * multiplier).Store(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddShifted(int* row, int shift, int* factors, long multiplier, long* y)
    {
        for (int i = 0; i < 16; i += 8)
        {
            Vector512<long> sum = (Avx512F.ConvertToVector512Int64(Vector256.Load(row + i)) << shift) + Avx512F.ConvertToVector512Int64(Vector256.Load(factors + i)) * multiplier;
            (Vector512.Load(y + i) + sum).Store(y + i);
        }
    }

    public static void AddWidened(int* row, long* y)
    {
        for (int i = 0; i < 16; i += 8)
            (Vector512.Load(y + i) + Avx512F.ConvertToVector512Int64(Vector256.Load(row + i))).Store(y + i);
    }

    public static void SplitIntoIndices(ushort* activations, int firstBit, int lookups, ulong* indices)
    {
        // Reads 64 activations for every 48 that it uses; the block's memory allows that.
        Vector512<ulong> mask = Vector512.Create(0xffff_ffff_ffff_0000ul);
        Vector512<byte> spread = SpreadBySix + Vector512.Create((byte)(firstBit / 8));
        Vector512<byte> identity = Vector512.Create(IdentityBits).AsByte();
        for (int i = 0; i < lookups; i += 8, activations += 48, indices += 8)
        {
            Vector512<byte> bytes = Avx512Vbmi.PermuteVar64x8x2(Vector512.Load((byte*)activations), spread, Vector512.Load((byte*)activations + 64));
            Gfni.V512.GaloisFieldAffineTransform(identity, (bytes.AsUInt64() & mask).AsByte(), 0).AsUInt64().Store(indices);
        }
    }

    /// <summary>Quarter q of each of four registers, one after the other, goes to <paramref name="to"/> + q * stride.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeQuarters(Vector512<byte> a, Vector512<byte> b, Vector512<byte> c, Vector512<byte> d, byte* to, nint stride)
    {
        Vector512<int> abLow = Avx512F.Shuffle4x128(a.AsInt32(), b.AsInt32(), 0b01_00_01_00), abHigh = Avx512F.Shuffle4x128(a.AsInt32(), b.AsInt32(), 0b11_10_11_10);
        Vector512<int> cdLow = Avx512F.Shuffle4x128(c.AsInt32(), d.AsInt32(), 0b01_00_01_00), cdHigh = Avx512F.Shuffle4x128(c.AsInt32(), d.AsInt32(), 0b11_10_11_10);
        Avx512F.Shuffle4x128(abLow, cdLow, 0b10_00_10_00).AsByte().Store(to);
        Avx512F.Shuffle4x128(abLow, cdLow, 0b11_01_11_01).AsByte().Store(to + stride);
        Avx512F.Shuffle4x128(abHigh, cdHigh, 0b10_00_10_00).AsByte().Store(to + 2 * stride);
        Avx512F.Shuffle4x128(abHigh, cdHigh, 0b11_01_11_01).AsByte().Store(to + 3 * stride);
    }
}
