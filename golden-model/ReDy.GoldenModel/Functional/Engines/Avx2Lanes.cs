using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>AVX2: a table of 16 bytes is looked up in both halves of a register at once.</summary>
internal readonly unsafe struct Avx2Lanes : IVectorLanes<Vector256<byte>>
{
    private static readonly Vector256<byte> OnesOfNibble = Vector256.Create(Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));

    public static bool IsSupported => Avx2.IsSupported;
    public static int IndexBits => 4;
    public static int TableBytes => 16;

    public static Vector256<byte> Load(void* from) => Vector256.Load((byte*)from);
    public static void Store(Vector256<byte> value, void* to) => value.Store((byte*)to);
    public static Vector256<byte> LoadTable(byte* from) => Avx2.BroadcastVector128ToVector256(from);
    public static void StoreTable(Vector256<byte> table, byte* to) => table.GetLower().Store(to);
    public static Vector256<byte> Broadcast(byte value) => Vector256.Create(value);
    public static Vector256<byte> Broadcast(int value) => Vector256.Create(value).AsByte();
    public static Vector256<byte> Lookup(Vector256<byte> table, Vector256<byte> indices) => Avx2.Shuffle(table, indices);
    public static Vector256<byte> DifferentBits(Vector256<byte> mask, Vector256<byte> a, Vector256<byte> b) => mask & (a ^ b);
    public static Vector256<byte> SumOfBits(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => a ^ b ^ c;
    public static Vector256<byte> CarryOfBits(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => (a & b) | ((a ^ b) & c);
    public static Vector256<byte> AddBytes(Vector256<byte> a, Vector256<byte> b) => a + b;
    public static Vector256<byte> AddBytesSaturating(Vector256<byte> a, Vector256<byte> b) => Avx2.AddSaturate(a, b);
    public static Vector256<byte> MinimumOfBytes(Vector256<byte> a, Vector256<byte> b) => Avx2.Min(a, b);

    public static int CountGreaterBytes(Vector256<byte> a, Vector256<byte> b) => CountDifferentBytes(Avx2.Max(a, b), b);

    public static int CountDifferentBytes(Vector256<byte> a, Vector256<byte> b) =>
        32 - BitOperations.PopCount((uint)Avx2.MoveMask(Avx2.CompareEqual(a, b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> CountOnes(Vector256<byte> value)
    {
        Vector256<byte> nibble = Vector256.Create((byte)0x0f);
        Vector256<byte> low = Avx2.Shuffle(OnesOfNibble, value & nibble);
        Vector256<byte> high = Avx2.Shuffle(OnesOfNibble, (value.AsUInt16() >> 4).AsByte() & nibble);
        return Avx2.SumAbsoluteDifferences(low + high, Vector256<byte>.Zero).AsByte();
    }

    public static Vector256<byte> AddLongs(Vector256<byte> a, Vector256<byte> b) => (a.AsInt64() + b.AsInt64()).AsByte();
    public static long SumOfLongs(Vector256<byte> value) => Vector256.Sum(value.AsInt64());
    public static Vector256<byte> EvenBytes(Vector256<byte> value) => value & Vector256.Create((ushort)0x00ff).AsByte();
    public static Vector256<byte> OddBytes(Vector256<byte> value) => (value.AsUInt16() >> 8).AsByte();

    public static Vector256<byte> InterleaveLowBytes(Vector256<byte> even, Vector256<byte> odd) =>
        EvenBytes(even) | (odd.AsUInt16() << 8).AsByte();

    public static Vector256<byte> AddWords(Vector256<byte> a, Vector256<byte> b) => (a.AsUInt16() + b.AsUInt16()).AsByte();
    public static Vector256<byte> MinimumOfWords(Vector256<byte> a, Vector256<byte> b) => Vector256.Min(a.AsUInt16(), b.AsUInt16()).AsByte();
    public static Vector256<byte> ShiftWordsRight(Vector256<byte> value, int bits) => (value.AsUInt16() >> bits).AsByte();

    public static int CountGreaterWords(Vector256<byte> a, Vector256<byte> b) =>
        BitOperations.PopCount(Vector256.GreaterThan(a.AsUInt16(), b.AsUInt16()).ExtractMostSignificantBits());

    public static Vector256<byte> MultiplyAddBytes(Vector256<byte> unsigned, Vector256<byte> signed) =>
        Avx2.MultiplyAddAdjacent(unsigned, signed.AsSByte()).AsByte();

    public static Vector256<byte> MultiplyAddWords(Vector256<byte> a, Vector256<byte> b) =>
        Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()).AsByte();

    public static Vector256<byte> AddIntegers(Vector256<byte> a, Vector256<byte> b) => (a.AsInt32() + b.AsInt32()).AsByte();
    public static Vector256<byte> ShiftIntegersLeft(Vector256<byte> value, int bits) => (value.AsInt32() << bits).AsByte();

    public static Vector256<byte> ShiftIntegersLeft(Vector256<byte> value, Vector256<byte> bits) =>
        Avx2.ShiftLeftLogicalVariable(value.AsInt32(), bits.AsUInt32()).AsByte();

    public static Vector256<byte> AddNeighbours(Vector256<byte> a, Vector256<byte> b)
    {
        Vector256<int> first = Avx2.Blend(a.AsInt32(), (b.AsUInt64() << 32).AsInt32(), 0b10101010);
        Vector256<int> second = Avx2.Blend((a.AsUInt64() >> 32).AsInt32(), b.AsInt32(), 0b10101010);
        return (first + second).AsByte();
    }

    [SkipLocalsInit]
    public static void Transpose(int* from, nint stride, int* to, nint toStride)
    {
        // First 4x4 integers within each half, then the halves.
        Vector256<int>* quads = stackalloc Vector256<int>[8];
        for (int q = 0; q < 2; q++, from += 4 * stride)
        {
            Vector256<int> a = Vector256.Load(from), b = Vector256.Load(from + stride), c = Vector256.Load(from + 2 * stride), d = Vector256.Load(from + 3 * stride);
            Vector256<long> abLow = Avx2.UnpackLow(a, b).AsInt64(), abHigh = Avx2.UnpackHigh(a, b).AsInt64();
            Vector256<long> cdLow = Avx2.UnpackLow(c, d).AsInt64(), cdHigh = Avx2.UnpackHigh(c, d).AsInt64();
            quads[q] = Avx2.UnpackLow(abLow, cdLow).AsInt32();
            quads[2 + q] = Avx2.UnpackHigh(abLow, cdLow).AsInt32();
            quads[4 + q] = Avx2.UnpackLow(abHigh, cdHigh).AsInt32();
            quads[6 + q] = Avx2.UnpackHigh(abHigh, cdHigh).AsInt32();
        }

        for (int i = 0; i < 4; i++, to += toStride)
            TransposeHalves(quads[2 * i].AsByte(), quads[2 * i + 1].AsByte(), (byte*)to, 16 * toStride);
    }

    public static void TransposeLongs(Vector256<byte>* from, Vector256<byte>* to)
    {
        Vector256<long>* rows = (Vector256<long>*)from;
        TransposeHalves(Avx2.UnpackLow(rows[0], rows[1]).AsByte(), Avx2.UnpackLow(rows[2], rows[3]).AsByte(), (byte*)to, 64);
        TransposeHalves(Avx2.UnpackHigh(rows[0], rows[1]).AsByte(), Avx2.UnpackHigh(rows[2], rows[3]).AsByte(), (byte*)(to + 1), 64);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddShifted(int* row, int shift, int* factors, int multiplier, int* y) =>
        (Vector256.Load(y) + (Vector256.Load(row) << shift) + Vector256.Load(factors) * multiplier).Store(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddShifted(int* row, int shift, int* factors, long multiplier, long* y)
    {
        for (int i = 0; i < 8; i += 4)
        {
            Vector256<long> sum = (Avx2.ConvertToVector256Int64(Vector128.Load(row + i)) << shift) + Avx2.ConvertToVector256Int64(Vector128.Load(factors + i)) * multiplier;
            (Vector256.Load(y + i) + sum).Store(y + i);
        }
    }

    public static void AddWidened(int* row, long* y)
    {
        for (int i = 0; i < 8; i += 4)
            (Vector256.Load(y + i) + Avx2.ConvertToVector256Int64(Vector128.Load(row + i))).Store(y + i);
    }

    public static void SplitIntoIndices(ushort* activations, int firstBit, int lookups, ulong* indices)
    {
        const ulong LowNibbles = 0x0f0f_0f0f_0f0f_0f0f;
        for (int i = 0; i < lookups; i += 2, activations += 8, indices += 2)
        {
            Vector128<ushort> bytes = (Vector128.Load(activations) >> firstBit) & Vector128.Create((ushort)0x00ff);
            ulong transposed = BitMatrix.Transpose(Vector128.Narrow(bytes, bytes).AsUInt64().ToScalar());
            indices[0] = transposed & LowNibbles;
            indices[1] = (transposed >> 4) & LowNibbles;
        }
    }

    /// <summary>The lower halves of two registers go to <paramref name="to"/>, the upper ones to <paramref name="to"/> + stride.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeHalves(Vector256<byte> a, Vector256<byte> b, byte* to, nint stride)
    {
        Avx2.Permute2x128(a, b, 0x20).Store(to);
        Avx2.Permute2x128(a, b, 0x31).Store(to + stride);
    }
}
