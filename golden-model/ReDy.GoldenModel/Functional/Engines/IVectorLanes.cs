namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// One instruction set as the vector kernels use it: a register is a row of unsigned bytes, or of little-endian words or 32-bit
/// integers in the same place. Only what differs between instruction sets is here; kernels take it as a struct type
/// parameter, so that every call becomes one instruction.
/// </summary>
/// <typeparam name="TVector">The register.</typeparam>
internal unsafe interface IVectorLanes<TVector>
    where TVector : unmanaged
{
    static abstract bool IsSupported { get; }

    /// <summary>Bits of the index into a lookup table: 6 or 4.</summary>
    static abstract int IndexBits { get; }

    /// <summary>Bytes from one lookup table to the next: one per index.</summary>
    static abstract int TableBytes { get; }

    static abstract TVector Load(void* from);
    static abstract void Store(TVector value, void* to);
    static abstract TVector LoadTable(byte* from);

    /// <summary>The low part of a register that is the same for every 16 bytes, as a table of <see cref="TableBytes"/>.</summary>
    static abstract void StoreTable(TVector table, byte* to);
    static abstract TVector Broadcast(byte value);
    static abstract TVector Broadcast(int value);

    /// <summary>table[index] in every byte; indices are below 2^IndexBits.</summary>
    static abstract TVector Lookup(TVector table, TVector indices);

    /// <summary>Bits in which a and b differ, as far as they are in the mask.</summary>
    static abstract TVector DifferentBits(TVector mask, TVector a, TVector b);

    /// <summary>Of three bits in every place, the sum's low bit.</summary>
    static abstract TVector SumOfBits(TVector a, TVector b, TVector c);

    /// <summary>Of three bits in every place, the sum's high bit.</summary>
    static abstract TVector CarryOfBits(TVector a, TVector b, TVector c);
    static abstract TVector AddBytes(TVector a, TVector b);
    static abstract TVector AddBytesSaturating(TVector a, TVector b);
    static abstract TVector MinimumOfBytes(TVector a, TVector b);

    /// <summary>Bytes in which a is greater than b.</summary>
    static abstract int CountGreaterBytes(TVector a, TVector b);

    /// <summary>Bytes in which a and b differ.</summary>
    static abstract int CountDifferentBytes(TVector a, TVector b);

    /// <summary>Ones in each 64 bits, as 64-bit integers.</summary>
    static abstract TVector CountOnes(TVector value);
    static abstract TVector AddLongs(TVector a, TVector b);
    static abstract long SumOfLongs(TVector value);

    /// <summary>Even bytes as words: place 0, 2, 4, …</summary>
    static abstract TVector EvenBytes(TVector value);

    /// <summary>Odd bytes as words: place 1, 3, 5, …</summary>
    static abstract TVector OddBytes(TVector value);

    /// <summary>The low bytes of <paramref name="even"/>'s words at even places, those of <paramref name="odd"/>'s at odd ones.</summary>
    static abstract TVector InterleaveLowBytes(TVector even, TVector odd);
    static abstract TVector AddWords(TVector a, TVector b);
    static abstract TVector MinimumOfWords(TVector a, TVector b);
    static abstract TVector ShiftWordsRight(TVector value, int bits);

    /// <summary>Words in which a is greater than b, both unsigned.</summary>
    static abstract int CountGreaterWords(TVector a, TVector b);

    /// <summary>Unsigned bytes times signed bytes, neighbours added into words; must not exceed 32767.</summary>
    static abstract TVector MultiplyAddBytes(TVector unsigned, TVector signed);

    /// <summary>Signed words times signed words, neighbours added into 32-bit integers.</summary>
    static abstract TVector MultiplyAddWords(TVector a, TVector b);
    static abstract TVector AddIntegers(TVector a, TVector b);
    static abstract TVector ShiftIntegersLeft(TVector value, int bits);

    /// <summary>Each integer by a count of its own.</summary>
    static abstract TVector ShiftIntegersLeft(TVector value, TVector bits);

    /// <summary>Integers 2i and 2i + 1 added: a's sums at even places, b's at odd ones.</summary>
    static abstract TVector AddNeighbours(TVector a, TVector b);

    /// <summary>
    /// Turns as many rows of 32-bit integers as a register has integers into columns: to[i * toStride + j] = from[j * stride + i].
    /// Rows of <paramref name="to"/> begin at multiples of a register.
    /// </summary>
    static abstract void Transpose(int* from, nint stride, int* to, nint toStride);

    /// <summary>As many rows of 64-bit integers as a register has of these, one register after the other, turned into columns.</summary>
    static abstract void TransposeLongs(TVector* from, TVector* to);

    /// <summary>y[i] += (row[i] &lt;&lt; shift) + factors[i] * multiplier for a register's integers.</summary>
    static abstract void AddShifted(int* row, int shift, int* factors, int multiplier, int* y);

    /// <summary>The same in 64 bits.</summary>
    static abstract void AddShifted(int* row, int shift, int* factors, long multiplier, long* y);

    /// <summary>y[i] += row[i] for a register's integers.</summary>
    static abstract void AddWidened(int* row, long* y);

    /// <summary>
    /// Lookup indices with one bit per wordline: byte t of indices[i] holds bit firstBit + t of activations i * IndexBits and
    /// following. Writes and reads up to the next multiple of 8 lookups.
    /// </summary>
    static abstract void SplitIntoIndices(ushort* activations, int firstBit, int lookups, ulong* indices);
}
